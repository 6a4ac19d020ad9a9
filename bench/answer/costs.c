// SPDX-License-Identifier: GPL-2.0-only
#include "costs.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/line.h"
#include "text/json_text.h"
#include "launches.h"

/* Of one path in one setting, by size. */
struct series {
	json_t *cases;
	size_t n;
	struct line_point *points;
	struct line_interval *intervals;
	double *launches; /* of all points, one after the other */
	size_t least;	  /* launches of a point */
};

static double size_of(const json_t *c)
{
	return json_number_value(json_object_get(json_object_get(c, "params"), "size"));
}

static bool has_cost(const json_t *c, const char *env)
{
	return !strcmp(json_text(c, "env"), env) && !strcmp(json_text(c, "status"), "ok") &&
	       strcmp(json_text(c, "class"), "none") && strcmp(json_text(c, "class"), "call") &&
	       json_is_number(json_object_get(json_object_get(c, "time"), "value"));
}

/* All that a case is but its size. */
static char *key_of(const json_t *c)
{
	const json_t *engine = json_object_get(c, "engine");
	json_t *params = json_copy(json_object_get(c, "params")), *all;
	char *key;

	json_object_del(params, "size");
	all = json_pack("[s,s,s,o]", json_text(c, "path"), json_text(engine, "driver"),
			json_text(engine, "kind"), params);
	key = json_dumps(all, JSON_SORT_KEYS);
	json_decref(all);
	return key;
}

/* Into its place among the others of its series. */
static void add_by_size(json_t *cases, json_t *c)
{
	size_t at = json_array_size(cases);

	while (at && size_of(json_array_get(cases, at - 1)) > size_of(c))
		at--;
	json_array_insert(cases, at, c);
}

/* {key: [cases by size]} */
static json_t *all_series(const json_t *result, const char *env)
{
	json_t *series = json_object(), *c;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c) {
		char *key = has_cost(c, env) ? key_of(c) : NULL;

		if (!key)
			continue;
		if (!json_object_get(series, key))
			json_object_set_new(series, key, json_array());
		add_by_size(json_object_get(series, key), c);
		free(key);
	}
	return series;
}

static void fill_point(struct series *s, size_t i, double *launches)
{
	const json_t *c = json_array_get(s->cases, i), *time = json_object_get(c, "time"),
		     *ci = json_object_get(time, "ci95");
	struct line_point *p = &s->points[i];
	double value = json_number_value(json_object_get(time, "value"));
	bool interval = json_array_size(ci) == 2;

	*p = (struct line_point){
		.x = size_of(c), .y = value, .launches = launches, .n = launch_times(c, launches)
	};
	s->intervals[i] =
		(struct line_interval){ interval ? json_number_value(json_array_get(ci, 0)) : value,
					interval ? json_number_value(json_array_get(ci, 1))
						 : value };
	if (!i || p->n < s->least)
		s->least = p->n;
}

static bool fill(struct series *s, json_t *cases)
{
	size_t launches = 0, used = 0, i;
	json_t *c;

	*s = (struct series){ .cases = cases, .n = json_array_size(cases) };
	json_array_foreach(cases, i, c)
		launches += launches_most(c);
	s->points = calloc(s->n, sizeof(*s->points));
	s->intervals = calloc(s->n, sizeof(*s->intervals));
	s->launches = calloc(launches, sizeof(*s->launches));
	if (!s->points || !s->intervals || !s->launches)
		return false;
	for (i = 0; i < s->n; i++) {
		fill_point(s, i, s->launches + used);
		used += s->points[i].n;
	}
	return true;
}

static void series_free(struct series *s)
{
	free(s->points);
	free(s->intervals);
	free(s->launches);
}

/* An end that there is none of (no rate was left in some draws) is no interval. */
static json_t *figure(const char *unit, double value, struct line_interval of, bool have)
{
	json_t *ci = have && isfinite(of.lo) && isfinite(of.hi) ? json_pack("[f,f]", of.lo, of.hi)
								: json_null();

	return json_pack("{s:s,s:o,s:o}", "unit", unit, "value",
			 isfinite(value) ? json_real(value) : json_null(), "ci95", ci);
}

/* Sizes that were measured and that the line isn't for: how many times as long they take. */
static json_t *beside(const struct series *s, const struct line *l, size_t first, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n; i++) {
		double at = line_at(l, s->points[i].x);

		if (i >= first && i < first + n)
			continue;
		json_array_append_new(list, json_pack("{s:f,s:o}", "size", s->points[i].x, "ratio",
						      at > 0 ? json_real(s->points[i].y / at)
							     : json_null()));
	}
	return list;
}

static double worst(const struct series *s, const struct line *l, size_t first, size_t n)
{
	double most = 0;

	for (size_t i = first; i < first + n; i++)
		most = fmax(most, fabs(line_at(l, s->points[i].x) / s->points[i].y - 1));
	return most;
}

/*
 * Is there a fixed cost? What may as well be none isn't one, nor what is less than a hundredth of
 * the smallest size's time, nor what a size beside the line takes less than: it only begins so.
 */
static json_t *fixed_figure(const struct series *s, const struct line *l,
			    const struct line_spread *of, size_t first, size_t n)
{
	json_t *fixed = figure("ns/op", l->fixed, of->fixed, s->least > 1);
	bool undercut = false;

	for (size_t i = 0; i < s->n; i++)
		undercut |= (i < first || i >= first + n) && s->points[i].y < l->fixed;
	json_object_set_new(fixed, "seen",
			    json_boolean(!undercut &&
					 l->fixed > COSTS_LEAST * line_at(l, s->points[first].x) &&
					 (s->least < 2 || of->fixed.lo > 0)));
	json_object_set_new(fixed, "undercut", json_boolean(undercut));
	return fixed;
}

/* Likewise: of the largest size's time a hundredth, and not what may as well be nothing. */
static bool slope_seen(const struct series *s, const struct line *l, const struct line_spread *of,
		       double to)
{
	return l->slope * to > COSTS_LEAST * line_at(l, to) && (s->least < 2 || of->slope.lo > 0);
}

static void add_line(json_t *cost, const struct series *s, size_t first, size_t n)
{
	const struct line_point *p = s->points + first;
	const struct line l = line_fit(p, n);
	struct line_spread of = { 0 };
	const bool several = s->least > 1;
	bool copies = !strcmp(json_text(json_array_get(s->cases, 0), "class"), "copy"), grows;
	json_t *per_byte;

	if (several)
		line_bootstrap(p, n, 1, &of);
	grows = slope_seen(s, &l, &of, p[n - 1].x);
	per_byte = figure("ns/B", l.slope, of.slope, several);
	json_object_set_new(per_byte, "seen", json_boolean(grows));
	json_object_update_new(
		cost,
		json_pack("{s:o,s:o,s:o,s:o,s:f,s:f,s:i,s:f,s:o}", "fixed",
			  fixed_figure(s, &l, &of, first, n), "per_byte", per_byte, "rate",
			  copies && grows ? figure("B/s", 1e9 / l.slope,
						   (struct line_interval){ 1e9 / of.slope.hi,
									   1e9 / of.slope.lo },
						   several && of.slope.lo > 0)
					  : json_null(),
			  "half",
			  grows ? figure("B", line_half(&l), of.half, several) : json_null(),
			  "from", p[0].x, "to", p[n - 1].x, "sizes", (int)n, "worst",
			  worst(s, &l, first, n), "beside", beside(s, &l, first, n)));
}

static void explain(json_t *cost, const struct series *s)
{
	char why[128];

	if (s->n < COSTS_SIZES)
		snprintf(why, sizeof(why),
			 "%zu size%s: it takes %d to see whether they lie on a line", s->n,
			 s->n == 1 ? "" : "s", COSTS_SIZES);
	else
		snprintf(why, sizeof(why),
			 "no line is within %.0f %% of %d neighbouring sizes of the %zu measured",
			 100 * COSTS_TOLERANCE, COSTS_SIZES, s->n);
	json_object_set_new(cost, "reason", json_string(why));
}

static json_t *cost_of(json_t *cases)
{
	json_t *c = json_array_get(cases, 0), *params = json_copy(json_object_get(c, "params"));
	json_t *cost = json_pack("{s:s,s:s,s:O?,s:o}", "path", json_text(c, "path"), "class",
				 json_text(c, "class"), "engine", json_object_get(c, "engine"),
				 "params", params);
	struct series s = { 0 };
	size_t first, n = 0;

	json_object_del(params, "size");
	if (cost && fill(&s, cases)) {
		n = line_stretch(s.points, s.intervals, s.n, COSTS_SIZES, COSTS_TOLERANCE, &first);
		if (n)
			add_line(cost, &s, first, n);
		else
			explain(cost, &s);
		cost_words(cost);
	} else {
		json_decref(cost);
		cost = NULL;
	}
	series_free(&s);
	return cost;
}

json_t *costs_make(const json_t *result, const char *env)
{
	json_t *all = all_series(result, env), *costs = json_array(), *cases;
	const char *key;

	json_object_foreach(all, key, cases) {
		if (json_array_append_new(costs, cost_of(cases))) {
			json_decref(costs);
			costs = NULL;
			break;
		}
	}
	json_decref(all);
	return costs;
}
