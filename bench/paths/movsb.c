// SPDX-License-Identifier: GPL-2.0-only
/* The processor's own block move by bytes: microcode picks the width and the cache policy. */
#include "kernel_path.h"

static int movsb_probe(const struct case_params *p, char *why, size_t len)
{
	return kernel_path_probe(COPY_MOVSB, p, why, len);
}

static int movsb_setup(struct copy_ctx *ctx)
{
	return kernel_path_setup(ctx, COPY_MOVSB);
}

const struct copy_path path_movsb = {
	.name = "movsb",
	.what = "rep movsb, one thread (x86)",
	.class = CLASS_COPY,
	.axes = KERNEL_PATH_AXES,
	.probe = movsb_probe,
	.setup = movsb_setup,
	.submit_many = kernel_path_submit_many,
	.teardown = kernel_path_teardown,
};
