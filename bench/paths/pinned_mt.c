// SPDX-License-Identifier: GPL-2.0-only
/* pinned by several channels at once, a thread or more each. */
#include "spread_path.h"

static int pinned_mt_setup(struct copy_ctx *ctx)
{
	return spread_path_setup(ctx, DMABENCH_BUF_USER);
}

const struct copy_path path_pinned_mt = {
	.name = "pinned-mt",
	.what = "user pages pinned, mapped and copied each time, shared among channels and threads",
	.class = CLASS_COPY,
	.axes = SPREAD_PATH_AXES,
	.probe = spread_path_probe,
	.setup = pinned_mt_setup,
	.submit = spread_path_submit,
	.wait = spread_path_wait,
	.teardown = spread_path_teardown,
};
