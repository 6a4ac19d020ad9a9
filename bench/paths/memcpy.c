// SPDX-License-Identifier: GPL-2.0-only
/* The C library's memcpy, called through a pointer so that the compiler can't inline it. */
#include <string.h>

#include "../path.h"

static void *(*volatile copy)(void *, const void *, size_t) = memcpy;

static int memcpy_submit(struct copy_ctx *ctx)
{
	copy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

const struct copy_path path_memcpy = {
	.name = "memcpy",
	.what = "the C library's memcpy, one thread",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.submit = memcpy_submit,
};
