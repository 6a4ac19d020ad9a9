/* SPDX-License-Identifier: GPL-2.0-only */
/* How copies are cut for a queue, and what is left of one that was stopped on its way. */
#ifndef DMABENCH_DSA_PIECES_H
#define DMABENCH_DSA_PIECES_H

#include <stdint.h>

struct dsa_piece {
	uint8_t *dst;
	const uint8_t *src;
	uint32_t len;
};

/* How many pieces of at most so many bytes. */
uint64_t dsa_piece_count(uint64_t size, uint64_t most);

/*
 * After a page fault: what isn't copied yet, as the record says how many bytes are and from
 * which end it went. 0, or -EPROTO: a record that can't be true.
 */
int dsa_rest(struct dsa_piece *piece, uint32_t completed, uint8_t backwards);

/* How many of the copies that are left go into the next list: one is no list. */
uint32_t dsa_batch_next(uint32_t left, uint32_t most);

#endif
