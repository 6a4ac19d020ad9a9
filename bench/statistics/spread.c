// SPDX-License-Identifier: GPL-2.0-only
#include "spread.h"

#include <stdlib.h>

#include "stats.h"

#define RULE "modified z-score above 3.5 (Iglewicz and Hoaglin)"

static json_t *cv_json(const double *cv, const char *method, const char *reason)
{
	json_t *json = json_pack("{s:s,s:s}", "unit", "sd / mean", "better", "lower");

	json_object_set_new(json, "value", cv ? json_real(*cv) : json_null());
	if (!cv)
		json_object_set_new(json, "reason", json_string(reason));
	json_object_set_new(json, "method", json_string(method));
	return json;
}

static json_t *between_json(const double *medians, size_t n)
{
	double cv = n > 1 ? stats_cv(medians, n) : 0;

	return cv_json(n > 1 ? &cv : NULL, "of the launches' medians",
		       "one launch has nothing to differ from");
}

/* Outlying launches by their index. */
static json_t *launches_json(const double *medians, size_t n)
{
	json_t *list = json_array();
	bool *out = calloc(n, sizeof(*out));

	if (!out || n < SPREAD_OUTLIERS_FROM) {
		free(out);
		json_decref(list);
		return json_null();
	}
	stats_outliers(medians, n, out);
	for (size_t i = 0; i < n; i++)
		if (out[i])
			json_array_append_new(list, json_integer((json_int_t)i));
	free(out);
	return list;
}

struct within {
	double *cv; /* of the launches that have two samples or more */
	size_t n;
	json_int_t outlying, examined; /* samples */
};

static void add_launch(struct within *w, const json_t *launch)
{
	const json_t *list = json_object_get(launch, "samples_ns_per_op");
	size_t n = json_array_size(list);
	double *v = calloc(n + 1, sizeof(*v));
	bool *out = calloc(n + 1, sizeof(*out));

	if (!v || !out)
		abort();
	for (size_t i = 0; i < n; i++)
		v[i] = json_number_value(json_array_get(list, i));
	if (n > 1)
		w->cv[w->n++] = stats_cv(v, n);
	if (n >= SPREAD_OUTLIERS_FROM) {
		w->outlying += (json_int_t)stats_outliers(v, n, out);
		w->examined += (json_int_t)n;
	}
	free(v);
	free(out);
}

json_t *spread_json(const json_t *launches)
{
	size_t n = json_array_size(launches);
	double *medians = calloc(n + 1, sizeof(*medians)), cv = 0;
	struct within w = { .cv = calloc(n + 1, sizeof(*w.cv)) };
	json_t *outliers, *within, *between;

	if (!medians || !w.cv)
		abort();
	for (size_t i = 0; i < n; i++) {
		const json_t *launch = json_array_get(launches, i);

		medians[i] = json_number_value(
			json_object_get(json_object_get(launch, "ns_per_op"), "median"));
		add_launch(&w, launch);
	}
	if (w.n)
		cv = stats_median(w.cv, w.n);
	within = cv_json(w.n ? &cv : NULL, "of a launch's samples, median over launches",
			 "no launch took two samples");
	between = between_json(medians, n);
	outliers = json_pack("{s:s,s:o,s:I,s:I}", "method", RULE, "launches",
			     launches_json(medians, n), "samples", w.outlying, "samples_examined",
			     w.examined);
	if (n < SPREAD_OUTLIERS_FROM)
		json_object_set_new(outliers, "reason",
				    json_string("fewer than 5 launches can't say which stand out"));
	free(w.cv);
	free(medians);
	return json_pack("{s:o,s:o,s:o}", "within", within, "between", between, "outliers",
			 outliers);
}
