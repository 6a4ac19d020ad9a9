/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the GPU's paths share: host memory to a ring in the GPU's memory and back to host memory,
 * a stream each way, so that both directions of the bus move at once and no CPU touches a byte.
 */
#ifndef DMABENCH_STAGED_PATH_H
#define DMABENCH_STAGED_PATH_H

#include "../path.h"

#define STAGED_PATH_AXES (AXIS_ENGINE | AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET)

int staged_path_probe(const struct case_params *p, char *why, size_t len);

/* each: the buffers are registered in each operation, not once and for all. */
int staged_path_setup(struct copy_ctx *ctx, bool each);
int staged_path_submit(struct copy_ctx *ctx);
int staged_path_wait(struct copy_ctx *ctx);
void staged_path_teardown(struct copy_ctx *ctx);

#endif
