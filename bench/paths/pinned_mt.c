// SPDX-License-Identifier: GPL-2.0-only
/* pinned by several channels at once, a thread or more each. */
#include "multichannel_path.h"

static int pinned_mt_setup(struct copy_ctx *ctx)
{
	return multichannel_setup(ctx, DMABENCH_BUF_USER);
}

const struct copy_path path_pinned_mt = {
	.name = "pinned-mt",
	.what = "user pages pinned, mapped and copied each time, shared among channels and threads",
	.class = CLASS_COPY,
	.axes = MULTICHANNEL_AXES,
	.both_ways = true,
	.probe = multichannel_probe,
	.setup = pinned_mt_setup,
	.submit = multichannel_submit,
	.wait = multichannel_wait,
	.teardown = multichannel_teardown,
};
