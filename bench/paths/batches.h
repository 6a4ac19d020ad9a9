/* SPDX-License-Identifier: GPL-2.0-only */
/* How an operation is cut into many small copies: equal ones, in ascending order. */
#ifndef DMABENCH_BATCHES_H
#define DMABENCH_BATCHES_H

#include <stddef.h>
#include <stdint.h>

#include "params.h"

#define BATCH_DEFAULT 16

static inline uint32_t batch_count(const struct case_params *p)
{
	return p->batch ? p->batch : BATCH_DEFAULT;
}

static inline uint64_t batch_bytes(const struct case_params *p)
{
	return p->size / batch_count(p);
}

/* 0, or -EINVAL with why[]: the size can't be cut into equal copies. */
int batch_probe(const struct case_params *p, char *why, size_t len);

#endif
