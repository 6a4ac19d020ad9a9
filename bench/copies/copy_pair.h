/* SPDX-License-Identifier: GPL-2.0-only */
/* What is copied from and to. */
#ifndef DMABENCH_COPY_PAIR_H
#define DMABENCH_COPY_PAIR_H

#include <stdint.h>

struct copy_pair {
	uint8_t *src, *dst; /* bytes as many as the operation has */
	uint64_t ops;	    /* complete, from src to dst; where there are several pairs */
};

#endif
