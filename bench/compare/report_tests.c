// SPDX-License-Identifier: GPL-2.0-only
/*
 * For what collects test results: JUnit's XML and the kernel's KTAP, version 1. What exits
 * with 1 is a failure there, what exits with 3 or 4 an error, so neither can be taken for a
 * pass by a reader that doesn't see the exit status.
 */
#include <stdlib.h>
#include <string.h>

#include "text/escape.h"
#include "report.h"

static bool fails(const struct comparison *c)
{
	return c->verdict == VERDICT_FAIL || c->verdict == VERDICT_MISSING;
}

static bool is_error(const struct comparison *c)
{
	return c->verdict == VERDICT_UNSTABLE || c->verdict == VERDICT_INCONCLUSIVE;
}

/* Nothing was compared, or not what was asked for: a test of its own that can't pass. */
static bool needs_error(const struct compare *cmp)
{
	return !cmp->comparable || (cmp->status == 3 && !(cmp->counts[VERDICT_UNSTABLE] +
							  cmp->counts[VERDICT_INCONCLUSIVE]));
}

static const char *error_name(const struct compare *cmp)
{
	return cmp->comparable ? "something was compared" : "BASE and NEW can be compared";
}

static void numbers(const struct compare *cmp, size_t i, char *line, size_t len)
{
	const struct comparison *c = &cmp->c[i];
	char a[CELL], b[CELL], p[CELL];

	snprintf(line, len, "%s: change %s, 95 %% interval %s, adjusted p %s",
		 verdict_names[c->verdict], cell_percent(c->change, a), cell_interval(c, b),
		 cell_p(c, p));
	if (!c->tested && !c->exact)
		snprintf(line, len, "%s", verdict_names[c->verdict]);
}

/* All differences, one a line, each through put(). */
static void put_differences(const struct compare *cmp, FILE *to, const char *before,
			    void (*put)(FILE *to, const char *text))
{
	const json_t *difference;
	size_t i;

	json_array_foreach(cmp->differences, i, difference) {
		char *line = report_difference(difference);

		fputs(before, to);
		put(to, line ? line : "?");
		fputc('\n', to);
		free(line);
	}
}

static void junit_case(const struct compare *cmp, size_t i, FILE *to)
{
	const struct entry *e = &cmp->entries[i];
	const struct comparison *c = &cmp->c[i];
	const char *element = fails(c) ? "failure" : is_error(c) ? "error" : "skipped";
	char line[160];

	numbers(cmp, i, line, sizeof(line));
	fputs("  <testcase classname=\"dmabench.", to);
	put_xml(to, e->figure->name);
	fputs("\" name=\"", to);
	put_xml(to, e->id);
	fputs("\">\n", to);
	if (c->verdict == VERDICT_SKIPPED || fails(c) || is_error(c)) {
		fprintf(to, "    <%s message=\"", element);
		put_xml(to, c->reason);
		if (strcmp(element, "skipped"))
			fprintf(to, "\" type=\"%s", verdict_names[c->verdict]);
		fputs("\"/>\n", to);
	}
	fputs("    <system-out>", to);
	put_xml(to, line);
	fputs("</system-out>\n  </testcase>\n", to);
}

void report_junit(const struct compare *cmp, FILE *to)
{
	bool error = needs_error(cmp);

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
	fprintf(to,
		"<testsuite name=\"dmabench compare\" tests=\"%zu\" failures=\"%zu\" "
		"errors=\"%zu\" "
		"skipped=\"%zu\">\n",
		cmp->n + error, cmp->counts[VERDICT_FAIL] + cmp->counts[VERDICT_MISSING],
		cmp->counts[VERDICT_UNSTABLE] + cmp->counts[VERDICT_INCONCLUSIVE] + error,
		cmp->counts[VERDICT_SKIPPED]);
	if (error) {
		fprintf(to,
			"  <testcase classname=\"dmabench\" name=\"%s\">\n    <error "
			"message=\"%s\" "
			"type=\"INCONCLUSIVE\">",
			error_name(cmp), report_outcome(cmp));
		put_differences(cmp, to, "", put_xml);
		fputs("</error>\n  </testcase>\n", to);
	}
	for (size_t i = 0; i < cmp->n; i++)
		junit_case(cmp, cmp->order[i], to);
	fputs("</testsuite>\n", to);
}

void report_ktap(const struct compare *cmp, FILE *to)
{
	bool error = needs_error(cmp);

	fprintf(to, "KTAP version 1\n1..%zu\n", cmp->n + error);
	put_differences(cmp, to, "# differs: ", put_ktap);
	if (error)
		fprintf(to, "not ok 1 %s # ERROR %s\n", error_name(cmp), report_outcome(cmp));
	for (size_t i = 0; i < cmp->n; i++) {
		const struct entry *e = &cmp->entries[cmp->order[i]];
		const struct comparison *c = &cmp->c[cmp->order[i]];
		char line[160];

		numbers(cmp, cmp->order[i], line, sizeof(line));
		fprintf(to, "# %s\n%sok %zu ", line, fails(c) || is_error(c) ? "not " : "",
			i + 1 + error);
		put_ktap(to, e->id);
		fprintf(to, " %s", e->figure->name);
		if (is_error(c) || c->verdict == VERDICT_SKIPPED) {
			fputs(is_error(c) ? " # ERROR " : " # SKIP ", to);
			put_ktap(to, c->reason);
		} else if (fails(c)) {
			fputs(": ", to);
			put_ktap(to, c->reason);
		}
		fputc('\n', to);
	}
}
