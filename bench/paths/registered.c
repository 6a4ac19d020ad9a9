// SPDX-License-Identifier: GPL-2.0-only
/* The same user pages again and again: pinned and mapped in setup, only copied here. */
#include "driver_path.h"

static int registered_setup(struct copy_ctx *ctx)
{
	return driver_path_setup(ctx, DMABENCH_BUF_REGISTERED);
}

const struct copy_path path_registered = {
	.name = "registered",
	.what = "user pages pinned and mapped once, copied by the engine many times",
	.class = CLASS_COPY,
	.axes = DRIVER_PATH_AXES | AXIS_NODES | AXIS_PAGES | AXIS_CACHE,
	.pinned_beforehand = true,
	.probe = driver_path_probe,
	.setup = registered_setup,
	.submit = driver_path_submit,
	.teardown = driver_path_teardown,
};
