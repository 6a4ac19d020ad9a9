/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How an operation goes through a ring in the GPU's memory: cut into pieces, each to the next
 * slot and from there on to its place. A slot is filled again once its piece has left.
 */
#ifndef DMABENCH_RING_H
#define DMABENCH_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../params.h"

#define RING_SLOTS 4
#define RING_MAX_SLOTS 1024
#define RING_MAX_PIECES 65536

struct ring {
	uint64_t size;	 /* of an operation */
	uint64_t piece;	 /* bytes of a slot; the last piece may be shorter */
	uint64_t pieces; /* of an operation */
	uint32_t slots;
};

struct ring_piece {
	uint64_t at, len; /* of the operation */
	uint64_t in_ring; /* where in the ring */
	uint32_t slot;
	bool again; /* the slot has had a piece of this operation before */
};

/* As a case asks, --depth slots of --chunk bytes. 0, or -EINVAL with why[]. */
int ring_shape(const struct case_params *p, struct ring *r, char *why, size_t len);

static inline uint64_t ring_bytes(const struct ring *r)
{
	return r->piece * r->slots;
}

void ring_piece(const struct ring *r, uint64_t i, struct ring_piece *p);

#endif
