// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores that go past the caches: no line of the destination is read before it
 * is written, and nothing useful is thrown out.
 */
#include "kernel_path.h"

static int nt_probe(const struct case_params *p, char *why, size_t len)
{
	return kernel_path_probe(COPY_NT, p, why, len);
}

static int nt_setup(struct copy_ctx *ctx)
{
	return kernel_path_setup(ctx, COPY_NT);
}

const struct copy_path path_nt = {
	.name = "nt",
	.what = "vector loads and non-temporal stores, one thread",
	.class = CLASS_COPY,
	.axes = KERNEL_PATH_AXES | AXIS_VECTOR | AXIS_PREFETCH,
	.probe = nt_probe,
	.setup = nt_setup,
	.submit_many = kernel_path_submit_many,
	.teardown = kernel_path_teardown,
};
