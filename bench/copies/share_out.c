// SPDX-License-Identifier: GPL-2.0-only
#include "share_out.h"

#define PAGE 4096
#define LINE 64

/* A part that a CPU's own cache may hold from one round to the next stays with that CPU. */
#define PART_LEAST (1u << 20)
/* A piece takes at least some microseconds, against a tenth of one to hand it out. */
#define PIECE_LEAST (64u << 10)
#define PIECE_MOST (1u << 20)
#define PIECES 32 /* of a part */

/* Rounding to pages makes one part longer than another by less than this share. */
#define PAGES_ENOUGH 128

/* Where part number rank begins. */
static size_t boundary(const uint8_t *dst, size_t size, unsigned int parts, size_t ahead,
		       unsigned int rank)
{
	size_t unit = size / parts >= PAGES_ENOUGH * PAGE ? PAGE : LINE;
	size_t even = size - ahead;
	/* even * rank could overflow. */
	size_t fair = ahead + even / parts * rank + even % parts * rank / parts, at;

	if (!rank)
		return 0;
	if (rank == parts)
		return size;
	at = fair + -((uintptr_t)dst + fair) % unit;
	return at < size ? at : size;
}

void share_out(const uint8_t *dst, size_t size, unsigned int parts, size_t ahead, unsigned int rank,
	       struct part *part)
{
	part->from = boundary(dst, size, parts, ahead, rank);
	part->size = boundary(dst, size, parts, ahead, rank + 1) - part->from;
}

size_t head_start(size_t size, unsigned int parts, double handover_ns, double op_ns)
{
	/* The others keep half of an even part: a path of threads stays one. */
	const double most = (double)size / 2;
	double part = (double)size / parts, ahead;

	if (parts == 1 || !(handover_ns > 0))
		return 0;
	if (op_ns <= handover_ns)
		return (size_t)most;
	ahead = handover_ns * part / (op_ns - handover_ns);
	return (size_t)(ahead < most ? ahead : most);
}

size_t piece_size(size_t size, unsigned int parts)
{
	size_t part = size / parts, piece = part / PIECES / PAGE * PAGE;

	if (parts == 1 || part < PART_LEAST)
		return 0;
	if (piece < PIECE_LEAST)
		return PIECE_LEAST;
	return piece < PIECE_MOST ? piece : PIECE_MOST;
}
