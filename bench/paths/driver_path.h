/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver's paths share. Such a path is a kind of buffer: the same kind on
 * both sides, one COPY request per operation.
 */
#ifndef DMABENCH_DRIVER_PATH_H
#define DMABENCH_DRIVER_PATH_H

#include "driver.h"
#include "path.h"

int driver_path_probe(const struct case_params *p, char *why, size_t len);

/* Open session and engine, make both buffers of this kind. 0 or -errno, ctx->reason set. */
int driver_path_setup(struct copy_ctx *ctx, __u32 kind);
int driver_path_submit(struct copy_ctx *ctx);
void driver_path_teardown(struct copy_ctx *ctx);

/* For paths that build on these: the device, the request as setup made it, memory of their own
 * that teardown frees. */
int driver_path_fd(const struct copy_ctx *ctx);
const struct dmabench_copy *driver_path_request(const struct copy_ctx *ctx);
void **driver_path_own(struct copy_ctx *ctx);

/* Bytes between the runner's buffers and the driver's, guards included. */
int driver_path_push(struct copy_ctx *ctx);
int driver_path_pull(struct copy_ctx *ctx);

#define DRIVER_PATH_AXES (AXIS_OFFSET | AXIS_ENGINE)

#endif
