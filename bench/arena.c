// SPDX-License-Identifier: GPL-2.0-only
#include "arena.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pattern.h"

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

int arena_create(struct arena *a, const struct copy_path *path, struct copy_ctx *ctx, uint64_t seed,
		 char *why, size_t len)
{
	const struct case_params *p = &ctx->params;
	int ret;

	memset(a, 0, sizeof(*a));
	a->path = path;
	a->ctx = ctx;
	a->seed = seed;
	ret = region_create(&a->src, p->size, p->offset, p->pages, p->src_node, why, len);
	if (ret)
		return ret;
	ret = region_create(&a->dst, p->size, p->offset, p->pages, p->dst_node, why, len);
	if (ret) {
		region_destroy(&a->src);
		return ret;
	}
	pattern_fill(a->src.data, a->src.size, seed, 0, PATTERN_PLAIN);
	fill_guards(&a->src, seed ^ SEED_GUARD, GUARD_SRC);
	fill_guards(&a->dst, seed ^ SEED_GUARD, GUARD_DST);
	ctx->src = a->src.data;
	ctx->dst = a->dst.data;
	ctx->placed_src = a->src.data;
	ctx->placed_dst = a->dst.data;
	return 0;
}

void arena_destroy(struct arena *a)
{
	region_destroy(&a->src);
	region_destroy(&a->dst);
}

int arena_poison(struct arena *a)
{
	pattern_fill(a->dst.data, a->dst.size, a->seed, 0, PATTERN_POISON);
	a->ctx->ops = 0;
	return a->path->push ? a->path->push(a->ctx) : 0;
}

/* What a stretch of bytes must be: a part of a pattern. */
struct expected {
	uint64_t seed, pos;
	uint8_t mask;
};

static int check(const char *what, const uint8_t *at, size_t size, struct expected e, char *why,
		 size_t len)
{
	ssize_t bad = pattern_check(at, size, e.seed, e.pos, e.mask);

	if (bad < 0)
		return 0;
	snprintf(why, len, "verification: %s is wrong at byte %zd of %zu", what, bad, size);
	return -EBADMSG;
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

int arena_verify(struct arena *a, char *why, size_t len)
{
	const struct expected plain = { a->seed, 0, PATTERN_PLAIN };
	int ret = a->path->pull ? a->path->pull(a->ctx) : 0;

	if (ret) {
		snprintf(why, len, "reading the result back: %s", strerror(-ret));
		return ret;
	}
	ret = check("the destination", a->dst.data, a->dst.size, plain, why, len);
	if (!ret)
		ret = check_guards("the destination", &a->dst, a->seed, GUARD_DST, why, len);
	if (!ret)
		ret = check_guards("the source", &a->src, a->seed, GUARD_SRC, why, len);
	if (!ret)
		ret = check("the source", a->src.data, a->src.size, plain, why, len);
	return ret;
}
