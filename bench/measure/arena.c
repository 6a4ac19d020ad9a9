// SPDX-License-Identifier: GPL-2.0-only
#include "arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/cache.h"
#include "pattern.h"
#include "copies/steps.h"

/*
 * Guards have a pattern of their own, and no byte of the destination's is as the source's at
 * its place: whoever copies too much changes a guard, not only 255 times in 256.
 */
#define SEED_GUARD 0x6775617264000001ull
#define GUARD_SRC PATTERN_PLAIN
#define GUARD_DST PATTERN_POISON

static void fill_guards(const struct region *r, uint64_t seed, uint8_t mask)
{
	pattern_fill(r->data - GUARD_BYTES, GUARD_BYTES, seed, 0, mask);
	pattern_fill(r->data + r->size, GUARD_BYTES, seed, GUARD_BYTES, mask);
}

/* The second direction's source lies where the first's destination does, and the other way round. */
static int create_pair(struct arena_pair *pair, const struct case_params *p, unsigned int number,
		       char *why, size_t len)
{
	const bool back = number && path_goes_both_ways(p);
	const uint64_t size = path_pair_size(p, number);
	int ret = region_create(&pair->src, size, p->offset, p->pages,
				back ? p->dst_node : p->src_node, why, len);

	if (ret)
		return ret;
	ret = region_create(&pair->dst, size, p->offset, p->pages, back ? p->src_node : p->dst_node,
			    why, len);
	if (ret)
		return ret;
	pair->from = back ? "the other direction's source" : "the source";
	pair->into = back ? "the other direction's destination" : "the destination";
	pattern_fill(pair->src.data, pair->src.size, pair->seed, 0, PATTERN_PLAIN);
	fill_guards(&pair->src, pair->seed ^ SEED_GUARD, GUARD_SRC);
	fill_guards(&pair->dst, pair->seed ^ SEED_GUARD, GUARD_DST);
	return 0;
}

/* What the path gets to see of them. */
static void show(const struct arena *a, struct copy_ctx *ctx)
{
	for (unsigned int i = 0; i < ctx->npairs; i++)
		ctx->pairs[i] = (struct copy_pair){ .src = a->of[i].src.data,
						    .dst = a->of[i].dst.data,
						    .size = a->of[i].src.size };
	ctx->src = ctx->pairs->src;
	ctx->dst = ctx->pairs->dst;
	ctx->placed_src = ctx->used_src = ctx->src;
	ctx->placed_dst = ctx->dst;
	ctx->used_dst = ctx->dst;
}

int arena_create(struct arena *a, const struct copy_path *path, struct copy_ctx *ctx, uint64_t seed,
		 char *why, size_t len)
{
	unsigned int n = path_pairs(path, &ctx->params);
	int ret = 0;

	ctx->npairs = n;
	ctx->pairs = calloc(n, sizeof(*ctx->pairs));
	*a = (struct arena){ .path = path, .ctx = ctx, .of = calloc(n, sizeof(*a->of)) };
	if (!ctx->pairs || !a->of) {
		snprintf(why, len, "no memory for a list of %u pairs of buffers", n);
		ret = -ENOMEM;
	}
	for (unsigned int i = 0; i < n && !ret; i++) {
		a->of[i].seed = seed + i;
		ret = create_pair(&a->of[i], &ctx->params, i, why, len);
	}
	if (ret)
		arena_destroy(a);
	else
		show(a, ctx);
	return ret;
}

void arena_destroy(struct arena *a)
{
	/* A device may still write to them: the kernel takes them back with the process. */
	if (a->ctx->unfinished)
		return;
	for (unsigned int i = 0; a->of && i < a->ctx->npairs; i++) {
		region_destroy(&a->of[i].src);
		region_destroy(&a->of[i].dst);
	}
	free(a->of);
	a->of = NULL;
	free(a->ctx->pairs);
	a->ctx->pairs = NULL;
}

/* The CPU writes the source anew before each operation, so that this has its own bytes. */
static bool is_written(const struct arena *a)
{
	return a->ctx->params.use == USE_WRITE_READ;
}

static void poison_written(const struct arena_pair *pair)
{
	steps_write(pair->src.data, pair->src.size, pair->seed, STEPS_EVEN);
	steps_write(pair->dst.data, pair->dst.size, pair->seed, STEPS_POISON);
}

int arena_poison(struct arena *a)
{
	for (unsigned int i = 0; i < a->ctx->npairs; i++) {
		const struct arena_pair *pair = &a->of[i];

		if (is_written(a))
			poison_written(pair);
		else
			pattern_fill(pair->dst.data, pair->dst.size, pair->seed, 0, PATTERN_POISON);
		a->ctx->pairs[i].ops = 0;
	}
	a->ctx->ops = a->ctx->used = 0;
	return a->path->push ? a->path->push(a->ctx) : 0;
}

int arena_renew(const struct arena *a)
{
	int ret = 0;

	for (unsigned int i = 0; i < a->ctx->npairs && !ret; i++)
		ret = region_renew(&a->of[i].dst, a->ctx->params.pages);
	return ret;
}

void arena_touch(const struct arena *a)
{
	for (unsigned int i = 0; i < a->ctx->npairs; i++)
		cache_touch(a->of[i].src.data, a->of[i].src.size);
}

/* What a stretch of bytes must be: a part of a pattern. */
struct expected {
	uint64_t seed, pos;
	uint8_t mask;
};

static int say_wrong(const char *what, ssize_t bad, size_t size, char *why, size_t len)
{
	if (bad < 0)
		return 0;
	snprintf(why, len, "verification: %s is wrong at byte %zd of %zu", what, bad, size);
	return -EBADMSG;
}

static int check(const char *what, const uint8_t *at, size_t size, struct expected e, char *why,
		 size_t len)
{
	ssize_t bad = pattern_check(at, size, e.seed, e.pos, e.mask);

	return say_wrong(what, bad, size, why, len);
}

static int check_guards(const char *of, const struct region *r, uint64_t seed, uint8_t mask,
			char *why, size_t len)
{
	struct expected e = { seed ^ SEED_GUARD, 0, mask };
	char what[64];
	int ret;

	snprintf(what, sizeof(what), "the guard before %s", of);
	ret = check(what, r->data - GUARD_BYTES, GUARD_BYTES, e, why, len);
	if (ret)
		return ret;
	e.pos = GUARD_BYTES;
	snprintf(what, sizeof(what), "the guard after %s", of);
	return check(what, r->data + r->size, GUARD_BYTES, e, why, len);
}

/* Guards are as ever; where a move's source is gone the runner's is as it was pushed. */
static int check_written(const struct arena *a, const struct arena_pair *pair, char *why,
			 size_t len)
{
	const enum steps_kind last = a->ctx->used % 2 ? STEPS_ODD : STEPS_EVEN;
	const enum steps_kind dst = a->ctx->used ? last : STEPS_POISON;
	const enum steps_kind src = a->path->class == CLASS_MOVE ? STEPS_EVEN : last;
	int ret = say_wrong("the destination",
			    steps_check(pair->dst.data, pair->dst.size, pair->seed, dst),
			    pair->dst.size, why, len);

	if (!ret)
		ret = check_guards("the destination", &pair->dst, pair->seed, GUARD_DST, why, len);
	if (!ret)
		ret = check_guards("the source", &pair->src, pair->seed, GUARD_SRC, why, len);
	if (!ret)
		ret = say_wrong("the source",
				steps_check(pair->src.data, pair->src.size, pair->seed, src),
				pair->src.size, why, len);
	return ret;
}

static int check_pair(const struct arena_pair *pair, bool copied, char *why, size_t len)
{
	const struct expected plain = { pair->seed, 0, PATTERN_PLAIN };
	const struct expected poison = { pair->seed, 0, PATTERN_POISON };
	int ret = copied ? check(pair->into, pair->dst.data, pair->dst.size, plain, why, len)
			 : check("the destination of no operation", pair->dst.data, pair->dst.size,
				 poison, why, len);

	if (!ret)
		ret = check_guards(pair->into, &pair->dst, pair->seed, GUARD_DST, why, len);
	if (!ret)
		ret = check_guards(pair->from, &pair->src, pair->seed, GUARD_SRC, why, len);
	if (!ret)
		ret = check(pair->from, pair->src.data, pair->src.size, plain, why, len);
	return ret;
}

/* Those that the pair has had: all, or what the path tells of. */
static uint64_t ops_of(const struct copy_ctx *ctx, unsigned int pair)
{
	return ctx->npairs == 1 || path_goes_both_ways(&ctx->params) ? ctx->ops
								     : ctx->pairs[pair].ops;
}

/* Each operation is one of some pair's, but where it is of all. */
static int check_ops(const struct copy_ctx *ctx, char *why, size_t len)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < ctx->npairs; i++)
		sum += ctx->pairs[i].ops;
	if (ctx->npairs == 1 || path_goes_both_ways(&ctx->params) || sum == ctx->ops)
		return 0;
	snprintf(why, len, "verification: of %llu operations the path tells of %llu",
		 (unsigned long long)ctx->ops, (unsigned long long)sum);
	return -EBADMSG;
}

int arena_verify(struct arena *a, char *why, size_t len)
{
	struct copy_ctx *ctx = a->ctx;
	int ret = ctx->ops && a->path->pull ? a->path->pull(ctx) : 0;

	if (ret) {
		snprintf(why, len, "reading the result back: %s",
			 ctx->reason[0] ? ctx->reason : strerror(-ret));
		return ret;
	}
	ret = check_ops(ctx, why, len);
	for (unsigned int i = 0; i < ctx->npairs && !ret && is_written(a); i++)
		ret = check_written(a, &a->of[i], why, len);
	for (unsigned int i = 0; i < ctx->npairs && !ret && !is_written(a); i++)
		ret = check_pair(&a->of[i], ops_of(ctx, i), why, len);
	return ret;
}
