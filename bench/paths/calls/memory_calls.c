// SPDX-License-Identifier: GPL-2.0-only
#include "memory_calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "machine/clock.h"
#include "memory/region.h"
#include "call_session.h"

/* Made and destroyed; the stages: pin and map as the driver says, unpin all of the way back. */
static int register_once(struct copy_ctx *ctx, struct dmabench_buffer b)
{
	const struct calls *c = ctx->priv;
	struct dmabench_destroy destroy = { 0 };
	struct stage_sums *sums = ctx->stages;
	uint64_t start = sums ? now_ns() : 0, made, end;

	if (ioctl(c->fd, DMABENCH_IOC_BUFFER_CREATE, &b))
		return call_failed(ctx, "BUFFER_CREATE");
	made = sums ? now_ns() : 0;
	destroy.handle = b.handle;
	if (ioctl(c->fd, DMABENCH_IOC_BUFFER_DESTROY, &destroy))
		return call_failed(ctx, "BUFFER_DESTROY");
	if (!sums)
		return 0;
	end = now_ns();
	sums->ops++;
	sums->total += end - start;
	sums->pin += b.pin_ns;
	sums->map += b.map_ns;
	sums->unpin += end - made;
	sums->sg_dst_pinned += b.sg_pinned;
	sums->sg_dst_mapped += b.sg_mapped;
	return 0;
}

static int submit_registered(struct copy_ctx *ctx)
{
	return register_once(ctx, call_buffer(ctx, DMABENCH_BUF_REGISTERED));
}

CALL(call_registered, "registered", "BUFFER_CREATE and _DESTROY, registered", call_open_engine,
     submit_registered, NULL, call_pull, AXIS_PAGES);

static void own_fresh(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = 0;
	bytes[1] = region_bytes(p->size, 0, p->pages);
}

/* Memory of its own, whose pages are given back before each operation. */
static int setup_fresh(struct copy_ctx *ctx)
{
	const struct case_params *p = &ctx->params;
	int ret = call_open_engine(ctx);
	struct region *fresh;
	struct calls *c;

	if (ret)
		return ret;
	c = ctx->priv;
	fresh = calloc(1, sizeof(*fresh));
	if (!fresh)
		return -ENOMEM;
	c->own = fresh;
	ret = region_create(fresh, p->size, 0, p->pages, p->dst_node, ctx->reason,
			    sizeof(ctx->reason));
	if (ret)
		return ret;
	ctx->placed_dst = fresh->data;
	return 0;
}

static int submit_fresh(struct copy_ctx *ctx)
{
	struct calls *c = ctx->priv;
	struct region *fresh = c->own;
	struct dmabench_buffer b = call_buffer(ctx, DMABENCH_BUF_REGISTERED);

	if (madvise(fresh->map, fresh->map_size, MADV_DONTNEED))
		return call_failed(ctx, "madvise: pages can't be given back");
	b.addr = (__u64)(uintptr_t)fresh->data;
	return register_once(ctx, b);
}

/* Pages that were got anew are zero, and of the size that was asked for. */
static int pull_fresh(struct copy_ctx *ctx)
{
	struct calls *c = ctx->priv;
	struct region *fresh = c->own;

	for (uint64_t i = 0; i < ctx->params.size; i++) {
		if (!fresh->data[i])
			continue;
		snprintf(ctx->reason, sizeof(ctx->reason), "a fresh page isn't zero");
		return -EIO;
	}
	if (ctx->params.pages == PAGES_THP &&
	    pages_check_thp(fresh->data, ctx->params.size, ctx->reason, sizeof(ctx->reason)))
		return -ENODATA;
	return call_pull(ctx);
}

static void teardown_fresh(struct copy_ctx *ctx)
{
	struct calls *c = ctx->priv;

	if (c && c->own)
		region_destroy(c->own);
	call_close(ctx);
}

const struct copy_path call_pin_fresh = {
	.name = "call-pin-fresh",
	.what = "BUFFER_CREATE and _DESTROY, registered, of pages never touched",
	.class = CLASS_CALL,
	.axes = AXIS_ENGINE_NAME | AXIS_PAGES | AXIS_NODES,
	.probe = driver_path_probe,
	.own = own_fresh,
	.setup = setup_fresh,
	.submit = submit_fresh,
	.pull = pull_fresh,
	.teardown = teardown_fresh,
};

static int sync_once(struct copy_ctx *ctx, struct dmabench_sync *sync)
{
	const struct calls *c = ctx->priv;

	sync->handle = c->buffer.handle;
	sync->len = ctx->params.size;
	return ioctl(c->fd, DMABENCH_IOC_BUFFER_SYNC, sync) ? call_failed(ctx, "BUFFER_SYNC") : 0;
}

static int setup_sync(struct copy_ctx *ctx)
{
	struct dmabench_sync sync = { 0 };
	int ret = call_with_buffer(ctx, DMABENCH_BUF_REGISTERED);

	if (!ret)
		ret = sync_once(ctx, &sync);
	if (!ret)
		snprintf(ctx->variant, sizeof(ctx->variant), "%s",
			 sync.needed ? "needed" : "not needed");
	return ret;
}

/* The stages: map is to the engine, unmap is back. */
static int submit_sync(struct copy_ctx *ctx)
{
	struct dmabench_sync sync = { 0 };
	struct stage_sums *sums = ctx->stages;
	uint64_t start = sums ? now_ns() : 0;
	int ret = sync_once(ctx, &sync);

	if (ret || !sums)
		return ret;
	sums->ops++;
	sums->total += now_ns() - start;
	sums->map += sync.device_ns;
	sums->unmap += sync.cpu_ns;
	return 0;
}

/* Its bytes are the pattern that the runner put there. */
static int pull_sync(struct copy_ctx *ctx)
{
	return submit_sync(ctx);
}

static int push_sync(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

CALL(call_sync, "sync", "BUFFER_SYNC of a registered buffer", setup_sync, submit_sync, push_sync,
     pull_sync, AXIS_PAGES);
