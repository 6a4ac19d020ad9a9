// SPDX-License-Identifier: GPL-2.0-only
/*
 * NEW's figures as the JSON arrays that github-action-benchmark plots over time
 * (customBiggerIsBetter, customSmallerIsBetter): {name, unit, value, range, extra}. Only
 * figures that mean something: none of emulated machines or engines.
 */
#include <string.h>

#include "exchange.h"
#include "report.h"

static json_t *item(const struct compare *cmp, size_t i, bool bigger)
{
	const struct entry *e = &cmp->entries[i];
	const struct comparison *c = &cmp->c[i];
	json_t *params = json_object_get(e->json, "params"), *json;
	double size = json_number_value(json_object_get(params, "size")), value = e->value[NOW];
	const char *kind = report_kind(e);
	char a[CELL] = "-", b[CELL] = "-";

	if (bigger)
		value = size / value; /* B/ns is GB/s */
	json = json_pack("{s:o,s:s,s:f}", "name",
			 kind ? json_sprintf("%s (%s)", e->id, kind) : json_string(e->id), "unit",
			 bigger ? "GB/s" : e->figure->unit, "value", value);
	if (c->tested)
		json_object_set_new(json, "extra",
				    json_sprintf("%s, change of time %s %s",
						 verdict_names[c->verdict],
						 cell_percent(c->change, a), cell_interval(c, b)));
	return json;
}

static void series(const struct compare *cmp, FILE *to, bool bigger)
{
	json_t *list = json_array();

	for (size_t i = 0; i < cmp->n; i++) {
		const struct entry *e = &cmp->entries[i];
		const char *class = json_string_value(json_object_get(e->json, "class"));

		if (!e->have[NOW] || e->figure != &figures[FIGURE_TIME])
			continue;
		/* Instructions are no throughput, and only a copy moves its bytes. */
		if (bigger && (strcmp(class, "copy") || !strcmp(e->platform, "vm-icount")))
			continue;
		json_array_append_new(list, item(cmp, i, bigger));
	}
	json_dumpf(list, to, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
	fputc('\n', to);
	json_decref(list);
}

void report_bigger(const struct compare *cmp, FILE *to)
{
	series(cmp, to, true);
}

void report_bmf(const struct compare *cmp, FILE *to)
{
	exchange_bmf(cmp->json[NOW], to);
}

void report_google_benchmark(const struct compare *cmp, FILE *to)
{
	exchange_google_benchmark(cmp->json[NOW], to);
}

void report_smaller(const struct compare *cmp, FILE *to)
{
	series(cmp, to, false);
}
