// SPDX-License-Identifier: GPL-2.0-only
#include "call_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int call_failed(struct copy_ctx *ctx, const char *what)
{
	int err = errno;

	snprintf(ctx->reason, sizeof(ctx->reason), "%s: %s", what, strerror(err));
	return -err;
}

int call_pull(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

int call_open_device(struct copy_ctx *ctx)
{
	struct calls *c = calloc(1, sizeof(*c));
	struct dmabench_engine_info engine;
	int ret;

	if (!c)
		return -ENOMEM;
	ctx->priv = c;
	c->fd = driver_open(ctx->reason, sizeof(ctx->reason));
	if (c->fd < 0)
		return c->fd;
	ret = driver_find(c->fd, &ctx->params, &engine, ctx->reason, sizeof(ctx->reason));
	if (!ret)
		memcpy(c->open.name, engine.name, sizeof(engine.name));
	return ret;
}

int call_open_engine(struct copy_ctx *ctx)
{
	struct calls *c;
	int ret = call_open_device(ctx);

	if (ret)
		return ret;
	c = ctx->priv;
	if (driver_open_engine(c->fd, c->open.name, &c->engine))
		return call_failed(ctx, "ENGINE_OPEN");
	return 0;
}

void call_close(struct copy_ctx *ctx)
{
	struct calls *c = ctx->priv;

	if (c && c->fd >= 0)
		close(c->fd); /* and all that was made through it */
	if (c)
		free(c->own);
	free(c);
}

struct dmabench_buffer call_buffer(const struct copy_ctx *ctx, __u32 kind)
{
	const struct calls *c = ctx->priv;
	struct dmabench_buffer b = { .engine = c->engine,
				     .kind = kind,
				     .flags = DMABENCH_BUF_DEST,
				     .node = -1,
				     .size = ctx->params.size };

	if (kind == DMABENCH_BUF_REGISTERED)
		b.addr = (__u64)(uintptr_t)ctx->dst;
	return b;
}

int call_with_buffer(struct copy_ctx *ctx, __u32 kind)
{
	struct calls *c;
	int ret = call_open_engine(ctx);

	if (ret)
		return ret;
	c = ctx->priv;
	c->buffer = call_buffer(ctx, kind);
	if (ioctl(c->fd, DMABENCH_IOC_BUFFER_CREATE, &c->buffer))
		return call_failed(ctx, "BUFFER_CREATE");
	return 0;
}
