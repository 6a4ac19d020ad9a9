// SPDX-License-Identifier: GPL-2.0-only
/* What batch is up against: the same small copies by the C library, one after the other. */
#include <string.h>

#include "batches.h"
#include "path.h"

static int memcpy_batch_submit(struct copy_ctx *ctx)
{
	/* Through a volatile pointer, or the compiler might make one copy of them. */
	void *(*volatile copy)(void *, const void *, size_t) = memcpy;
	uint32_t count = batch_count(&ctx->params);
	size_t bytes = batch_bytes(&ctx->params);

	for (uint32_t i = 0; i < count; i++)
		copy(ctx->dst + i * bytes, ctx->src + i * bytes, bytes);
	return 0;
}

const struct copy_path path_memcpy_batch = {
	.name = "memcpy-batch",
	.what = "many small copies by the C library's memcpy",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET | AXIS_BATCH,
	.probe = batch_probe,
	.submit = memcpy_batch_submit,
};
