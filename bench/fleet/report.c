// SPDX-License-Identifier: GPL-2.0-only
/* Kinds, and who stands out of each, the worst first: for a terminal, or as Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/report.h"
#include "text/escape.h"
#include "report.h"

/* Of a machine that is odd in many cases, and of long lists: as many as tell what it is about. */
#define MOST_CASES 8
#define MOST_LINES 12

struct out {
	const struct fleet *f;
	FILE *to;
	bool markdown;
};

static void put(const struct out *o, const char *text)
{
	if (o->markdown)
		put_code(o->to, text);
	else
		put_plain(o->to, text);
}

static const char *text(const json_t *json, const char *key)
{
	const char *is = json_string_value(json_object_get(json, key));

	return is ? is : "?";
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- a kind ---- */

static void heading(const struct out *o, size_t number)
{
	const struct fleet_kind *kind = &o->f->kinds[number];
	char *what = kind_describe(kind);

	fprintf(o->to,
		o->markdown ? "\n### Kind %zu: %zu machine%s\n\n" : "\nKind %zu, %zu machine%s: ",
		number + 1, kind->n, plural(kind->n));
	put(o, what ? what : "?");
	fputs(o->markdown ? "\n\n" : "\n", o->to);
	free(what);
}

/* Why nothing is said of this kind, or how it is. */
static void summary(const struct out *o, const struct fleet_kind *kind)
{
	const struct group *g = &kind->group;
	const char *begin = o->markdown ? "- " : "  ";
	char a[CELL], b[CELL];

	if (!kind->judged && kind->n < STAND_OUT_MACHINES) {
		fprintf(o->to, "%snot judged: it takes %d machines to say what a kind is like\n",
			begin, STAND_OUT_MACHINES);
		return;
	}
	if (!kind->judged) {
		fprintf(o->to,
			"%snot judged: no case has times that mean something, and %d launches, on "
			"%d machines\n",
			begin, STAND_OUT_LAUNCHES, STAND_OUT_MACHINES);
		return;
	}
	fprintf(o->to, "%s%zu case%s judged; a machine stands out as a whole beyond %s and %s",
		begin, g->judged, plural(g->judged), cell_percent(expm1(-g->faster_limit), a),
		cell_percent(expm1(g->slower_limit), b));
	if (isinf(g->score_limit))
		fputs(", single cases aren't looked at\n", o->to);
	else
		fprintf(o->to, ", by a single case beyond %.1f times its spread\n", g->score_limit);
}

/* ---- a machine ---- */

static void name_of(const struct out *o, const struct fleet_machine *m)
{
	put(o, m->name);
	fputs(" (", o->to);
	put(o, m->file);
	fputc(')', o->to);
}

static void list(const struct out *o, const json_t *list, const char *what, const char *first,
		 const char *second)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (i == MOST_LINES) {
			fprintf(o->to, "%sand %zu more\n", o->markdown ? "  - " : "      ",
				json_array_size(list) - i);
			break;
		}
		fprintf(o->to, "%s%s ", o->markdown ? "  - " : "      ", what);
		put(o, text(one, first));
		fputs(": ", o->to);
		put(o, text(one, second));
		if (json_object_get(one, "most")) {
			fputs(", most have ", o->to);
			put(o, text(one, "most"));
		}
		fputc('\n', o->to);
	}
}

static void one_case(const struct out *o, const struct fleet_machine *m, size_t c, bool whole)
{
	const struct fleet_kind *kind = &o->f->kinds[m->kind];
	const struct group *g = &kind->group;
	const struct case_spread *s = &g->spread[c];
	double value = g->value[m->at * g->cases + c];
	char a[CELL], b[CELL], d[CELL], e[CELL], h[CELL];

	fprintf(o->to, "%s%s %s, its kind %s (%s to %s)", o->markdown ? "  - " : "      ",
		cell_percent(expm1(value - s->median), a), cell_time(exp(value), b),
		cell_time(exp(s->median), d), cell_time(exp(s->q25), e), cell_time(exp(s->q75), h));
	/* A score is about what is beyond the machine as a whole. */
	if (!whole)
		fprintf(o->to, ", %.1f times its spread", fabs(g->score[m->at * g->cases + c]));
	fputs(": ", o->to);
	put(o, text(json_array_get(kind->cases, c), "id"));
	fputc('\n', o->to);
}

/* Its cases that stand out; of a machine that does as a whole, those that are farthest off. */
static void cases_of(const struct out *o, const struct fleet_machine *m)
{
	const struct group *g = &o->f->kinds[m->kind].group;
	size_t worst[MOST_CASES], n = 0, all = 0;
	bool whole = g->standing[m->at].whole_stands != STANDS_WITH_THE_REST;
	double change[MOST_CASES];

	for (size_t c = 0; c < g->cases; c++) {
		double off = g->value[m->at * g->cases + c] - g->spread[c].median;
		size_t at;

		if (isnan(g->score[m->at * g->cases + c]) ||
		    (group_case(g, m->at, c) == STANDS_WITH_THE_REST && !whole))
			continue;
		all++;
		if (machine_stands(o->f, m) == STANDS_FASTER)
			off = -off;
		for (at = n < MOST_CASES ? n++ : MOST_CASES; at > 0 && change[at - 1] < off; at--)
			if (at < MOST_CASES) {
				change[at] = change[at - 1];
				worst[at] = worst[at - 1];
			}
		if (at < MOST_CASES) {
			change[at] = off;
			worst[at] = c;
		}
	}
	for (size_t i = 0; i < n; i++)
		one_case(o, m, worst[i], whole);
	if (all > n)
		fprintf(o->to, "%sand %zu more cases%s\n", o->markdown ? "  - " : "      ", all - n,
			whole ? "" : " that stand out");
}

static void machine(const struct out *o, const struct fleet_machine *m)
{
	const struct machine_standing *s = machine_standing(o->f, m);
	enum standing stands = machine_stands(o->f, m);
	const struct group *g = &o->f->kinds[m->kind].group;
	char cell[CELL];

	if (stands == STANDS_WITH_THE_REST && !json_array_size(m->lacks))
		return;
	fprintf(o->to, "%s%s: ", o->markdown ? "- " : "  ",
		stands == STANDS_SLOWER	  ? json_array_size(m->failed) ? "FAILED" : "SLOWER"
		: stands == STANDS_FASTER ? "faster"
					  : "incomplete");
	name_of(o, m);
	if (s && s->whole_stands != STANDS_WITH_THE_REST)
		fprintf(o->to, ", %s as a whole", cell_percent(expm1(s->whole - g->whole), cell));
	fputc('\n', o->to);
	list(o, m->failed, "failed", "id", "reason");
	if (s && stands != STANDS_WITH_THE_REST)
		cases_of(o, m);
	if (stands != STANDS_WITH_THE_REST)
		list(o, m->differences, "differs:", "name", "is");
	list(o, m->lacks, "lacks", "id", "reason");
}

/* ---- the distribution of each case ---- */

static void distribution(const struct out *o, const struct fleet_kind *kind)
{
	const json_t *c;
	size_t i;

	fputs(o->markdown ? "\n| median | middle half | all | spread | machines | case |\n"
			    "| --- | --- | --- | --- | --- | --- |\n"
			  : "    median, middle half, all, spread, machines, case\n",
	      o->to);
	json_array_foreach(kind->cases, i, c) {
		const struct case_spread *s = &kind->group.spread[i];
		char a[CELL], b[CELL], d[CELL], e[CELL], h[CELL];

		if (!s->n)
			continue;
		fprintf(o->to,
			o->markdown ? "| %s | %s to %s | %s to %s | %.2g %% | %zu | "
				    : "    %s  %s to %s  %s to %s  %.2g %%  %zu  ",
			cell_time(exp(s->median), a), cell_time(exp(s->q25), b),
			cell_time(exp(s->q75), d), cell_time(exp(s->low), e),
			cell_time(exp(s->high), h), 100 * s->scale, s->n);
		put(o, text(c, "id"));
		fputs(o->markdown ? " |\n" : "\n", o->to);
	}
}

static void kind(const struct out *o, size_t number, bool cases)
{
	const struct fleet_kind *k = &o->f->kinds[number];

	heading(o, number);
	summary(o, k);
	if (!k->judged) {
		size_t shown = 0;

		for (size_t i = 0; i < k->norder && shown++ < MOST_LINES; i++) {
			fputs(o->markdown ? "- " : "    ", o->to);
			name_of(o, &o->f->machines[k->order[i]]);
			fputc('\n', o->to);
		}
		if (k->norder > MOST_LINES)
			fprintf(o->to, "%sand %zu more\n", o->markdown ? "- " : "    ",
				k->norder - MOST_LINES);
	}
	for (size_t i = 0; i < k->norder; i++)
		if (k->judged || json_array_size(o->f->machines[k->order[i]].failed))
			machine(o, &o->f->machines[k->order[i]]);
	if (cases)
		distribution(o, k);
}

/* ---- all ---- */

static void others(const struct out *o, const json_t *list, const char *what)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry) {
		fprintf(o->to, "%s%s: ", o->markdown ? "- " : "", what);
		put(o, text(entry, "name"));
		fputs(" (", o->to);
		put(o, text(entry, "file"));
		fputs("): ", o->to);
		put(o, text(entry, "reason"));
		fputc('\n', o->to);
	}
}

static void report(const struct fleet *f, FILE *to, bool markdown, bool cases)
{
	const struct out o = { f, to, markdown };
	char cell[CELL];

	fputs(markdown ? "## dmabench fleet\n\n" : "", to);
	fprintf(to,
		"%zu machine%s of %zu kind%s: %zu slower, %zu faster, %zu not judged or not "
		"wholly.\n",
		f->n + json_array_size(f->left_out) + json_array_size(f->silent),
		plural(f->n + json_array_size(f->left_out) + json_array_size(f->silent)), f->nkinds,
		plural(f->nkinds), f->slower, f->faster, f->unjudged);
	fprintf(to,
		"%s of each launch, median over launches; %s or more, and in a kind of machines "
		"that "
		"are alike\nany is called slower with a chance of %g %% at most.\n",
		location_names[f->location], cell_percent(f->threshold, cell),
		100 * STAND_OUT_ALPHA);
	for (size_t i = 0; i < f->nkinds; i++)
		kind(&o, i, cases);
	if (json_array_size(f->silent) + json_array_size(f->left_out))
		fputc('\n', to);
	others(&o, f->silent, "no answer");
	others(&o, f->left_out, "left out");
}

void fleet_text(const struct fleet *f, FILE *to)
{
	report(f, to, false, f->cases);
}

void fleet_markdown(const struct fleet *f, FILE *to)
{
	report(f, to, true, true);
}
