// SPDX-License-Identifier: GPL-2.0-only
#include "ring.h"

#include <errno.h>
#include <stdio.h>

#define PAGE 4096ull
#define LEAST (64ull << 10)
#define MOST (4ull << 20)

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* So that both directions have something to do: a quarter, unless that is little or much. */
static uint64_t default_piece(uint64_t size)
{
	uint64_t quarter = whole_pages(size / 4);

	return quarter < LEAST ? LEAST : quarter > MOST ? MOST : quarter;
}

int ring_shape(const struct case_params *p, struct ring *r, char *why, size_t len)
{
	r->size = p->size;
	r->piece = p->chunk ? p->chunk : default_piece(p->size);
	if (r->piece > whole_pages(p->size))
		r->piece = whole_pages(p->size);
	r->pieces = (p->size + r->piece - 1) / r->piece;
	r->slots = p->depth ? p->depth : RING_SLOTS;
	if (r->slots > RING_MAX_SLOTS) {
		snprintf(why, len, "a ring of %u slots, more than %d", r->slots, RING_MAX_SLOTS);
		return -EINVAL;
	}
	if (r->pieces > RING_MAX_PIECES) {
		snprintf(why, len,
			 "%llu pieces of %llu bytes, more than %d: ask for a larger --chunk",
			 (unsigned long long)r->pieces, (unsigned long long)r->piece,
			 RING_MAX_PIECES);
		return -EINVAL;
	}
	if (r->slots > r->pieces)
		r->slots = (uint32_t)r->pieces;
	return 0;
}

void ring_piece(const struct ring *r, uint64_t i, struct ring_piece *p)
{
	p->at = i * r->piece;
	p->len = r->size - p->at < r->piece ? r->size - p->at : r->piece;
	p->slot = (uint32_t)(i % r->slots);
	p->in_ring = p->slot * r->piece;
	p->again = i >= r->slots;
}
