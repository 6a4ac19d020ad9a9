/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver's paths share that spread a copy over channels and threads: each thread
 * copies a part of its own by a channel, and waits for it.
 */
#ifndef DMABENCH_MULTICHANNEL_PATH_H
#define DMABENCH_MULTICHANNEL_PATH_H

#include "driver.h"
#include "path.h"

#define MULTICHANNEL_AXES                                                                     \
	(AXIS_OFFSET | AXIS_ENGINE | AXIS_CHANNELS | AXIS_THREADS | AXIS_NODES | AXIS_PAGES | \
	 AXIS_CACHE)

int multichannel_probe(const struct case_params *p, char *why, size_t len);
/* DMABENCH_BUF_USER or DMABENCH_BUF_REGISTERED. */
int multichannel_setup(struct copy_ctx *ctx, __u32 kind);
int multichannel_submit(struct copy_ctx *ctx);
int multichannel_wait(struct copy_ctx *ctx);
void multichannel_teardown(struct copy_ctx *ctx);

#endif
