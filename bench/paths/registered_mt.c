// SPDX-License-Identifier: GPL-2.0-only
/* registered by several channels at once, a thread or more each. */
#include "multichannel_path.h"

static int registered_mt_setup(struct copy_ctx *ctx)
{
	return multichannel_setup(ctx, DMABENCH_BUF_REGISTERED);
}

const struct copy_path path_registered_mt = {
	.name = "registered-mt",
	.what = "user pages pinned and mapped once, each copy shared among channels and threads",
	.class = CLASS_COPY,
	.axes = MULTICHANNEL_AXES,
	.both_ways = true,
	.pinned_beforehand = true,
	.probe = multichannel_probe,
	.setup = registered_mt_setup,
	.submit = multichannel_submit,
	.wait = multichannel_wait,
	.teardown = multichannel_teardown,
};
