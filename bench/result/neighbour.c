// SPDX-License-Identifier: GPL-2.0-only
/* The cost to a neighbour, from launches to the result file. */
#include <stdlib.h>
#include <string.h>

#include "statistics/stats.h"
#include "result.h"

/* Of one launch and kind, in percent. */
enum { SLOWDOWN, DRIFT, PATH, FIGURES };

struct neighbour_record {
	size_t n;
	struct neighbour last; /* CPU and working sets: the same in every launch */
	double percent[][CO_RUNNER_KINDS][FIGURES];
};

void neighbour_add(struct case_record *rec, size_t launches, const struct launch_result *l)
{
	const struct neighbour *n = &l->neighbour;

	if (!l->have_neighbour) {
		memcpy(rec->no_neighbour_reason, l->no_neighbour_reason,
		       sizeof(rec->no_neighbour_reason));
		return;
	}
	if (!rec->neighbour)
		rec->neighbour = calloc(1, sizeof(*rec->neighbour) +
						   launches * sizeof(rec->neighbour->percent[0]));
	if (!rec->neighbour || rec->neighbour->n == launches)
		return;
	for (int kind = 0; kind < CO_RUNNER_KINDS; kind++) {
		double alone = (n->before[kind] + n->after[kind]) / 2;
		double *percent = rec->neighbour->percent[rec->neighbour->n][kind];

		percent[SLOWDOWN] = 100 * (alone / n->with[kind] - 1);
		percent[DRIFT] = 100 * (n->after[kind] / n->before[kind] - 1);
		percent[PATH] = 100 * (n->path_with[kind] / n->path_alone - 1);
	}
	rec->neighbour->last = *n;
	rec->neighbour->n++;
}

/* Their median; values[] has them as the launches came. */
static double median_of(const struct neighbour_record *r, int kind, int figure, double *values)
{
	double copy[1024];

	for (size_t i = 0; i < r->n; i++)
		values[i] = r->percent[i][kind][figure];
	memcpy(copy, values, r->n * sizeof(*copy));
	return stats_median(copy, r->n);
}

static json_t *kind_json(const struct case_record *rec, int kind, uint64_t seed)
{
	const struct neighbour_record *r = rec->neighbour;
	json_t *json = json_pack("{s:s,s:s}", "unit", "%", "better", "lower");
	double values[1024], lo, hi;

	if (!r) {
		json_object_set_new(json, "value", json_null());
		json_object_set_new(json, "reason", json_string(rec->no_neighbour_reason));
		return json;
	}
	json_object_set_new(json, "path", json_real(median_of(r, kind, PATH, values)));
	json_object_set_new(json, "drift", json_real(median_of(r, kind, DRIFT, values)));
	json_object_set_new(json, "value", json_real(median_of(r, kind, SLOWDOWN, values)));
	stats_bootstrap_median(values, r->n, seed, &lo, &hi);
	json_object_set_new(json, "ci95", r->n > 1 ? json_pack("[f,f]", lo, hi) : json_null());
	json_object_set_new(json, "working_set",
			    json_integer((json_int_t)r->last.working_set[kind]));
	return json;
}

json_t *neighbour_json(const struct case_record *rec, uint64_t seed)
{
	const struct neighbour_record *r = rec->neighbour;
	json_t *json = json_object();

	for (int kind = 0; kind < CO_RUNNER_KINDS; kind++)
		json_object_set_new(json, co_runner_names[kind], kind_json(rec, kind, seed));
	if (r)
		json_object_update_new(json, json_pack("{s:i,s:b,s:b}", "cpu", r->last.cpu,
						       "smt_sibling", r->last.smt_sibling,
						       "shares_cpu", r->last.shares_cpu));
	return json;
}
