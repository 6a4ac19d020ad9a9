// SPDX-License-Identifier: GPL-2.0-only
#include "fleets.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/rng.h"
#include "statistics/stats.h"

static bool same_fleet(const struct trend_run *x, const struct trend_run *y)
{
	return x->batch && x->batch == y->batch && !memcmp(x->file, y->file, x->batch);
}

/* A number that is the same for the same text, and else by chance. */
static uint64_t shuffled(const char *text)
{
	uint64_t mixed = 0;

	for (; *text; text++)
		mixed = rng_mix(mixed + (unsigned char)*text);
	return mixed;
}

/*
 * Runs of a fleet are of one moment, whichever machine was slow to begin, and which machine is
 * when must not look like a change: the order within is by chance, the same each time.
 */
static int older_fleet_first(const void *a, const void *b)
{
	const struct trend_run *x = a, *y = b;
	int order = strcmp(x->batch_start, y->batch_start);

	if (order)
		return order;
	if (!same_fleet(x, y))
		return strcmp(x->file, y->file);
	return (shuffled(x->file) > shuffled(y->file)) - (shuffled(x->file) < shuffled(y->file));
}

/* Of runs by their start: a fleet begins when its first machine does. */
void runs_sort(struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++) {
		struct trend_run *run = &runs->run[i];
		size_t first = i;

		if (!run->batch_start)
			for (run->batch_start = run->start; first < runs->n && run->batch; first++)
				if (same_fleet(run, &runs->run[first]))
					runs->run[first].batch_start = run->start;
	}
	qsort(runs->run, runs->n, sizeof(*runs->run), older_fleet_first);
}

static const char *id_of(const json_t *c)
{
	return json_string_value(json_object_get(c, "id"));
}

/* All cases of the runs from, from + FLEET_PARTS … before to: {id: the case of the first that has it}. */
static json_t *all_cases(const struct runs *runs, size_t from, size_t to)
{
	json_t *all = json_object(), *c;
	size_t i;

	for (size_t r = from; r < to; r += FLEET_PARTS)
		json_array_foreach(json_object_get(runs->run[r].json, "cases"), i, c)
			if (!json_object_get(all, id_of(c)))
				json_object_set(all, id_of(c), c);
	return all;
}

/* {id: [logarithms]} of the same runs. */
static json_t *all_values(const struct runs *runs, size_t from, size_t to)
{
	json_t *all = json_object(), *c;
	size_t i;

	for (size_t r = from; r < to; r += FLEET_PARTS)
		json_array_foreach(json_object_get(runs->run[r].json, "cases"), i, c) {
			json_t *value = json_object_get(c, "log_ns"), *list;

			if (!value)
				continue;
			list = json_object_get(all, id_of(c));
			if (!list && !json_object_set_new(all, id_of(c), json_array()))
				list = json_object_get(all, id_of(c));
			json_array_append(list, value);
		}
	return all;
}

static json_t *median_of(const json_t *list)
{
	size_t n = json_array_size(list), i;
	double *v = malloc((n + 1) * sizeof(*v));
	json_t *value, *median;

	if (!v)
		return NULL;
	json_array_foreach(list, i, value)
		v[i] = json_real_value(value);
	median = n ? json_real(stats_median(v, n)) : NULL;
	free(v);
	return median;
}

/* The run from stands for all of its share. */
static int pool_part(struct runs *runs, size_t from, size_t to)
{
	json_t *all = all_cases(runs, from, to), *values = all_values(runs, from, to);
	json_t *cases = json_array(), *c;
	const char *id;
	int ret = all && values && cases ? 0 : -ENOMEM;

	json_object_foreach(all, id, c) {
		json_t *median = median_of(json_object_get(values, id));

		if (median)
			ret |= json_object_set_new(c, "log_ns", median);
		ret |= json_array_append(cases, c);
	}
	json_object_set_new(runs->run[from].json, "cases", cases);
	json_decref(all);
	json_decref(values);
	for (size_t r = from + FLEET_PARTS; r < to; r += FLEET_PARTS) {
		runs->run[from].others++;
		json_decref(runs->run[r].json);
		runs->run[r].json = NULL;
	}
	return ret ? -ENOMEM : 0;
}

int runs_pool(struct runs *runs)
{
	int ret = 0;

	for (size_t from = 0, to; from < runs->n && !ret; from = to) {
		for (to = from + 1; to < runs->n && same_fleet(&runs->run[from], &runs->run[to]);)
			to++;
		for (size_t p = from; p < from + FLEET_PARTS && p + FLEET_PARTS < to && !ret; p++)
			ret = pool_part(runs, p, to);
	}
	return ret;
}
