// SPDX-License-Identifier: GPL-2.0-only
/*
 * The strongest copy that one thread of this machine has for this very case: every
 * kernel is tried on the case's buffers before anything is timed, and the winner copies.
 * What another way is to beat is this, and not any one of them.
 */
#include <errno.h>
#include <stdlib.h>

#include "kernel_path.h"

static int fastest_setup(struct copy_ctx *ctx)
{
	struct copier *winner = calloc(1, sizeof(*winner));

	if (!winner)
		return -ENOMEM;
	ctx->priv = winner;
	kernel_path_choose(ctx, (struct contest){ .run = kernel_path_run }, winner);
	return 0;
}

const struct copy_path path_fastest = {
	.name = "fastest",
	.what = "whichever CPU copy is fastest here, tried beforehand, one thread",
	.class = CLASS_COPY,
	.axes = KERNEL_PATH_AXES,
	.contest = true,
	.setup = fastest_setup,
	.submit_many = kernel_path_submit_many,
	.teardown = kernel_path_teardown,
};
