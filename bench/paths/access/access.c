// SPDX-License-Identifier: GPL-2.0-only
#include "access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copies/steps.h"

int access_setup(struct copy_ctx *ctx)
{
	ctx->priv = calloc(1, sizeof(struct access));
	return ctx->priv ? 0 : -ENOMEM;
}

static int setup_at(struct copy_ctx *ctx, uint8_t *at)
{
	struct access *a;
	int ret = access_setup(ctx);

	if (ret)
		return ret;
	a = ctx->priv;
	a->at = at;
	return 0;
}

int access_source_setup(struct copy_ctx *ctx)
{
	return setup_at(ctx, ctx->src);
}

int access_destination_setup(struct copy_ctx *ctx)
{
	return setup_at(ctx, ctx->dst);
}

void access_teardown(struct copy_ctx *ctx)
{
	free(ctx->priv);
}

void access_own_nothing(const struct case_params *p, uint64_t bytes[2])
{
	(void)p;
	bytes[0] = bytes[1] = 0;
}

int access_out(struct copy_ctx *ctx)
{
	const struct access *a = ctx->priv;

	memcpy(ctx->dst, a->at, ctx->params.size);
	return 0;
}

int access_read(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;

	a->sum = bytes_sum(a->at, ctx->params.size);
	a->done = true;
	return 0;
}

int access_write(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;

	steps_write(a->at, ctx->params.size, ctx->seed, STEPS_EVEN);
	a->done = true;
	return 0;
}

int access_push_read(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;

	if (a->at != ctx->src)
		memcpy(a->at, ctx->src, ctx->params.size);
	a->done = false;
	return 0;
}

int access_push_write(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;

	steps_write(a->at, ctx->params.size, ctx->seed, STEPS_POISON);
	a->done = false;
	return 0;
}

static int wrong(struct copy_ctx *ctx, const char *what)
{
	snprintf(ctx->reason, sizeof(ctx->reason), "verification: %s", what);
	return -EBADMSG;
}

int access_pull_read(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;

	if (!a->done)
		return wrong(ctx, "nothing was read");
	if (a->sum != bytes_sum(ctx->src, ctx->params.size))
		return wrong(ctx, "the sum of what was read is wrong");
	/* Of other memory, what is there now. */
	memcpy(ctx->dst, a->at, ctx->params.size);
	return 0;
}

int access_pull_write(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;
	ssize_t at = steps_check(a->at, ctx->params.size, ctx->seed, STEPS_EVEN);

	if (at >= 0) {
		snprintf(ctx->reason, sizeof(ctx->reason),
			 "verification: byte %zd isn't what was written", at);
		return -EBADMSG;
	}
	memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}
