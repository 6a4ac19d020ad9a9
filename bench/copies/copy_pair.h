/* SPDX-License-Identifier: GPL-2.0-only */
/* What is copied from and to. */
#ifndef DMABENCH_COPY_PAIR_H
#define DMABENCH_COPY_PAIR_H

#include <stddef.h>
#include <stdint.h>

struct copy_pair {
	uint8_t *src, *dst;
	size_t size;  /* of each: what an operation has between them */
	uint64_t ops; /* complete, from src to dst; where there are several pairs */
};

#endif
