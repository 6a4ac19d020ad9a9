// SPDX-License-Identifier: GPL-2.0-only
#include "arena.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pattern.h"

/* Source and destination guards are told apart by seeds of their own. */
#define SEED_GUARD_SRC 0x6775617264000001ull
#define SEED_GUARD_DST 0x6775617264000002ull

static void fill_guards(const struct region *r, uint64_t seed)
{
	pattern_fill(r->data - GUARD_BYTES, GUARD_BYTES, seed, 0, PATTERN_PLAIN);
	pattern_fill(r->data + r->size, GUARD_BYTES, seed, GUARD_BYTES, PATTERN_PLAIN);
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
	fill_guards(&a->src, seed ^ SEED_GUARD_SRC);
	fill_guards(&a->dst, seed ^ SEED_GUARD_DST);
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

static int check(const char *what, const uint8_t *at, size_t size, uint64_t seed, uint64_t pos,
		 char *why, size_t len)
{
	ssize_t bad = pattern_check(at, size, seed, pos, PATTERN_PLAIN);

	if (bad < 0)
		return 0;
	snprintf(why, len, "verification: %s is wrong at byte %zd of %zu", what, bad, size);
	return -EBADMSG;
}

static int check_guards(const char *before, const char *after, const struct region *r,
			uint64_t seed, char *why, size_t len)
{
	int ret = check(before, r->data - GUARD_BYTES, GUARD_BYTES, seed, 0, why, len);

	if (ret)
		return ret;
	return check(after, r->data + r->size, GUARD_BYTES, seed, GUARD_BYTES, why, len);
}

int arena_verify(struct arena *a, char *why, size_t len)
{
	int ret = a->path->pull ? a->path->pull(a->ctx) : 0;

	if (ret) {
		snprintf(why, len, "reading the result back: %s", strerror(-ret));
		return ret;
	}
	ret = check("the destination", a->dst.data, a->dst.size, a->seed, 0, why, len);
	if (!ret)
		ret = check_guards("the guard before the destination",
				   "the guard after the destination", &a->dst,
				   a->seed ^ SEED_GUARD_DST, why, len);
	if (!ret)
		ret = check_guards("the guard before the source", "the guard after the source",
				   &a->src, a->seed ^ SEED_GUARD_SRC, why, len);
	if (!ret)
		ret = check("the source", a->src.data, a->src.size, a->seed, 0, why, len);
	return ret;
}
