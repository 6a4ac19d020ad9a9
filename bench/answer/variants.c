// SPDX-License-Identifier: GPL-2.0-only
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_text.h"

/* Names of what a case belongs to, made anew; NULL: no memory. */
static char *series_of(const json_t *c)
{
	const json_t *engine = json_object_get(c, "engine");
	char *name;

	if (asprintf(&name, "%s|%s|%s", json_text(c, "path"), json_text(engine, "driver"),
		     json_text(engine, "kind")) < 0)
		return NULL;
	return name;
}

static json_t *axis(const json_t *c, const char *name)
{
	json_t *value = json_object_get(json_object_get(c, "params"), name);

	return json_is_null(value) ? NULL : value;
}

static char *variant_of(const json_t *c)
{
	json_t *axes =
		json_pack("{s:O*,s:O*}", "batch", axis(c, "batch"), "queue", axis(c, "queue"));
	char *name = json_dumps(axes, JSON_SORT_KEYS);

	json_decref(axes);
	return name;
}

/* How many cases each variant of each series has: {series: {variant: cases}}. */
static void count(json_t *counts, const json_t *c)
{
	char *series = series_of(c), *variant = variant_of(c);
	json_t *of_series;

	if (series && variant) {
		of_series = json_object_get(counts, series);
		if (!of_series) {
			of_series = json_object();
			json_object_set_new(counts, series, of_series);
		}
		json_object_set_new(
			of_series, variant,
			json_integer(json_integer_value(json_object_get(of_series, variant)) + 1));
	}
	free(variant);
	free(series);
}

static const char *with_most(json_t *of_series)
{
	const char *variant, *best = NULL;
	json_int_t most = 0;
	json_t *cases;

	json_object_foreach(of_series, variant, cases)
		if (json_integer_value(cases) > most) {
			most = json_integer_value(cases);
			best = variant;
		}
	return best;
}

static bool is_main(const json_t *counts, const json_t *c)
{
	char *series = series_of(c), *variant = variant_of(c);
	const char *best = series ? with_most(json_object_get(counts, series)) : NULL;
	bool is = variant && best && !strcmp(variant, best);

	free(variant);
	free(series);
	return is;
}

void variants_keep_main(json_t *cases)
{
	json_t *counts = json_object(), *c;
	size_t i;

	json_array_foreach(cases, i, c)
		count(counts, c);
	for (i = json_array_size(cases); i-- > 0;)
		if (!is_main(counts, json_array_get(cases, i)))
			json_array_remove(cases, i);
	json_decref(counts);
}
