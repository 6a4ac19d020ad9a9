// SPDX-License-Identifier: GPL-2.0-only
/* Many small copies in one request, between pages that were pinned and mapped in setup. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "batches.h"
#include "driver_path.h"

static int batch_path_probe(const struct case_params *p, char *why, size_t len)
{
	struct case_params one = *p;
	int ret = batch_probe(p, why, len);

	if (ret)
		return ret;
	/* The engine's alignment is that of each copy. */
	one.size = batch_bytes(p);
	return driver_path_probe(&one, why, len);
}

static int batch_setup(struct copy_ctx *ctx)
{
	uint32_t count = batch_count(&ctx->params);
	uint64_t bytes = batch_bytes(&ctx->params);
	struct dmabench_segment *list;
	int ret = driver_path_setup(ctx, DMABENCH_BUF_REGISTERED);

	if (ret)
		return ret;
	list = calloc(count, sizeof(*list));
	if (!list)
		return -ENOMEM;
	*driver_path_own(ctx) = list;
	for (uint32_t i = 0; i < count; i++)
		list[i] = (struct dmabench_segment){ i * bytes, i * bytes, bytes };
	return 0;
}

static void add_stages(struct stage_sums *to, const struct dmabench_batch *b)
{
	to->ops++;
	to->total += b->total_ns;
	to->map += b->map_ns;
	/* Reading the list is what a caller pays for submitting at once. */
	to->submit += b->list_ns + b->submit_ns;
	to->wait += b->wait_ns;
	to->unmap += b->unmap_ns;
	to->descriptors += b->descriptors;
}

static int batch_submit(struct copy_ctx *ctx)
{
	const struct dmabench_copy *c = driver_path_request(ctx);
	struct dmabench_batch batch = {
		.src = c->src,
		.dst = c->dst,
		.span = c->len,
		.segments_ptr = (__u64)(uintptr_t)*driver_path_own(ctx),
		.segments = batch_count(&ctx->params),
		.engine = c->engine,
		.depth = c->depth,
		.flags = c->flags,
	};

	if (ioctl(driver_path_fd(ctx), DMABENCH_IOC_BATCH, &batch)) {
		int err = errno;

		snprintf(ctx->reason, sizeof(ctx->reason), "BATCH: %s", strerror(err));
		return -err;
	}
	if (ctx->stages)
		add_stages(ctx->stages, &batch);
	return 0;
}

const struct copy_path path_batch = {
	.name = "batch",
	.what = "many small copies by the engine in one request, user pages pinned and mapped once",
	.class = CLASS_COPY,
	.axes = DRIVER_PATH_AXES | AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_BATCH,
	.pinned_beforehand = true,
	.probe = batch_path_probe,
	.setup = batch_setup,
	.submit = batch_submit,
	.teardown = driver_path_teardown,
};
