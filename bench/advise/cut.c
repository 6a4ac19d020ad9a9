// SPDX-License-Identifier: GPL-2.0-only
/* No more can be saved than there is. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advise.h"

/* Each of them can work as long as the program runs. */
static size_t engines_of(const struct advice *a)
{
	const json_t *env, *engine;
	size_t i, j, n = 0;

	json_array_foreach(json_object_get(a->result, "environments"), i, env) {
		if (json_string_value(json_object_get(env, "id")) != a->env)
			continue;
		json_array_foreach(json_object_get(env, "engines"), j, engine) {
			const char *kind = json_string_value(json_object_get(engine, "kind"));

			n += kind && !strcmp(kind, "hardware");
		}
	}
	return n ? n : 1;
}

/* The bin that saves the most for each second that the engine works, of those not taken yet. */
static size_t next_best(const struct advice *a, const struct state_advice *s, const bool *taken)
{
	double most = 0;
	size_t best = a->nbins;

	for (size_t i = 0; i < a->nbins; i++) {
		const struct choice *c = &s->bins[i].choice[OVERLAPPED];

		if (!taken[i] && c->curve && c->saved_ns / c->takes_ns > most) {
			most = c->saved_ns / c->takes_ns;
			best = i;
		}
	}
	return best;
}

/* Of as many copies as the engines have time for, those that gain the most. */
static int cut_to_engines(const struct advice *a, const struct state_advice *s, double room,
			  struct saving *to)
{
	bool *taken = calloc(a->nbins + 1, sizeof(*taken));
	size_t i;

	if (!taken)
		return -ENOMEM;
	to->cut = true;
	to->may_s -= to->time_s;
	to->time_s = to->cpu_s = to->busy_s = 0;
	to->copies = (struct copied){ 0 };
	while (room > 0 && (i = next_best(a, s, taken)) < a->nbins) {
		const struct choice *c = &s->bins[i].choice[OVERLAPPED];
		double calls = a->bins[i].all.calls - a->bins[i].overlapping.calls;

		calls = fmin(calls, room / (c->takes_ns / 1e9));
		taken[i] = true;
		to->copies.calls += floor(calls);
		to->copies.bytes += floor(floor(calls) * a->bins[i].size);
		to->time_s += calls * c->saved_ns / 1e9;
		to->cpu_s += calls * c->cpu_ns / 1e9;
		to->busy_s += calls * c->takes_ns / 1e9;
		room -= calls * c->takes_ns / 1e9;
	}
	to->may_s += to->time_s;
	free(taken);
	return 0;
}

int advise_cut(const struct advice *a, struct state_advice *s, enum manner manner)
{
	struct saving *to = &s->saving[manner];
	double room = a->wall_s * (double)engines_of(a), whole = advice_whole(a);
	int ret = 0;

	if (room > 0 && to->busy_s > room)
		ret = cut_to_engines(a, s, room, to);
	if (whole > 0 && to->time_s > whole) {
		to->cpu_s *= whole / to->time_s;
		to->time_s = whole;
	}
	if (whole > 0)
		to->may_s = fmin(to->may_s, whole);
	return ret;
}
