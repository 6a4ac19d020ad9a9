/* SPDX-License-Identifier: GPL-2.0-only */
/* Sides: the two ends of a copy, and the pieces that it is cut into. */
#ifndef DMABENCH_SIDE_H
#define DMABENCH_SIDE_H

#include <linux/scatterlist.h>

#include "buffer.h"
#include "overlap.h"
#include "request.h"

/* One of the two ends of a copy. */
struct side {
	const struct dmabench_side *arg;
	u64 len;
	bool write;
	struct buffer *buffer; /* NULL for user memory */
	struct cursor cursor;
	u64 sg_pinned;
	u64 sg_mapped;
};

int sides_init(struct side *sides, struct session *session, struct engine *engine,
	       const struct dmabench_side *src, const struct dmabench_side *dst, u64 len);
void sides_exit(struct side *sides, struct session *session);
void side_start(struct side *side, u64 offset);
int side_overlaps(const struct side *sides, int i, const struct area *area, u64 offset, u64 len,
		  struct overlap *overlap);
int sides_begin(struct side *src, struct side *dst, u64 len);
void sides_end(struct side *src, struct side *dst);
void cursor_join(struct cursor *cursor, size_t len);
void cursor_skip(struct cursor *cursor, u64 len);
size_t piece_length(const struct engine *engine, struct cursor *src, struct cursor *dst, u64 left);
int piece_add(struct dma_request *req, struct cursor *src, struct cursor *dst, u64 left,
	      size_t *done);

#endif /* DMABENCH_SIDE_H */
