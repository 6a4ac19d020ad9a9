/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver's asynchronous paths share: an operation is cut into copies that are
 * submitted by io_uring without waiting, up to depth of them in flight.
 */
#ifndef DMABENCH_ASYNC_PATH_H
#define DMABENCH_ASYNC_PATH_H

#include "driver.h"
#include "path.h"

/* 0 where rings are to be had that know commands of devices, or -errno and why. */
int async_path_ring(char *why, size_t len);
int async_path_probe(const struct case_params *p, char *why, size_t len);
/* DMABENCH_BUF_USER or DMABENCH_BUF_REGISTERED. */
int async_path_setup(struct copy_ctx *ctx, __u32 kind);
int async_path_submit(struct copy_ctx *ctx);
int async_path_wait(struct copy_ctx *ctx);
void async_path_teardown(struct copy_ctx *ctx);

#endif
