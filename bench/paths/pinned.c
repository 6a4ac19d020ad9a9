// SPDX-License-Identifier: GPL-2.0-only
/* The ioctl-pinned path: each operation pins, maps, copies, unmaps and unpins. */
#include "driver_path.h"

/* Where a limit holds, a copy shows whether it is enough before anything is measured. */
static int pinned_setup(struct copy_ctx *ctx)
{
	int ret = driver_path_setup(ctx, DMABENCH_BUF_USER);

	return ret || !driver_pins_limited() ? ret : driver_path_submit(ctx);
}

const struct copy_path path_pinned = {
	.name = "pinned",
	.what = "ioctl: user pages pinned, mapped and copied by the engine, each time",
	.class = CLASS_COPY,
	.axes = DRIVER_PATH_AXES | AXIS_NODES | AXIS_PAGES | AXIS_CACHE,
	.probe = driver_path_probe,
	.setup = pinned_setup,
	.submit = driver_path_submit,
	.teardown = driver_path_teardown,
};
