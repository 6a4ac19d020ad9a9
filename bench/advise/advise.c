// SPDX-License-Identifier: GPL-2.0-only
#include "advise.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/same_machine.h"

const char *const verdict_words[] = {
	"nothing to gain", "hardly anything to gain", "something to gain",
	"something to gain only if the program does other work meanwhile", "can't say"
};

static const char *const cache_names[STATES] = { "hot", "cold" };

static double count_of(const json_t *json, const char *key)
{
	return (double)json_integer_value(json_object_get(json, key));
}

double share_of(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

static bool is_emulated(const json_t *env)
{
	const char *platform = json_string_value(json_object_get(env, "platform"));

	return platform && (!strcmp(platform, "vm-tcg") || !strcmp(platform, "vm-icount"));
}

const char *advise_environment(const json_t *profile, const json_t *result, const char **difference)
{
	const json_t *here = json_object_get(json_object_get(profile, "environment"), "identity");
	const char *first = NULL;
	const json_t *env;
	size_t i;

	*difference = NULL;
	json_array_foreach(json_object_get(result, "environments"), i, env) {
		const char *key = other_machine(json_object_get(env, "identity"), here);
		const char *id = json_string_value(json_object_get(env, "id"));

		if (is_emulated(env))
			continue;
		if (!key) {
			*difference = NULL;
			return id;
		}
		if (!first) {
			first = id;
			*difference = key;
		}
	}
	return first;
}

static int read_bins(struct advice *a)
{
	const json_t *sizes = json_object_get(a->profile, "sizes"), *json;
	size_t i;

	a->bins = calloc(json_array_size(sizes) + 1, sizeof(*a->bins));
	if (!a->bins)
		return -ENOMEM;
	json_array_foreach(sizes, i, json) {
		const json_t *to = json_object_get(json, "to");
		const json_t *overlapping = json_object_get(json, "overlapping_memmove");
		struct bin *b = &a->bins[a->nbins++];

		b->from = (uint64_t)json_integer_value(json_object_get(json, "from"));
		b->to = json_is_integer(to) ? (uint64_t)json_integer_value(to) : UINT64_MAX;
		b->all = (struct copied){ count_of(json, "calls"), count_of(json, "bytes") };
		b->overlapping = (struct copied){ count_of(overlapping, "calls"),
						  count_of(overlapping, "bytes") };
		b->size = share_of(b->all.bytes - b->overlapping.bytes,
				   b->all.calls - b->overlapping.calls);
		a->all.calls += b->all.calls;
		a->all.bytes += b->all.bytes;
		a->overlapping.calls += b->overlapping.calls;
		a->overlapping.bytes += b->overlapping.bytes;
	}
	return 0;
}

static void put(struct copied *to, const struct bin *b)
{
	to->calls += b->all.calls - b->overlapping.calls;
	to->bytes += b->all.bytes - b->overlapping.bytes;
}

/* Straight between two measured sizes, both scales logarithmic; NAN where an end isn't known. */
static double between(double size, uint64_t s0, double v0, uint64_t s1, double v1)
{
	if (s0 == s1)
		return v0;
	if (!(v0 > 0 && v1 > 0))
		return NAN;
	return v0 * pow(v1 / v0, log(size / (double)s0) / log((double)s1 / (double)s0));
}

/* Is it known to be better there? Figures that aren't known (NAN) are better than nothing. */
static bool is_better(const struct pair *p, enum manner manner)
{
	double high = manner == SYNCHRONOUS ? p->other.high : p->other.caller_most;

	return high < p->memcpy.low;
}

static double cost_of(const struct look *l, enum manner manner)
{
	return manner == SYNCHRONOUS ? l->ns : l->caller;
}

/* Against memcpy, whose time the program waits for in any case. */
static void try_curve(const struct curve *curve, double size, enum manner manner,
		      struct choice *best)
{
	for (size_t i = 0; i < curve->n; i++) {
		const struct pair *p = &curve->pairs[i], *q = p;
		double now, then;
		int better;

		if ((double)p->size != size && i + 1 < curve->n)
			q = p + 1;
		/* Where it was measured at that very size, its neighbours say nothing. */
		if (size < (double)p->size ||
		    (q == p ? size > (double)p->size : size >= (double)q->size))
			continue;
		better = is_better(p, manner) + is_better(q, manner);
		if (better < 2) {
			best->undecided |= better == 1;
			return;
		}
		now = between(size, p->size, p->memcpy.ns, q->size, q->memcpy.ns);
		then = between(size, p->size, cost_of(&p->other, manner), q->size,
			       cost_of(&q->other, manner));
		if (!(now - then > best->saved_ns))
			return;
		best->curve = curve;
		best->saved_ns = now - then;
		best->takes_ns = between(size, p->size, p->other.ns, q->size, q->other.ns);
		best->cpu_ns =
			between(size, p->size, p->memcpy.machine, q->size, q->memcpy.machine) -
			between(size, p->size, p->other.machine, q->size, q->other.machine);
		return;
	}
}

struct choice advise_choose(const struct curves *c, double size, enum manner manner)
{
	struct choice best = { 0 };

	for (size_t i = 0; i < c->nothers; i++) {
		const struct curve *curve = &c->others[i];

		/* Only what copies by itself leaves the caller to other work. */
		if (manner == SYNCHRONOUS ? curve->synchronous : curve->engine)
			try_curve(curve, size, manner, &best);
	}
	best.undecided &= !best.curve;
	return best;
}

static void add_choice(struct saving *s, const struct bin *b, const struct choice *c,
		       enum manner manner)
{
	double calls = b->all.calls - b->overlapping.calls;

	if (c->undecided)
		put(&s->undecided, b);
	if (!c->curve)
		return;
	put(&s->copies, b);
	s->time_s += calls * c->saved_ns / 1e9;
	s->cpu_s += calls * c->cpu_ns / 1e9;
	if (manner == OVERLAPPED)
		s->busy_s += calls * c->takes_ns / 1e9;
}

static double memcpy_ns(const struct curves *c, double size)
{
	for (size_t i = 0; i + 1 < c->n; i++)
		if (size <= (double)c->sizes[i + 1])
			return between(size, c->sizes[i], c->memcpy[i].ns, c->sizes[i + 1],
				       c->memcpy[i + 1].ns);
	return c->memcpy[c->n - 1].ns;
}

/* With cold caches nobody's CPU use is measured. */
static bool can_say(const struct curves *c, enum manner manner)
{
	bool known = manner == SYNCHRONOUS;

	for (size_t i = 0; i < c->nothers && !known; i++)
		for (size_t j = 0; j < c->others[i].n && c->others[i].engine; j++)
			known |= !isnan(c->others[i].pairs[j].other.caller);
	return known;
}

static int advise_state(struct advice *a, struct state_advice *s, const char *cache)
{
	const struct curves *c = &s->curves;
	int ret = curves_read(a->result, a->env, cache, &s->curves);

	if (ret)
		return ret == -ENODATA ? 0 : ret;
	s->there = true;
	s->bins = calloc(a->nbins + 1, sizeof(*s->bins));
	if (!s->bins)
		return -ENOMEM;
	for (int m = 0; m < MANNERS; m++)
		s->saving[m].known = can_say(c, (enum manner)m);
	for (size_t i = 0; i < a->nbins; i++) {
		const struct bin *b = &a->bins[i];
		struct bin_state *to = &s->bins[i];

		if (b->all.calls <= b->overlapping.calls)
			continue;
		if (b->size < (double)c->sizes[0] || b->size > (double)c->sizes[c->n - 1]) {
			put(b->size < (double)c->sizes[0] ? &s->below : &s->above, b);
			continue;
		}
		to->measured = true;
		to->memcpy_ns = memcpy_ns(c, b->size);
		put(&s->inside, b);
		s->memcpy_s += (b->all.calls - b->overlapping.calls) * to->memcpy_ns / 1e9;
		for (int m = 0; m < MANNERS; m++) {
			to->choice[m] = advise_choose(c, b->size, (enum manner)m);
			add_choice(&s->saving[m], b, &to->choice[m], (enum manner)m);
		}
	}
	s->below_most_s = s->below.calls * c->memcpy[0].ns / 1e9;
	return 0;
}

static enum verdict_of_advice judge(struct advice *a)
{
	double of = a->cpu_s > 0 ? a->cpu_s : a->wall_s, most[MANNERS] = { 0 };
	bool inside = false;

	for (int i = 0; i < STATES; i++) {
		inside |= a->state[i].inside.calls > 0;
		for (int m = 0; m < MANNERS; m++)
			most[m] = fmax(most[m], a->state[i].saving[m].time_s);
	}
	/* More than it took can't be saved. */
	a->most_s = fmin(fmax(most[SYNCHRONOUS], most[OVERLAPPED]), of);
	if (!inside)
		return CANT_SAY;
	if (!(a->most_s > 0))
		return NOTHING;
	if (a->most_s < LITTLE * of)
		return HARDLY;
	return most[SYNCHRONOUS] >= LITTLE * of ? SOMETHING : ONLY_OVERLAPPED;
}

int advise(struct advice *a)
{
	const json_t *run = json_object_get(a->profile, "run");
	int ret = read_bins(a);

	a->cpu_s = json_number_value(json_object_get(run, "cpu_user_s")) +
		   json_number_value(json_object_get(run, "cpu_system_s"));
	a->wall_s = json_number_value(json_object_get(run, "duration_s"));
	for (int i = 0; i < STATES && !ret; i++)
		ret = advise_state(a, &a->state[i], cache_names[i]);
	if (ret)
		return ret;
	if (!a->state[HOT].there && !a->state[COLD].there)
		return -ENODATA;
	a->verdict = judge(a);
	return 0;
}

void advise_free(struct advice *a)
{
	for (int i = 0; i < STATES; i++) {
		curves_free(&a->state[i].curves);
		free(a->state[i].bins);
		a->state[i].bins = NULL;
	}
	free(a->bins);
	a->bins = NULL;
}
