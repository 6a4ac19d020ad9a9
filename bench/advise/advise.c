// SPDX-License-Identifier: GPL-2.0-only
#include "advise.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/same_machine.h"

const char *const verdict_words[] = {
	[NOTHING] = "nothing to gain",
	[HARDLY] = "hardly anything to gain",
	[SOMETHING] = "something to gain",
	[ONLY_OVERLAPPED] = "something to gain only if the program does other work meanwhile",
	[OVERLAPPED_AT_LEAST] = "something to gain if the program does other work meanwhile; if "
				"not, it can't be told",
	[CANT_TELL] = "it can't be told whether there is anything to gain",
	[NO_RIVAL] = "can't say: nothing but memcpy was measured at the sizes that it copies",
	[NO_SIZE] = "can't say: nothing was measured at the sizes that it copies",
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

double advice_whole(const struct advice *a)
{
	return a->cpu_s > 0 ? a->cpu_s : a->wall_s;
}

bool advice_counts(const struct advice *a, double seconds)
{
	return seconds > 0 && seconds >= LITTLE * advice_whole(a);
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

static double calls_of(const struct bin *b)
{
	return b->all.calls - b->overlapping.calls;
}

static void put(struct copied *to, const struct bin *b)
{
	to->calls += calls_of(b);
	to->bytes += b->all.bytes - b->overlapping.bytes;
}

static void add_choice(struct saving *s, const struct bin *b, const struct choice *c,
		       enum manner manner)
{
	double calls = calls_of(b);

	s->may_s += calls * c->may_save_ns / 1e9;
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

/* With cold caches nobody's CPU use is measured. */
static void can_say(const struct curves *c, enum manner manner, struct saving *s)
{
	s->known = manner == SYNCHRONOUS;
	for (size_t i = 0; i < c->nothers; i++) {
		const struct curve *curve = &c->others[i];

		s->any |= manner == SYNCHRONOUS ? curve->synchronous : curve->engine;
		for (size_t j = 0; j < curve->n && curve->engine; j++)
			s->known |= !isnan(curve->pairs[j].other.caller);
	}
}

static void advise_bin(const struct advice *a, struct state_advice *s, size_t i)
{
	const struct bin *b = &a->bins[i];
	const struct curves *c = &s->curves;
	struct bin_state *to = &s->bins[i];
	bool rival = false;

	if (b->all.calls <= b->overlapping.calls)
		return;
	if (b->size < (double)c->sizes[0] || b->size > (double)c->sizes[c->n - 1]) {
		put(b->size < (double)c->sizes[0] ? &s->below : &s->above, b);
		return;
	}
	to->measured = true;
	to->memcpy_ns = advise_memcpy_ns(c, b->size);
	put(&s->inside, b);
	s->memcpy_s += calls_of(b) * to->memcpy_ns / 1e9;
	for (int m = 0; m < MANNERS; m++) {
		to->choice[m] = advise_choose(c, b->size, (enum manner)m);
		add_choice(&s->saving[m], b, &to->choice[m], (enum manner)m);
		rival |= to->choice[m].rival;
	}
	if (rival)
		return;
	put(&s->alone, b);
	s->alone_s += calls_of(b) * to->memcpy_ns / 1e9;
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
		can_say(c, (enum manner)m, &s->saving[m]);
	for (size_t i = 0; i < a->nbins; i++)
		advise_bin(a, s, i);
	for (int m = 0; m < MANNERS && !ret; m++)
		ret = advise_cut(a, s, (enum manner)m);
	s->below_most_s = s->below.calls * c->memcpy[0].ns / 1e9;
	return ret;
}

/* Of what isn't known in one state of the caches nothing is said if it is in the other. */
static bool is_open(const struct advice *a, const struct state_advice *s, enum manner manner)
{
	return advice_counts(a, s->saving[manner].may_s) &&
	       (s->saving[manner].known || !a->state[HOT].there);
}

static enum verdict_of_advice judge(struct advice *a)
{
	double most[MANNERS] = { 0 };
	bool inside = false, rival = false, open[MANNERS] = { false };

	for (int i = 0; i < STATES; i++) {
		const struct state_advice *s = &a->state[i];

		inside |= s->inside.calls > 0;
		rival |= s->inside.calls > s->alone.calls;
		for (int m = 0; m < MANNERS; m++) {
			most[m] = fmax(most[m], s->saving[m].time_s);
			open[m] |= is_open(a, s, (enum manner)m);
		}
	}
	a->most_s = fmax(most[SYNCHRONOUS], most[OVERLAPPED]);
	if (!inside)
		return NO_SIZE;
	if (!rival)
		return NO_RIVAL;
	if (advice_counts(a, most[SYNCHRONOUS]))
		return SOMETHING;
	if (advice_counts(a, most[OVERLAPPED]))
		return open[SYNCHRONOUS] ? OVERLAPPED_AT_LEAST : ONLY_OVERLAPPED;
	if (open[SYNCHRONOUS] || open[OVERLAPPED])
		return CANT_TELL;
	return a->most_s > 0 ? HARDLY : NOTHING;
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
