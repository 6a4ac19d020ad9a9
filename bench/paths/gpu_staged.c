// SPDX-License-Identifier: GPL-2.0-only
/* Buffers that the GPU's driver has pinned beforehand: an operation only copies. */
#include "gpu/staged_path.h"

static int gpu_staged_setup(struct copy_ctx *ctx)
{
	return staged_path_setup(ctx, false);
}

const struct copy_path path_gpu_staged = {
	.name = "gpu-staged",
	.what = "through a ring in a GPU's memory and back by its copy engines, user pages pinned "
		"once",
	.class = CLASS_COPY,
	.axes = STAGED_PATH_AXES,
	.pinned_beforehand = true,
	.engines = ENGINES_GPU,
	.probe = staged_path_probe,
	.setup = gpu_staged_setup,
	.submit = staged_path_submit,
	.wait = staged_path_wait,
	.teardown = staged_path_teardown,
};
