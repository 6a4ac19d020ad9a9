// SPDX-License-Identifier: GPL-2.0-only
/*
 * The strongest copy that one thread of this machine has for this very case: every
 * kernel is tried on the case's buffers before anything is timed, and the winner copies.
 * What another way is to beat is this, and not any one of them.
 */
#include <errno.h>
#include <stdlib.h>

#include "../cache.h"
#include "../copies/choose.h"
#include "../path.h"

static void run(void *arg, const struct copier *c)
{
	const struct copy_ctx *ctx = arg;

	copier_run(c, ctx->dst, ctx->src, ctx->params.size);
}

static void evict(void *arg)
{
	const struct copy_ctx *ctx = arg;

	cache_evict(ctx->src, ctx->params.size);
	cache_evict(ctx->dst, ctx->params.size);
}

static int fastest_setup(struct copy_ctx *ctx)
{
	struct copier *winner = calloc(1, sizeof(*winner));
	struct contest contest = {
		.run = run, .arg = ctx, .size = ctx->params.size, .seed = ctx->seed
	};

	if (!winner)
		return -ENOMEM;
	ctx->priv = winner;
	contest.before = ctx->params.cache == CACHE_COLD ? evict : NULL;
	choose_copier(&contest, winner);
	copier_name(winner, ctx->variant, sizeof(ctx->variant));
	return 0;
}

static int fastest_submit(struct copy_ctx *ctx)
{
	copier_run(ctx->priv, ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

static void fastest_teardown(struct copy_ctx *ctx)
{
	free(ctx->priv);
}

const struct copy_path path_fastest = {
	.name = "fastest",
	.what = "whichever CPU copy is fastest here, tried beforehand, one thread",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.setup = fastest_setup,
	.submit = fastest_submit,
	.teardown = fastest_teardown,
};
