// SPDX-License-Identifier: GPL-2.0-only
/* The plain DMA-engine path: kernel memory on the asked nodes, as dmatest does it. */
#include "driver_path.h"

static int engine_setup(struct copy_ctx *ctx)
{
	return driver_path_setup(ctx, DMABENCH_BUF_KERNEL);
}

const struct copy_path path_engine = {
	.name = "engine",
	.what = "kernel buffers, streaming-mapped, copied by the engine",
	.class = CLASS_COPY,
	.axes = DRIVER_PATH_AXES | AXIS_NODES,
	.unfresh = "its buffers are the kernel's, which has touched them",
	.unreadable =
		"its buffers are the kernel's, where a program can't read but by a system call",
	.probe = driver_path_probe,
	.setup = engine_setup,
	.submit = driver_path_submit,
	.push = driver_path_push,
	.pull = driver_path_pull,
	.teardown = driver_path_teardown,
};
