// SPDX-License-Identifier: GPL-2.0-only
/* Kinds, and who stands out of each, the worst first: for a terminal, or as Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/report.h"
#include "text/escape.h"
#include "text/units.h"
#include "report.h"

void out_text(const struct out *o, const char *text)
{
	if (o->markdown)
		put_code(o->to, text);
	else
		put_plain(o->to, text);
}

const char *out_key(const json_t *json, const char *key)
{
	const char *is = json_string_value(json_object_get(json, key));

	return is ? is : "?";
}

void out_name(const struct out *o, const struct fleet_machine *m)
{
	out_text(o, m->name);
	fputs(" (", o->to);
	out_text(o, m->file);
	fputc(')', o->to);
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
	out_text(o, what ? what : "?");
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
		fprintf(o->to,
			", by single cases or those of a path or size beyond %.1f times their "
			"spread\n",
			g->score_limit);
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
		char a[CELL], b[CELL], d[CELL], e[CELL], h[CELL], spread[UNIT_TEXT];

		if (!s->n)
			continue;
		fprintf(o->to,
			o->markdown ? "| %s | %s to %s | %s to %s | %s | %zu | "
				    : "    %s  %s to %s  %s to %s  %s  %zu  ",
			cell_time(exp(s->median), a), cell_time(exp(s->q25), b),
			cell_time(exp(s->q75), d), cell_time(exp(s->low), e),
			cell_time(exp(s->high), h), unit_percent(s->scale, spread), s->n);
		out_text(o, out_key(c, "id"));
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
			out_name(o, &o->f->machines[k->order[i]]);
			fputc('\n', o->to);
		}
		if (k->norder > MOST_LINES)
			fprintf(o->to, "%sand %zu more\n", o->markdown ? "- " : "    ",
				k->norder - MOST_LINES);
	}
	for (size_t i = 0; i < k->norder; i++)
		if (k->judged || json_array_size(o->f->machines[k->order[i]].failed))
			report_machine(o, &o->f->machines[k->order[i]]);
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
		out_text(o, out_key(entry, "name"));
		fputs(" (", o->to);
		out_text(o, out_key(entry, "file"));
		fputs("): ", o->to);
		out_text(o, out_key(entry, "reason"));
		fputc('\n', o->to);
	}
}

static void report(const struct fleet *f, FILE *to, bool markdown, bool cases)
{
	const struct out o = { f, to, markdown };
	size_t without = json_array_size(f->left_out) + json_array_size(f->silent);
	char cell[CELL];

	fputs(markdown ? "## dmabench fleet\n\n" : "", to);
	fprintf(to,
		"%zu machine%s of %zu kind%s: %zu slower, %zu faster, %zu not judged or not wholly",
		f->n, plural(f->n), f->nkinds, plural(f->nkinds), f->slower, f->faster,
		f->unjudged - without);
	if (without)
		fprintf(to, "; %zu more %s no whole result", without,
			without == 1 ? "has" : "have");
	fputs(".\n", to);
	fprintf(to,
		"%s of each launch, median over launches; %s or more, and in a kind of machines "
		"that "
		"are alike\nany is called slower with a chance of %g %% at most.\n",
		location_names[f->location], cell_percent(f->threshold, cell),
		100 * STAND_OUT_ALPHA);
	for (size_t i = 0; i < f->nkinds; i++)
		kind(&o, i, cases);
	if (without)
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
