// SPDX-License-Identifier: GPL-2.0-only
/* Any pages: each operation has the GPU's driver pin them, copies, and unpins them. */
#include "gpu/staged_path.h"

static int gpu_staged_pinned_setup(struct copy_ctx *ctx)
{
	return staged_path_setup(ctx, true);
}

const struct copy_path path_gpu_staged_pinned = {
	.name = "gpu-staged-pinned",
	.what = "through a ring in a GPU's memory and back, pages pinned and unpinned each time",
	.class = CLASS_COPY,
	.axes = STAGED_PATH_AXES,
	.engines = ENGINES_GPU,
	.probe = staged_path_probe,
	.setup = gpu_staged_pinned_setup,
	.submit = staged_path_submit,
	.wait = staged_path_wait,
	.teardown = staged_path_teardown,
};
