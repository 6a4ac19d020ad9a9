/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How fast the CPU itself is in some memory: reading it, writing it, copying out of it. One operation
 * is all of the case's bytes, once. Each path has such a memory and says where it is.
 *
 * Reading gives a sum, writing a known pattern (copies/steps.h); both are checked outside the window.
 */
#ifndef DMABENCH_ACCESS_H
#define DMABENCH_ACCESS_H

#include "paths/path.h"

struct access {
	uint8_t *at;  /* params.size bytes of the memory */
	uint64_t sum; /* reading: of the last operation */
	bool done;    /* since the last push */
	void *own;    /* what the memory belongs to */
};

#define MEMORY_ACCESS_AXES (AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET)

/* ctx->priv, without memory; or with the runner's source or destination as such. 0 or -ENOMEM. */
int access_setup(struct copy_ctx *ctx);
int access_source_setup(struct copy_ctx *ctx);
int access_destination_setup(struct copy_ctx *ctx);
void access_teardown(struct copy_ctx *ctx);
void access_own_nothing(const struct case_params *p, uint64_t bytes[2]);

int access_read(struct copy_ctx *ctx);
int access_write(struct copy_ctx *ctx);
/* memcpy to the runner's destination. */
int access_out(struct copy_ctx *ctx);

/* The runner's source into the memory, and poison where writing is asked. */
int access_push_read(struct copy_ctx *ctx);
int access_push_write(struct copy_ctx *ctx);

/* Was it right? Then the memory, or what was meant to be written, is what the runner looks for. */
int access_pull_read(struct copy_ctx *ctx);
int access_pull_write(struct copy_ctx *ctx);

#endif
