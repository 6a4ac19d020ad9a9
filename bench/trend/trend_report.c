// SPDX-License-Identifier: GPL-2.0-only
/* The changes by the run that has them first: for a terminal, or as Markdown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/report.h"
#include "text/escape.h"
#include "text/units.h"
#include "trend.h"

static void put_text(FILE *to, const char *text, bool markdown)
{
	if (markdown)
		put_code(to, text);
	else
		put_plain(to, text);
}

/* "189 ns", "1.2 ms"; instructions are numbers. */
static const char *amount(const struct trend_case *c, double ns, char *cell)
{
	if (!c->counted)
		return cell_time(ns, cell);
	snprintf(cell, CELL, "%.10g", unit_round(ns, 6));
	return cell;
}

static const char *interval(const struct level_change *ch, char *cell)
{
	snprintf(cell, CELL, "-");
	if (ch->have_interval)
		snprintf(cell, CELL, "[%+.1f, %+.1f]", 100 * ch->lo, 100 * ch->hi);
	return cell;
}

static const char *likely(const struct level_change *ch, char *cell)
{
	if (ch->p < 0)
		snprintf(cell, CELL, "exact");
	else
		snprintf(cell, CELL, "%.1e", ch->p);
	return cell;
}

static void row(const struct trend_case *c, const struct level_change *ch, FILE *to, bool markdown)
{
	const char *kind =
		json_string_value(json_object_get(json_object_get(c->json, "engine"), "kind"));
	char a[CELL], b[CELL], d[CELL], e[CELL], p[CELL];

	if (kind && !strcmp(kind, "hardware"))
		kind = NULL;
	fprintf(to, markdown ? "| %s | %s | %s | %s | %s | " : "  %9s %-18s %10s -> %-10s %8s  ",
		cell_percent(ch->change, a), interval(ch, b), amount(c, ch->before, d),
		amount(c, ch->after, e), likely(ch, p));
	put_text(to, c->id, markdown);
	if (kind || c->counted)
		fprintf(to, " (%s%s%s)", kind ? kind : "", kind ? " engine" : "",
			c->counted ? kind ? ", instructions" : "instructions" : "");
	fputs(markdown ? " |\n" : "\n", to);
}

/* What else is another between a run and the one before. */
static void differences(const struct trend *t, size_t run, FILE *to, bool markdown)
{
	json_t *list = run ? runs_differences(&t->runs.run[run - 1], &t->runs.run[run]) : NULL;
	json_t *difference;
	size_t i;

	json_array_foreach(list, i, difference) {
		const char *name = json_string_value(json_object_get(difference, "name"));
		char *line;

		if (name && !strcmp(name, "commit"))
			continue;
		json_object_set_new(difference, "allowed", json_false());
		line = report_difference(difference);
		fputs(markdown ? "- also differs: " : "  also differs: ", to);
		put_text(to, line ? line : "?", markdown);
		fputc('\n', to);
		free(line);
	}
	json_decref(list);
}

static void heading(const struct trend *t, size_t run, FILE *to, bool markdown)
{
	const struct trend_run *now = &t->runs.run[run], *before = run ? now - 1 : now;
	char date[11];

	snprintf(date, sizeof(date), "%s", now->start);
	fprintf(to, markdown ? "\n### %s, commit " : "\n%s, commit ", date);
	put_text(to, now->commit, markdown);
	snprintf(date, sizeof(date), "%s", before->start);
	fputs(markdown ? "\n\n- run " : " (", to);
	put_text(to, now->file, markdown);
	if (now->others)
		fprintf(to, " and %zu more of its fleet", now->others);
	fputs("; the one before: ", to);
	put_text(to, before->commit, markdown);
	fprintf(to, " of %s%s\n", date, markdown ? "" : ")");
	differences(t, run, to, markdown);
	if (markdown)
		fputs("\n| change | 95 % interval | from | to | p | case |\n"
		      "| --- | --- | --- | --- | --- | --- |\n",
		      to);
}

static size_t changes(const struct trend *t, FILE *to, bool markdown)
{
	size_t all = 0;

	for (size_t run = 0; run < t->runs.n; run++) {
		bool first = true;

		for (size_t i = 0; i < t->n; i++) {
			for (size_t k = 0; k < t->cases[i].nchanges; k++) {
				if (t->cases[i].changes[k].run != run)
					continue;
				if (first)
					heading(t, run, to, markdown);
				first = false;
				row(&t->cases[i], &t->cases[i].changes[k], to, markdown);
				all++;
			}
		}
	}
	return all;
}

static void left_out(const struct trend *t, FILE *to, bool markdown)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(t->runs.left_out, i, entry) {
		fputs(markdown ? "- left out: " : "left out: ", to);
		put_text(to, json_string_value(json_object_get(entry, "file")), markdown);
		fputs(": ", to);
		put_text(to, json_string_value(json_object_get(entry, "reason")), markdown);
		fputc('\n', to);
	}
	/* By reason, where it is first seen. */
	for (i = 0; i < t->n; i++) {
		const char *reason = t->cases[i].reason;
		size_t same = 0;

		for (size_t k = 0; k < t->n; k++) {
			if (strcmp(reason, t->cases[k].reason))
				continue;
			if (k < i)
				same = t->n;
			same++;
		}
		if (reason[0] && same <= t->n)
			fprintf(to, "%snot looked at: %zu case%s: %s\n", markdown ? "- " : "", same,
				same == 1 ? "" : "s", reason);
	}
}

static void report(const struct trend *t, FILE *to, bool markdown)
{
	const struct trend_run *first = &t->runs.run[0], *last = &t->runs.run[t->runs.n - 1];
	size_t all;

	fputs(markdown ? "## dmabench trend\n\n" : "", to);
	fprintf(to, "%zu runs from %.10s to %.10s; %s of each launch, median over launches.\n",
		t->runs.n, first->start, last->start, location_names[t->location]);
	fprintf(to,
		"Change points: E-divisive, %g %% chance of a false one in all %zu tested cases "
		"together.\n%s",
		100 * t->alpha, t->tested,
		markdown ? ""
			 : "Of each: change, its 95 % interval, both levels, p of the place, "
			   "case.\n");
	all = changes(t, to, markdown);
	if (!all)
		fprintf(to, "\n%s\n",
			t->looked ? "No change was found." : "Nothing could be looked at.");
	if (json_array_size(t->runs.left_out) || all < t->n)
		fputc('\n', to);
	left_out(t, to, markdown);
}

void trend_text(const struct trend *t, FILE *to)
{
	report(t, to, false);
}

void trend_markdown(const struct trend *t, FILE *to)
{
	report(t, to, true);
}
