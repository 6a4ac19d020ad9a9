// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "machine/files.h"
#include "options/options.h"

const char *cell_percent(double share, char *cell)
{
	if (isinf(share))
		snprintf(cell, CELL, "-");
	else
		snprintf(cell, CELL, fabs(share) < 10 ? "%+.1f %%" : "%+.0f %%", 100 * share);
	return cell;
}

const char *cell_time(double ns, char *cell)
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	size_t unit = 0;

	for (; ns >= 1000 && unit < 3; unit++)
		ns /= 1000;
	snprintf(cell, CELL, "%.*f %s", ns < 10 ? 2 : ns < 100 ? 1 : 0, ns, units[unit]);
	return cell;
}

const char *cell_interval(const struct comparison *c, char *cell)
{
	if (!(c->tested || c->described) || !c->have_interval)
		snprintf(cell, CELL, "-");
	else if (c->lo < 10 && c->hi < 10)
		snprintf(cell, CELL, "[%+.1f, %+.1f]", 100 * c->lo, 100 * c->hi);
	else
		snprintf(cell, CELL, "[%+.0f, %+.0f]", 100 * c->lo, 100 * c->hi);
	return cell;
}

const char *cell_p(const struct comparison *c, char *cell)
{
	snprintf(cell, CELL, "-");
	if (c->tested)
		snprintf(cell, CELL, c->adjusted_worse < 0.001 ? "%.1e" : "%.3f",
			 c->adjusted_worse);
	return cell;
}

const char *report_outcome(const struct compare *cmp)
{
	if (cmp->options->rule.describe)
		return cmp->counts[VERDICT_DESCRIBED] ? "described" : "nothing in common";
	switch (cmp->status) {
	case EXIT_INCOMPARABLE:
		return "not comparable";
	case EXIT_FAILED:
		return "regression";
	case EXIT_INCONCLUSIVE:
		return cmp->compared ? "inconclusive" : "nothing was compared";
	}
	return "no regression";
}

const char *report_method(const struct compare *cmp)
{
	bool approximated = false;

	for (size_t i = 0; i < cmp->n; i++)
		approximated |= cmp->c[i].tested && !cmp->c[i].exact_p;
	if (cmp->options->rule.paired)
		return approximated ? "Wilcoxon signed rank, exact up to 100 pairs, normal "
				      "approximation beyond"
				    : "exact Wilcoxon signed rank";
	return approximated
		       ? "Mann-Whitney U, exact up to 100 launches, normal approximation beyond"
		       : "exact Mann-Whitney U";
}

bool report_has_change(const struct entry *e, const struct comparison *c)
{
	return c->tested || c->described || (c->exact && e->have[BASE] && e->have[NOW]);
}

const char *report_kind(const struct entry *e)
{
	if (!strcmp(e->platform, "vm-icount"))
		return "instructions";
	if (e->kind && strcmp(e->kind, "hardware"))
		return e->kind;
	return NULL;
}

char *report_difference(const json_t *difference)
{
	const json_t *env = json_object_get(difference, "env");
	const json_t *values[2] = { json_object_get(difference, "base"),
				    json_object_get(difference, "new") };
	char *text[2], *line = NULL;

	for (int i = 0; i < 2; i++)
		text[i] = json_dumps(values[i], JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	if (asprintf(&line, "%s%s%s: BASE %.300s, NEW %.300s%s",
		     json_is_string(env) ? json_string_value(env) : "",
		     json_is_string(env) ? ": " : "",
		     json_string_value(json_object_get(difference, "name")),
		     text[0] ? text[0] : "?", text[1] ? text[1] : "?",
		     json_is_true(json_object_get(difference, "allowed")) ? " (may differ)" : "") <
	    0)
		line = NULL;
	free(text[0]);
	free(text[1]);
	return line;
}

static report_writer *const writers[FORMATS] = {
	[FORMAT_TEXT] = report_text,
	[FORMAT_MARKDOWN] = report_markdown,
	[FORMAT_JSON] = report_json,
	[FORMAT_JUNIT] = report_junit,
	[FORMAT_KTAP] = report_ktap,
	[FORMAT_BIGGER] = report_bigger,
	[FORMAT_SMALLER] = report_smaller,
	[FORMAT_BMF] = report_bmf,
	[FORMAT_GOOGLE_BENCHMARK] = report_google_benchmark,
};

int report_all(const struct compare *cmp, const char **file)
{
	const struct compare_options *o = cmp->options;

	for (size_t i = 0; i < o->noutputs; i++) {
		struct whole_output whole;
		int ret;

		*file = o->outputs[i].file ? o->outputs[i].file : "standard output";
		if (whole_output_begin(&whole))
			return -ENOMEM;
		writers[o->outputs[i].format](cmp, whole.to);
		ret = whole_output_end(&whole, o->outputs[i].file);
		if (ret)
			return ret;
	}
	return 0;
}
