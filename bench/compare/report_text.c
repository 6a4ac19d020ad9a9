// SPDX-License-Identifier: GPL-2.0-only
/* For a terminal or a log: the worst first. */
#include <stdlib.h>
#include <string.h>

#include "text/escape.h"
#include "report.h"

static void differences(const struct compare *cmp, FILE *to)
{
	const json_t *difference;
	size_t i;

	json_array_foreach(cmp->differences, i, difference) {
		char *line = report_difference(difference);

		fputs("differs: ", to);
		put_plain(to, line ? line : "?");
		fputc('\n', to);
		free(line);
	}
}

static void row(const struct compare *cmp, size_t i, FILE *to)
{
	const struct entry *e = &cmp->entries[i];
	const struct comparison *c = &cmp->c[i];
	const char *kind = report_kind(e);
	bool numbers = report_has_change(e, c);
	char a[CELL], b[CELL], n[CELL];

	fprintf(to, "%-12s %8s %-16s %8s", verdict_names[c->verdict],
		numbers ? cell_percent(c->change, a) : "-", cell_interval(c, b), cell_p(c, n));
	fprintf(to, " %7s %7s", c->tested ? cell_percent(c->floor, a) + 1 : "-",
		c->tested && cell_percent(c->detects, b)[0] == '+' ? b + 1 : "-");
	snprintf(n, sizeof(n), "%zu/%zu", c->nbase, c->nnow);
	fprintf(to, " %8s %7s  ", e->have_median ? cell_percent(e->median_change, a) : "-",
		c->settled ? "-" : n);
	put_plain(to, e->id);
	if (e->figure != &figures[FIGURE_TIME])
		fprintf(to, " %s", e->figure->name);
	if (kind && numbers)
		fprintf(to, " (%s%s)", kind, e->kind && !strcmp(kind, e->kind) ? " engine" : "");
	fputc('\n', to);
	if (!c->reason[0])
		return;
	fputs("             ", to);
	put_plain(to, c->reason);
	if (c->launches)
		fprintf(to, "; about %zu launches would do", c->launches);
	else if (c->verdict == VERDICT_UNSTABLE && c->tested &&
		 c->detects > cmp->options->rule.threshold)
		fputs("; no reasonable number of launches would do", to);
	fputc('\n', to);
}

void report_text(const struct compare *cmp, FILE *to)
{
	const struct rule *rule = &cmp->options->rule;
	bool any = false;

	differences(cmp, to);
	if (cmp->n && rule->describe) {
		fprintf(to,
			"NEW against BASE by the %s of each launch, nothing is decided\n\n"
			"%-12s %8s %-16s %8s %7s %7s %8s %7s  %s\n",
			location_names[cmp->options->location], "verdict", "change",
			"95 % interval", "p adj", "floor", "sees", "median", "n", "case");
	} else if (cmp->n) {
		fprintf(to, "%s on the %s of each launch; %zu tested together at %g %% (Holm)\n",
			report_method(cmp), location_names[cmp->options->location],
			cmp->family.size, 100 * rule->alpha);
		fprintf(to,
			"FAIL: worse by %g %% or the floor, and by over %g %% beyond doubt\n\n"
			"%-12s %8s %-16s %8s %7s %7s %8s %7s  %s\n",
			100 * rule->threshold, 100 * rule->certain, "verdict", "change",
			"95 % interval", "p adj", "floor", "sees", "median", "n", "case");
	}
	for (size_t i = 0; i < cmp->n; i++)
		row(cmp, cmp->order[i], to);
	fprintf(to, "%s%s", cmp->n ? "\n" : "", report_outcome(cmp));
	for (size_t v = 0; v < VERDICTS; v++)
		if (cmp->counts[v]) {
			fprintf(to, "%s %zu %s", any ? "," : ":", cmp->counts[v], verdict_names[v]);
			any = true;
		}
	fprintf(to, " (status %d%s)\n", cmp->status, cmp->options->advisory ? ", advisory" : "");
}
