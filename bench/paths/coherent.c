// SPDX-License-Identifier: GPL-2.0-only
/* The coherent mmap path: user space fills and reads the mappings, the engine copies between. */
#include "driver_path.h"

static int coherent_setup(struct copy_ctx *ctx)
{
	return driver_path_setup(ctx, DMABENCH_BUF_COHERENT);
}

const struct copy_path path_coherent = {
	.name = "coherent",
	.what = "coherent buffers that user space has mmapped, copied by the engine",
	.class = CLASS_COPY,
	/* dma_alloc_coherent takes the device's node: source and destination can't be placed. */
	.axes = DRIVER_PATH_AXES | AXIS_CPU_NODE,
	.unfresh = "its buffers are the driver's, which has touched them",
	.probe = driver_path_probe,
	.setup = coherent_setup,
	.submit = driver_path_submit,
	.push = driver_path_push,
	.pull = driver_path_pull,
	.teardown = driver_path_teardown,
};
