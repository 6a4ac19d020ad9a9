// SPDX-License-Identifier: GPL-2.0-only
#include "directions.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/shift.h"
#include "statistics/stats.h"
#include "text/json_text.h"
#include "text/units.h"
#include "launches.h"

#define BEYOND 0.05

static bool has_time(const json_t *c, const char *env)
{
	return !strcmp(json_text(c, "env"), env) && !strcmp(json_text(c, "status"), "ok") &&
	       json_number_value(json_object_get(json_object_get(c, "time"), "value")) > 0;
}

/* The same case but for its direction, or NULL. */
static const json_t *in_one_direction(const json_t *result, const char *env, const json_t *c)
{
	json_t *params = json_copy(json_object_get(c, "params")), *other;
	const json_t *found = NULL;
	size_t i;

	json_object_del(params, "direction");
	json_array_foreach(json_object_get(result, "cases"), i, other) {
		const json_t *engine = json_object_get(other, "engine");

		if (!found && has_time(other, env) &&
		    !strcmp(json_text(other, "path"), json_text(c, "path")) &&
		    json_equal(params, json_object_get(other, "params")) &&
		    (json_is_object(engine) ? json_equal(engine, json_object_get(c, "engine"))
					    : !json_is_object(json_object_get(c, "engine"))))
			found = other;
	}
	json_decref(params);
	return found;
}

/* Logarithms of a case's times, sorted: what lies between them is a ratio's. */
static double *log_times(const json_t *c, size_t *n)
{
	double *v = calloc(launches_most(c), sizeof(*v));

	if (!v)
		return NULL;
	*n = launch_times(c, v);
	for (size_t i = 0; i < *n; i++)
		v[i] = log(v[i]);
	stats_sort(v, *n);
	return v;
}

static void put_words(const struct shift *times, char *words, size_t len)
{
	size_t used = (size_t)snprintf(words, len,
				       "both directions at once: %.10g times one direction's rate",
				       unit_round(exp(times->value), 3));

	if (times->have_interval)
		snprintf(words + used, len - used, " (%.10g to %.10g)",
			 unit_round(exp(times->lo), 3), unit_round(exp(times->hi), 3));
}

static json_t *told(const json_t *both, const json_t *one, const struct shift *times)
{
	char words[128];

	put_words(times, words, sizeof(words));
	return json_pack("{s:s,s:s,s:f,s:o,s:s}", "id", json_text(both, "id"), "one",
			 json_text(one, "id"), "value", exp(times->value), "ci95",
			 times->have_interval ? json_pack("[f,f]", exp(times->lo), exp(times->hi))
					      : json_null(),
			 "words", words);
}

/* The same bytes in less time are a higher rate. NULL: no memory. */
static json_t *against(const json_t *both, const json_t *one)
{
	size_t m = 0, n = 0;
	double *x = log_times(both, &m), *y = log_times(one, &n);
	struct shift times;
	json_t *ratio = NULL;

	if (x && y && !shift_two(x, m, y, n, BEYOND, &times))
		ratio = told(both, one, &times);
	free(x);
	free(y);
	return ratio;
}

json_t *directions_make(const json_t *result, const char *env)
{
	json_t *all = json_array(), *c;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c) {
		const json_t *one;

		if (!has_time(c, env) || !*json_text(json_object_get(c, "params"), "direction"))
			continue;
		one = in_one_direction(result, env, c);
		if (one && json_array_append_new(all, against(c, one))) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}
