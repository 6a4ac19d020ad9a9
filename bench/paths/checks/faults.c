// SPDX-License-Identifier: GPL-2.0-only
/* Copies that go wrong, each in one way. */
#include <string.h>

#include "checks.h"

/* A launch has one path, so that one count is enough; setup begins it anew. */
static unsigned long done;

static int fault_setup(struct copy_ctx *ctx)
{
	(void)ctx;
	done = 0;
	return 0;
}

static int nothing(struct copy_ctx *ctx)
{
	(void)ctx;
	return 0;
}

/* The first operation of the launch is right; from then on its bytes would do for each. */
static int stale(struct copy_ctx *ctx)
{
	if (!done++)
		memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

/* It does its work once after each poisoning, which a look at the last bytes can't tell. */
static int first_only(struct copy_ctx *ctx)
{
	if (!ctx->ops)
		memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

static int every_nth_not(struct copy_ctx *ctx, unsigned long n)
{
	if (++done % n)
		memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

static int second_not(struct copy_ctx *ctx)
{
	return every_nth_not(ctx, 2);
}

static int hundredth_not(struct copy_ctx *ctx)
{
	return every_nth_not(ctx, 100);
}

static int one_short(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, ctx->params.size - 1);
	return 0;
}

static int one_beyond(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, ctx->params.size + 1);
	return 0;
}

static int shifted(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src + 1, ctx->params.size);
	return 0;
}

static int backwards(struct copy_ctx *ctx)
{
	memcpy(ctx->src, ctx->dst, ctx->params.size);
	return 0;
}

#define FAULT(function, label, words)                                                             \
	&(const struct copy_path)                                                                 \
	{                                                                                         \
		.name = "check-" label, .what = words, .class = CLASS_COPY,                       \
		.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET, .setup = fault_setup, \
		.submit = function,                                                               \
	}

const struct copy_path *const faulty_paths[] = {
	FAULT(nothing, "nothing", "copies nothing"),
	FAULT(stale, "stale", "copies once and then relies on what is there"),
	FAULT(first_only, "first-only", "copies once a sample, then nothing"),
	FAULT(second_not, "second-not", "leaves out every second operation"),
	FAULT(hundredth_not, "hundredth-not", "leaves out every 100th operation"),
	FAULT(one_short, "short", "leaves out the last byte"),
	FAULT(one_beyond, "beyond", "writes one byte beyond the destination"),
	FAULT(shifted, "shifted", "copies from one byte further on"),
	FAULT(backwards, "backwards", "copies from the destination to the source"),
};

const size_t faulty_paths_count = sizeof(faulty_paths) / sizeof(faulty_paths[0]);

const struct copy_path *check_find(const char *name)
{
	for (size_t i = 0; i < faulty_paths_count; i++)
		if (!strcmp(faulty_paths[i]->name, name))
			return faulty_paths[i];
	if (!strcmp(path_slowed_little.name, name))
		return &path_slowed_little;
	return strcmp(path_slowed_much.name, name) ? NULL : &path_slowed_much;
}
