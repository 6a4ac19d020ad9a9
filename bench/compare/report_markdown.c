// SPDX-License-Identifier: GPL-2.0-only
/* For the summary of a CI job. Everything from a file is in code spans. */
#include <stdlib.h>
#include <string.h>

#include "text/escape.h"
#include "report.h"

static void row(const struct compare *cmp, size_t i, FILE *to)
{
	const struct entry *e = &cmp->entries[i];
	const struct comparison *c = &cmp->c[i];
	const char *kind = report_kind(e);
	bool numbers = report_has_change(e, c);
	char a[CELL], b[CELL], p[CELL];

	fprintf(to, "| %s%s%s | ", c->verdict <= VERDICT_MISSING ? "**" : "",
		verdict_names[c->verdict], c->verdict <= VERDICT_MISSING ? "**" : "");
	put_code(to, e->id);
	if (kind && numbers)
		fprintf(to, " (%s)", kind);
	fprintf(to, " | %s | %s | %s | %s | ", e->figure->name,
		numbers ? cell_percent(c->change, a) : "-", cell_interval(c, b), cell_p(c, p));
	fprintf(to, "%s | ", c->tested ? cell_percent(c->floor, a) + 1 : "-");
	fprintf(to, "%s | ", c->tested && cell_percent(c->detects, b)[0] == '+' ? b + 1 : "-");
	fprintf(to, "%s | ", e->have_median ? cell_percent(e->median_change, a) : "-");
	if (c->settled)
		fputs("- | ", to);
	else
		fprintf(to, "%zu/%zu | ", c->nbase, c->nnow);
	if (c->reason[0])
		put_code(to, c->reason);
	if (c->launches)
		fprintf(to, " about %zu launches would do", c->launches);
	fputs(" |\n", to);
}

void report_markdown(const struct compare *cmp, FILE *to)
{
	const struct rule *rule = &cmp->options->rule;
	const json_t *difference;
	size_t i;

	fprintf(to, "## dmabench compare: %s%s\n\n", report_outcome(cmp),
		cmp->options->advisory ? " (advisory)" : "");
	for (size_t v = 0; v < VERDICTS; v++)
		if (cmp->counts[v])
			fprintf(to, "- %zu %s\n", cmp->counts[v], verdict_names[v]);
	json_array_foreach(cmp->differences, i, difference) {
		char *line = report_difference(difference);

		fputs("- differs: ", to);
		put_code(to, line ? line : "?");
		fputc('\n', to);
		free(line);
	}
	if (!cmp->n)
		return;
	fputs("\n| verdict | case | figure | change | 95 % interval | adjusted p | floor | sees | "
	      "median | n | why |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | "
	      "--- |\n",
	      to);
	for (i = 0; i < cmp->n; i++)
		row(cmp, cmp->order[i], to);
	if (rule->describe)
		return;
	fprintf(to,
		"\n%s on the %s of each launch; %zu tested together at %g %% (Holm). FAIL: worse "
		"by "
		"%g %% or the floor, and by over %g %% beyond doubt.\n",
		report_method(cmp), location_names[cmp->options->location], cmp->family.size,
		100 * rule->alpha, 100 * rule->threshold, 100 * rule->certain);
}
