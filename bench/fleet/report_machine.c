// SPDX-License-Identifier: GPL-2.0-only
/* A machine that stands out, failed or lacks something: how, and what differs. */
#include <math.h>
#include <string.h>

#include "compare/report.h"
#include "report.h"

/* Of a machine that is odd in many cases. */
#define MOST_CASES 8

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
		out_text(o, out_key(one, first));
		fputs(": ", o->to);
		out_text(o, out_key(one, second));
		if (json_object_get(one, "most")) {
			fputs(", most have ", o->to);
			out_text(o, out_key(one, "most"));
		}
		fputc('\n', o->to);
	}
}

static void one_case(const struct out *o, const struct fleet_machine *m, size_t c, bool whole)
{
	const struct fleet_kind *kind = &o->f->kinds[m->kind];
	const struct group *g = &kind->group;
	const struct case_spread *s = &g->spread[c];
	char a[CELL], b[CELL], d[CELL], e[CELL], h[CELL];

	fprintf(o->to, "%s%s %s, its kind %s (%s to %s)", o->markdown ? "  - " : "      ",
		cell_percent(expm1(g->change[m->at * g->columns + c]), a),
		cell_time(exp(g->value[m->at * g->cases + c]), b), cell_time(exp(s->median), d),
		cell_time(exp(s->q25), e), cell_time(exp(s->q75), h));
	/* A score is about what is beyond the machine as a whole. */
	if (!whole)
		fprintf(o->to, ", %.1f times its spread", fabs(g->score[m->at * g->columns + c]));
	fputs(": ", o->to);
	out_text(o, out_key(json_array_get(kind->cases, c), "id"));
	fputc('\n', o->to);
}

static void families_of(const struct out *o, const struct fleet_machine *m)
{
	const struct fleet_kind *kind = &o->f->kinds[m->kind];
	const struct group *g = &kind->group;
	char cell[CELL];

	for (size_t i = 0; i < kind->nfamilies; i++) {
		if (group_column(g, m->at, g->cases + i) == STANDS_WITH_THE_REST)
			continue;
		fprintf(o->to, "%s%s over the %zu cases of ", o->markdown ? "  - " : "      ",
			cell_percent(expm1(g->change[m->at * g->columns + g->cases + i]), cell),
			kind->families[i].n);
		out_text(o, kind->family_names[i]);
		fprintf(o->to, ", %.1f times their spread\n",
			fabs(g->score[m->at * g->columns + g->cases + i]));
	}
}

/* The cases that are farthest off in the way that the machine is, worst first. */
struct worst_cases {
	size_t c[MOST_CASES], n, all;
	double off[MOST_CASES];
};

static void take(struct worst_cases *w, size_t c, double off)
{
	size_t at = w->n < MOST_CASES ? w->n++ : MOST_CASES;

	w->all++;
	for (; at > 0 && w->off[at - 1] < off; at--)
		if (at < MOST_CASES) {
			w->off[at] = w->off[at - 1];
			w->c[at] = w->c[at - 1];
		}
	if (at < MOST_CASES) {
		w->off[at] = off;
		w->c[at] = c;
	}
}

/* Its cases that stand out; of a machine that does as a whole, all that it has. */
static void cases_of(const struct out *o, const struct fleet_machine *m)
{
	const struct group *g = &o->f->kinds[m->kind].group;
	bool whole = g->standing[m->at].whole_stands != STANDS_WITH_THE_REST;
	double sign = machine_stands(o->f, m) == STANDS_FASTER ? -1 : 1;
	struct worst_cases w = { .n = 0 };

	for (size_t c = 0; c < g->cases; c++)
		if (!isnan(g->score[m->at * g->columns + c]) &&
		    (whole || group_column(g, m->at, c) != STANDS_WITH_THE_REST))
			take(&w, c, sign * g->change[m->at * g->columns + c]);
	for (size_t i = 0; i < w.n; i++)
		one_case(o, m, w.c[i], whole);
	if (w.all > w.n)
		fprintf(o->to, "%sand %zu more cases%s\n", o->markdown ? "  - " : "      ",
			w.all - w.n, whole ? "" : " that stand out");
}

void report_machine(const struct out *o, const struct fleet_machine *m)
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
	out_name(o, m);
	if (s && s->whole_stands != STANDS_WITH_THE_REST)
		fprintf(o->to, ", %s as a whole", cell_percent(expm1(s->whole - g->whole), cell));
	fputc('\n', o->to);
	list(o, m->failed, "failed", "id", "reason");
	if (s && stands != STANDS_WITH_THE_REST) {
		families_of(o, m);
		cases_of(o, m);
	}
	if (stands != STANDS_WITH_THE_REST)
		list(o, m->differences, "differs:", "name", "is");
	list(o, m->lacks, "lacks", "id", "reason");
}
