// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations verified one by one. A sample repeats the same copy, so an operation that
 * did nothing after a good one leaves right bytes behind and would pass for a copy. Here
 * the destination is made wrong before each single operation: all of it for a few, three
 * bytes of it (first, last, random) for many. Nothing of this is timed.
 */
#include <errno.h>
#include <stdio.h>

#include "statistics/rng.h"
#include "pattern.h"
#include "phase.h"

#define WHOLE_OPS 16
#define WHOLE_BYTES (16ull << 20)
#define SPOT_OPS 256
#define SPOT_BYTES (64ull << 20)
/* Of the budget, so that slow operations don't make a launch much longer. */
#define BUDGET_SHARE 4

static uint64_t at_most(uint64_t ops, uint64_t bytes, uint64_t size, double by_time)
{
	if (ops > bytes / size)
		ops = bytes / size;
	if ((double)ops > by_time)
		ops = (uint64_t)by_time;
	return ops < 2 ? 2 : ops;
}

static int verify_whole(struct bench *b, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++) {
		int ret = phase_poison(b);

		if (ret)
			return ret;
		ret = b->ctx.params.use == USE_NONE ? path_operate(b->c->path, &b->ctx, 1)
						    : use_operate(b, 1);
		if (ret)
			return phase_operation_failed(b, ret);
		b->ctx.ops++;
		ret = phase_verify(b);
		if (ret)
			return ret;
		b->result->verified_whole++;
	}
	return 0;
}

#define SPOTS 3

/* First, last, and one at random. */
static void choose_spots(const struct copy_pair *pair, uint64_t random, uint64_t *at)
{
	at[0] = 0;
	at[1] = pair->size - 1;
	at[2] = random % pair->size;
}

static void spoil(const struct copy_pair *pair, uint64_t random)
{
	uint64_t at[SPOTS];

	choose_spots(pair, random, at);
	for (int i = 0; i < SPOTS; i++)
		pair->dst[at[i]] = ~pair->src[at[i]];
}

/* Of a pair's spots: how many are right; the first of those that aren't is *left. */
static int right_spots(const struct copy_pair *pair, uint64_t seed, uint64_t random, uint64_t *left)
{
	uint64_t at[SPOTS];
	int right = 0;

	choose_spots(pair, random, at);
	for (int i = 0; i < SPOTS; i++)
		if (pattern_check(pair->dst + at[i], 1, seed, at[i], PATTERN_PLAIN) < 0)
			right++;
		else if (right == i)
			*left = at[i];
	return right;
}

/* Of pairs that this operation was none of, where others have made all bytes right. */
static void restore(const struct copy_pair *pair, uint64_t random)
{
	uint64_t at[SPOTS];

	choose_spots(pair, random, at);
	for (int i = 0; i < SPOTS && pair->ops; i++)
		pair->dst[at[i]] = pair->src[at[i]];
}

/*
 * One operation over right bytes, three of which are spoiled first: they're right again in one pair, or
 * in both directions' two.
 */
static int verify_spots(struct bench *b, uint64_t random)
{
	const unsigned int meant = path_goes_both_ways(&b->ctx.params) ? b->ctx.npairs : 1;
	unsigned int copied = 0, touched = 0;
	const struct copy_pair *of = b->ctx.pairs;
	uint64_t left = 0;
	int ret;

	for (unsigned int i = 0; i < b->ctx.npairs; i++)
		spoil(&b->ctx.pairs[i], random);
	ret = path_operate(b->c->path, &b->ctx, 1);
	if (ret)
		return phase_end(b, LAUNCH_FAILED, "copying", ret);
	b->ctx.ops++;
	for (unsigned int i = 0; i < b->ctx.npairs; i++) {
		uint64_t first = 0;
		int right = right_spots(&b->ctx.pairs[i], b->arena.of[i].seed, random, &first);

		/* A pair that was only partly copied to says more than one that wasn't. */
		if (right < SPOTS && (right || !touched || meant > 1)) {
			left = first;
			of = &b->ctx.pairs[i];
		}
		copied += right == SPOTS;
		touched += right > 0;
		restore(&b->ctx.pairs[i], random);
	}
	if (copied != meant || touched != meant) {
		b->result->status = LAUNCH_FAILED;
		snprintf(b->result->reason, sizeof(b->result->reason),
			 "verification: operation %llu in a row left byte %llu of %llu as it was",
			 (unsigned long long)b->ctx.ops, (unsigned long long)left,
			 (unsigned long long)of->size);
		return -EBADMSG;
	}
	b->result->verified_spots++;
	return 0;
}

int phase_each(struct bench *b, double op_ns)
{
	const uint64_t size = b->ctx.params.size;
	double by_time = (double)b->config->budget_ns / BUDGET_SHARE / op_ns;
	uint64_t ops, rng = b->config->seed;
	int ret;

	/* One operation fills a sample: each is verified there. */
	if (b->batch == 1 && op_ns >= (double)b->config->sample_ns)
		return 0;
	ret = verify_whole(b, at_most(WHOLE_OPS, WHOLE_BYTES, size, by_time));
	/* A path with memory of its own shows its bytes by a pull of all of them only; where the CPU
	 * writes other bytes before each operation, what it reads afterwards tells them apart. */
	if (ret || b->c->path->push || b->c->path->pull || b->ctx.params.use == USE_WRITE_READ)
		return ret;
	ops = at_most(SPOT_OPS, SPOT_BYTES, size, by_time);
	for (uint64_t i = 0; i < ops && !ret; i++)
		ret = verify_spots(b, rng_below(&rng, size));
	return ret ? ret : phase_verify(b);
}
