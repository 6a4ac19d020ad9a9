// SPDX-License-Identifier: GPL-2.0-only
/* The processor's own block move by words of eight bytes. */
#include "kernel_path.h"

static int movsq_probe(const struct case_params *p, char *why, size_t len)
{
	return kernel_path_probe(COPY_MOVSQ, p, why, len);
}

static int movsq_setup(struct copy_ctx *ctx)
{
	return kernel_path_setup(ctx, COPY_MOVSQ);
}

const struct copy_path path_movsq = {
	.name = "movsq",
	.what = "rep movsq, one thread (x86)",
	.class = CLASS_COPY,
	.axes = KERNEL_PATH_AXES,
	.probe = movsq_probe,
	.setup = movsq_setup,
	.submit_many = kernel_path_submit_many,
	.teardown = kernel_path_teardown,
};
