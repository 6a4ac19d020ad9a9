/* SPDX-License-Identifier: GPL-2.0-only */
/* Do two sides of a copy have a byte in common? */
#ifndef DMABENCH_OVERLAP_H
#define DMABENCH_OVERLAP_H

#include <linux/bits.h>
#include <linux/types.h>

#include "dmabench.h"

struct page;

struct buffer;
struct overlap_bytes;

/* By page, half empty. */
struct overlap_set {
	struct overlap_bytes *table; /* NULL: none yet */
	unsigned int bits;	     /* of its size */
	unsigned long count;
};

/* Of the source and the destination of a copy. Zero: nothing is known. */
struct overlap {
	struct overlap_set set[2];
};

#define OVERLAP_KEEP BIT(0)  /* for what is looked at later */
#define OVERLAP_FILES BIT(1) /* both sides are a caller's */

int overlap_find(struct overlap *overlap, int side, struct page *const *pages, u64 offset, u64 len,
		 unsigned int how);
void overlap_free(struct overlap *overlap);
int buffers_overlap(struct buffer *a, u64 a_offset, struct buffer *b, u64 b_offset, u64 len);

#endif /* DMABENCH_OVERLAP_H */
