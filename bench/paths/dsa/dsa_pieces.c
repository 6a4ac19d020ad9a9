// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_pieces.h"

#include <errno.h>

uint64_t dsa_piece_count(uint64_t size, uint64_t most)
{
	return size / most + (size % most ? 1 : 0);
}

int dsa_rest(struct dsa_piece *piece, uint32_t completed, uint8_t backwards)
{
	/* All of them would be no fault. */
	if (completed >= piece->len)
		return -EPROTO;
	piece->len -= completed;
	if (backwards)
		return 0;
	piece->src += completed;
	piece->dst += completed;
	return 0;
}

uint32_t dsa_batch_next(uint32_t left, uint32_t most)
{
	if (left <= most)
		return left;
	return left - most == 1 && most > 2 ? most - 1 : most;
}
