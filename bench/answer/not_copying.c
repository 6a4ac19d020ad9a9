// SPDX-License-Identifier: GPL-2.0-only
/* When not copying pays, in words. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/units.h"
#include "answer.h"
#include "even.h"

void answer_sizes(FILE *to, double first, double last)
{
	char a[UNIT_TEXT], b[UNIT_TEXT];

	if (first == last)
		fprintf(to, "%s", unit_bytes(first, a));
	else
		fprintf(to, "%s to %s", unit_bytes(first, a), unit_bytes(last, b));
}

static bool pick_snapshot(const struct shown *c)
{
	return c->snapshot && c->share >= 0;
}

/* What all sizes say together. */
struct paying {
	size_t measured, n;	  /* sizes, and those that it pays at */
	double from, until;	  /* of all measured */
	double first, last;	  /* of those that it pays at */
	const struct even *least; /* of these the one with the lowest share, and with the highest */
	const struct even *most;
	bool to_the_end;     /* once it pays it does at all that follow */
	bool always, unsure; /* at each of them and each share tried; one of them isn't certain */
	double least_tried;  /* of sizes at which it never pays: the least share that all tried */
	bool never_unsure;
	double most_tried; /* if always: the largest share that all of them tried */
};

/* A share that was the most that was tried is at least that. */
static bool is_higher(const struct even *a, const struct even *b)
{
	return a->share > b->share || (a->share == b->share && a->always && !b->always);
}

static void take(struct paying *p, const struct even *e)
{
	if (!e->measured)
		return;
	if (!p->measured++)
		p->from = e->size;
	p->until = e->size;
	if (e->never) {
		if (e->share > p->least_tried)
			p->least_tried = e->share;
		p->never_unsure |= !e->certain;
		p->to_the_end &= !p->n;
		return;
	}
	if (!p->n++) {
		p->first = e->size;
		p->most_tried = e->share;
	}
	p->last = e->size;
	p->always &= e->always;
	p->unsure |= !e->certain;
	if (e->always && e->share < p->most_tried)
		p->most_tried = e->share;
	if (!p->least || is_higher(p->least, e))
		p->least = e;
	if (!p->most || is_higher(e, p->most))
		p->most = e;
}

/* Those that are the cheapest at some of the sizes that it pays at. */
static void put_paths(FILE *to, const struct even *e, size_t n)
{
	const char *said[8];
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		if (!e[i].measured || e[i].never)
			continue;
		while (j < k && strcmp(said[j], e[i].path))
			j++;
		if (j < k || k == sizeof(said) / sizeof(said[0]))
			continue;
		fprintf(to, "%s%s", k ? " or " : "", e[i].path);
		said[k++] = e[i].path;
	}
}

/* "5.4 % (16M)"; where it paid at each share, the largest. */
static void put_share(FILE *to, const struct even *e)
{
	char a[UNIT_TEXT];

	fprintf(to, "%.10g %% (%s%s)", unit_round(e->share, 2), unit_bytes(e->size, a),
		e->always ? ", the most that was tried" : "");
}

/* Up to which share it pays at all these sizes. */
static void put_shares(FILE *to, const struct paying *p)
{
	if (p->always) {
		fprintf(to, "at each share of pages written that was tried (up to %.10g %%%s)",
			p->most_tried, p->most->share > p->most_tried ? " at least" : "");
		return;
	}
	fputs("while less than ", to);
	if (p->least->share == p->most->share && p->least->always == p->most->always) {
		fprintf(to, "%.10g %%", unit_round(p->least->share, 2));
	} else {
		put_share(to, p->least);
		fputs(" to ", to);
		put_share(to, p->most);
	}
	fputs(" of the pages are written", to);
}

static void put_paying(FILE *to, const struct paying *p, const struct even *e, size_t n)
{
	bool all = p->n == p->measured;
	char a[UNIT_TEXT];

	fputs("Not copying (", to);
	put_paths(to, e, n);
	fprintf(to, ") pays%s", all && p->always ? "" : " only");
	if (!all && p->to_the_end) {
		fprintf(to, " from %s on%s", unit_bytes(p->first, a), p->always ? ", " : " and ");
	} else if (!all) {
		fputs(" at sizes of ", to);
		answer_sizes(to, p->first, p->last);
		fprintf(to, ", not at all of them, %s", p->always ? "" : "and ");
	} else if (p->always) {
		fputs(" at each size that was measured (", to);
		answer_sizes(to, p->from, p->until);
		fputs(") and ", to);
	} else {
		fputc(' ', to);
	}
	put_shares(to, p);
	fputs(p->unsure ? ", which isn't certain." : ".", to);
}

int answer_not_copying(FILE *to, const struct shown_list *list)
{
	struct paying p = { .to_the_end = true, .always = true };
	double *sizes;
	size_t n = shown_sizes(list, pick_snapshot, &sizes);
	struct even *e = sizes ? calloc(n + 1, sizeof(*e)) : NULL;

	for (size_t i = 0; i < n && e; i++) {
		even_at(list, sizes[i], &e[i]);
		take(&p, &e[i]);
	}
	if (e && p.measured && !p.n) {
		fprintf(to, "Not copying never pays: not even with %.10g %% of the pages written (",
			p.least_tried);
		answer_sizes(to, p.from, p.until);
		fprintf(to, ")%s.", p.never_unsure ? ", which isn't certain" : "");
	} else if (e && p.n) {
		put_paying(to, &p, e, n);
	}
	free(sizes);
	free(e);
	return e ? 0 : -ENOMEM;
}
