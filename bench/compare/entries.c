// SPDX-License-Identifier: GPL-2.0-only
#include "entries.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/rng.h"
#include "statistics/shift.h"
#include "statistics/stats.h"
#include "text/escape.h"
#include "text/json_text.h"

static bool has_status(const json_t *c, const char *status)
{
	return json_text_is(c, "status", status);
}

/* The same seed for the same figure of the same case, whatever else is compared. */
static uint64_t seed_of(const struct entry *e)
{
	uint64_t seed = 0;

	for (const char *p = e->id; *p; p++)
		seed = rng_mix(seed + (unsigned char)*p);
	return rng_mix(seed + (uint64_t)(e->figure - figures));
}

static void settle(struct comparison *c, enum verdict verdict, const char *reason)
{
	c->settled = true;
	c->verdict = verdict;
	snprintf(c->reason, sizeof(c->reason), "%s", reason);
	whole_characters(c->reason);
}

/* What a launch says of a figure; false: nothing. */
static bool launch_value(const json_t *launch, const struct figure *figure, const char *location,
			 double *value)
{
	const json_t *json = json_object_get(launch, figure->key);

	if (figure == &figures[FIGURE_TIME])
		json = json_object_get(json, location);
	*value = json_number_value(json);
	return json_is_number(json);
}

struct sides {
	const json_t *launches[2];
	double *v[2];
	size_t n[2];
};

/*
 * The values of both sides; with pairs only those that both have, as launch i of one
 * belongs to launch i of the other. False: one is no positive number.
 */
static bool collect(struct sides *s, const struct figure *figure, const char *location, bool paired)
{
	size_t n[2] = { json_array_size(s->launches[BASE]), json_array_size(s->launches[NOW]) };
	bool good = true;

	s->n[BASE] = s->n[NOW] = 0;
	for (size_t i = 0; i < n[BASE] || i < n[NOW]; i++) {
		double value[2];
		bool have[2];

		for (int side = BASE; side <= NOW; side++)
			have[side] = launch_value(json_array_get(s->launches[side], i), figure,
						  location, &value[side]);
		for (int side = BASE; side <= NOW; side++) {
			if (!have[side] || (paired && !have[!side]))
				continue;
			/* 1e-12 … 1e18 in any unit: its logarithm is of use. */
			good &= value[side] >= 1e-12 && value[side] <= 1e18;
			s->v[side][s->n[side]++] = log(value[side]);
		}
	}
	return good;
}

static double median_of(const double *v, size_t n, double *scratch)
{
	memcpy(scratch, v, n * sizeof(*v));
	return stats_median(scratch, n);
}

/* The shift of the launches' medians, to be shown beside that of the location. */
static void median_change(struct entry *e, struct sides *s, bool paired)
{
	if (!collect(s, &figures[FIGURE_TIME], "median", paired) || !s->n[BASE] || !s->n[NOW])
		return;
	if (paired) {
		for (size_t i = 0; i < s->n[NOW]; i++)
			s->v[NOW][i] -= s->v[BASE][i];
		stats_sort(s->v[NOW], s->n[NOW]);
		e->median_change = expm1(shift_pair_median(s->v[NOW], s->n[NOW]));
	} else {
		stats_sort(s->v[BASE], s->n[BASE]);
		stats_sort(s->v[NOW], s->n[NOW]);
		e->median_change =
			expm1(shift_two_median(s->v[BASE], s->n[BASE], s->v[NOW], s->n[NOW]));
	}
	e->have_median = true;
}

/* Both sides have the case and it may be compared: its numbers. */
static int fill(const struct compare *cmp, struct entry *e, struct comparison *c,
		const json_t *base, const json_t *now)
{
	const struct compare_options *o = cmp->options;
	const char *location = location_names[o->location];
	struct sides s = { .launches = { json_object_get(base, "launches"),
					 json_object_get(now, "launches") } };
	size_t m = json_array_size(s.launches[BASE]), n = json_array_size(s.launches[NOW]);
	bool good;

	e->room = calloc(3 * (m + n), sizeof(double));
	if (!e->room)
		return -ENOMEM;
	s.v[BASE] = e->room + m + n;
	s.v[NOW] = s.v[BASE] + m;
	if (e->figure == &figures[FIGURE_TIME])
		median_change(e, &s, o->rule.paired);
	s.v[BASE] = e->room;
	s.v[NOW] = e->room + m;
	good = collect(&s, e->figure, location, o->rule.paired);
	c->base = s.v[BASE];
	c->now = s.v[NOW];
	c->nbase = s.n[BASE];
	c->nnow = s.n[NOW];
	c->seed = seed_of(e);
	c->exact = !strcmp(e->platform, "vm-icount");
	if (e->figure == &figures[FIGURE_TIME])
		c->stored_floor = json_number_value(json_object_get(base, "aa_floor"));
	for (int side = BASE; side <= NOW; side++) {
		e->have[side] = s.n[side] > 0 && good;
		if (e->have[side])
			e->value[side] =
				exp(median_of(s.v[side], s.n[side], e->room + 2 * (m + n)));
	}
	if (!good)
		settle(c, VERDICT_INCONCLUSIVE, "a launch has a value that isn't above zero");
	else if (!s.n[BASE] && !s.n[NOW])
		settle(c, VERDICT_SKIPPED, "not measured on either side");
	else if (!s.n[BASE])
		settle(c, VERDICT_NEW, "BASE hasn't measured it");
	else if (!s.n[NOW])
		settle(c, VERDICT_MISSING, "BASE has measured it, NEW hasn't");
	return 0;
}

/* Why times of this case mean nothing here; NULL: they mean something. */
static const char *no_times(const struct entry *e, const json_t *c)
{
	if (!strcmp(e->platform, "vm-tcg"))
		return "emulated machine: times mean nothing";
	if (e->kind && !strcmp(e->kind, "emulated") && strcmp(e->platform, "vm-icount"))
		return "emulated engine: times mean nothing";
	if (json_text_is(c, "class", "none"))
		return "it moves nothing: the harness measures itself";
	return NULL;
}

/* Settle what one side decides alone; base or now may be NULL, not both. */
static bool settle_alone(struct comparison *c, const struct entry *e, const json_t *base,
			 const json_t *now)
{
	char reason[sizeof(c->reason)];
	const char *why = e->json ? no_times(e, e->json) : NULL;

	if (has_status(now, "failed")) {
		snprintf(reason, sizeof(reason), "failed in NEW: %s",
			 json_text_if_any(now, "reason"));
		settle(c, VERDICT_FAIL, reason);
	} else if (has_status(base, "ok") && !now) {
		settle(c, VERDICT_MISSING, "not in NEW");
	} else if (has_status(base, "ok") && !has_status(now, "ok")) {
		snprintf(reason, sizeof(reason), "skipped in NEW: %s",
			 json_text_if_any(now, "reason"));
		settle(c, VERDICT_MISSING, reason);
	} else if (has_status(now, "ok") && !has_status(base, "ok")) {
		settle(c, VERDICT_NEW, base ? "BASE skipped it" : "not in BASE");
	} else if (!has_status(now, "ok")) {
		snprintf(reason, sizeof(reason), "skipped in %s: %s", now ? "NEW" : "BASE",
			 json_text_if_any(now ? now : base, "reason"));
		settle(c, VERDICT_SKIPPED, reason);
	} else if (why) {
		settle(c, VERDICT_SKIPPED, why);
	}
	return c->settled;
}

static int add(struct compare *cmp, const json_t *base, const json_t *now)
{
	bool settled = false;

	for (size_t i = 0; i < FIGURES && !settled; i++) {
		struct entry *e = &cmp->entries[cmp->n];
		struct comparison *c = &cmp->c[cmp->n];
		const json_t *of = now ? now : base, *environment;
		int ret;

		if (!cmp->options->figure[i])
			continue;
		e->json = of;
		e->id = json_text_if_any(of, "id");
		e->env = json_text_if_any(of, "env");
		environment = compare_environment(cmp->json[now ? NOW : BASE], e->env);
		e->platform = json_text_if_any(environment, "platform");
		e->kind = json_text_if_any(json_object_get(of, "engine"), "kind");
		e->figure = &figures[i];
		cmp->n++;
		settled = settle_alone(c, e, base, now);
		ret = settled ? 0 : fill(cmp, e, c, base, now);
		if (ret)
			return ret;
	}
	return 0;
}

/* With pairs: the same launches on both sides, by their index. */
static void check_pairs(struct compare *cmp, const json_t *base, const json_t *now)
{
	const json_t *a = json_object_get(base, "launches"), *b = json_object_get(now, "launches");
	bool good = json_array_size(a) == json_array_size(b);
	json_t *launch;
	size_t i;

	if (!cmp->options->rule.paired || !has_status(base, "ok") || !has_status(now, "ok"))
		return;
	json_array_foreach(a, i, launch)
		good &= json_equal(json_object_get(launch, "index"),
				   json_object_get(json_array_get(b, i), "index"));
	if (good)
		return;
	cmp->comparable = false;
	json_array_append_new(cmp->differences,
			      json_pack("{s:O,s:s,s:s,s:I,s:I,s:b}", "env",
					json_object_get(now, "env"), "kind", "identity", "name",
					"launches that pair", "base",
					(json_int_t)json_array_size(a), "new",
					(json_int_t)json_array_size(b), "allowed", 0));
}

int entries_make(struct compare *cmp)
{
	json_t *now = json_object_get(cmp->json[NOW], "cases"), *by_id = json_object(), *c;
	json_t *base = json_object_get(cmp->json[BASE], "cases");
	size_t most = (json_array_size(base) + json_array_size(now)) * FIGURES + 1, i;
	int ret = 0;

	cmp->entries = calloc(most, sizeof(*cmp->entries));
	cmp->c = calloc(most, sizeof(*cmp->c));
	cmp->order = calloc(most, sizeof(*cmp->order));
	if (!cmp->entries || !cmp->c || !cmp->order || !by_id)
		ret = -ENOMEM;
	json_array_foreach(now, i, c)
		json_object_set(by_id, json_text_if_any(c, "id"), c);
	json_array_foreach(base, i, c) {
		const json_t *other = json_object_get(by_id, json_text_if_any(c, "id"));

		check_pairs(cmp, c, other);
		if (!ret)
			ret = add(cmp, c, other);
		json_object_del(by_id, json_text_if_any(c, "id"));
	}
	/* What is left, in the order of NEW. */
	json_array_foreach(now, i, c)
		if (!ret && json_object_get(by_id, json_text_if_any(c, "id")))
			ret = add(cmp, NULL, c);
	json_decref(by_id);
	return ret;
}
