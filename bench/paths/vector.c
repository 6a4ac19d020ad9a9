// SPDX-License-Identifier: GPL-2.0-only
/* Vector loads and ordinary stores: the destination ends up in the caches. */
#include "kernel_path.h"

static int vector_probe(const struct case_params *p, char *why, size_t len)
{
	return kernel_path_probe(COPY_VECTOR, p, why, len);
}

static int vector_setup(struct copy_ctx *ctx)
{
	return kernel_path_setup(ctx, COPY_VECTOR);
}

const struct copy_path path_vector = {
	.name = "vector",
	.what = "vector loads and ordinary stores, one thread",
	.class = CLASS_COPY,
	.axes = KERNEL_PATH_AXES | AXIS_VECTOR,
	.probe = vector_probe,
	.setup = vector_setup,
	.submit_many = kernel_path_submit_many,
	.teardown = kernel_path_teardown,
};
