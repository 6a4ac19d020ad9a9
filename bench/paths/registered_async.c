// SPDX-License-Identifier: GPL-2.0-only
/* registered without waiting: an operation is many copies, submitted and collected in batches. */
#include "async_path.h"

static int registered_async_setup(struct copy_ctx *ctx)
{
	return async_path_setup(ctx, DMABENCH_BUF_REGISTERED);
}

const struct copy_path path_registered_async = {
	.name = "registered-async",
	.what = "by io_uring, several in flight: user pages pinned and mapped once",
	.class = CLASS_COPY,
	.axes = AXIS_OFFSET | AXIS_ENGINE | AXIS_NODES | AXIS_PAGES | AXIS_CACHE,
	.pinned_beforehand = true,
	.probe = async_path_probe,
	.setup = registered_async_setup,
	.submit = async_path_submit,
	.wait = async_path_wait,
	.teardown = async_path_teardown,
};
