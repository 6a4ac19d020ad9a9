// SPDX-License-Identifier: GPL-2.0-only
/* The C library's memcpy: what a program gets that doesn't choose. */
#include "kernel_path.h"

static int memcpy_probe(const struct case_params *p, char *why, size_t len)
{
	return kernel_path_probe(COPY_LIBC, p, why, len);
}

static int memcpy_setup(struct copy_ctx *ctx)
{
	return kernel_path_setup(ctx, COPY_LIBC);
}

const struct copy_path path_memcpy = {
	.name = "memcpy",
	.what = "the C library's memcpy, one thread",
	.class = CLASS_COPY,
	.axes = KERNEL_PATH_AXES,
	.probe = memcpy_probe,
	.setup = memcpy_setup,
	.submit_many = kernel_path_submit_many,
	.teardown = kernel_path_teardown,
};
