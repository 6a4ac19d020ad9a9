/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What paths that move pages share: memory of their own, and two places for it. One operation
 * moves the pages from the one to the other and writes to a share of them, the next one moves
 * them back. Both places start at a 2 MiB boundary, so that whole page tables and huge pages
 * can change hands.
 */
#ifndef DMABENCH_PLACES_H
#define DMABENCH_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "path.h"

struct places {
	uint8_t *map; /* one reservation with both places in it */
	size_t map_size;
	uint8_t *place[2];	 /* the pages are at place[at] */
	unsigned int at, pushed; /* pushed: where they were when they were filled */
	size_t page;
	unsigned char *seen; /* a byte a page, for a look at what a place has */
};

/* For a path's probe: only whole pages, which stay on their node. */
int places_probe(const struct case_params *p, char *why, size_t len);

/* One set of pages. */
void places_own(const struct case_params *p, uint64_t bytes[2]);

/*
 * Reserve both places and fill the first, in pages of the case's kind if huge says so, else in
 * ordinary ones; the second stays without access. -errno: what there is goes by places_destroy.
 */
int places_create(struct places *p, struct copy_ctx *ctx, bool huge);
void places_destroy(struct places *p);

/* Can what a move leaves be looked at? 0, or -EOPNOTSUPP with ctx->reason: a filter refuses it. */
int places_look(struct places *p, struct copy_ctx *ctx);

/* After a move: they are at the other place now, where a share of them is written to. */
void places_moved(struct places *p, struct copy_ctx *ctx);

int places_push(struct places *p, struct copy_ctx *ctx);

/*
 * What a number of moves must have left: by that number alone one place has the bytes, and the
 * other nothing. -EEXIST with ctx->reason: it still has pages, so that wasn't a move.
 */
int places_pull(struct places *p, struct copy_ctx *ctx);

#endif
