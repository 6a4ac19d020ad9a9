// SPDX-License-Identifier: GPL-2.0-only
/* registered by several channels at once, a thread or more each. */
#include "spread_path.h"

static int registered_mt_setup(struct copy_ctx *ctx)
{
	return spread_path_setup(ctx, DMABENCH_BUF_REGISTERED);
}

const struct copy_path path_registered_mt = {
	.name = "registered-mt",
	.what = "user pages pinned and mapped once, each copy shared among channels and threads",
	.class = CLASS_COPY,
	.axes = SPREAD_PATH_AXES,
	.probe = spread_path_probe,
	.setup = registered_mt_setup,
	.submit = spread_path_submit,
	.wait = spread_path_wait,
	.teardown = spread_path_teardown,
};
