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

/* A thread with fewer pages than this could have far more or fewer of them than another. */
#define PAGES_ENOUGH 16

/* Where part number rank begins. */
static size_t boundary(const uint8_t *dst, size_t size, unsigned int parts, unsigned int rank)
{
	size_t unit = size / parts >= PAGES_ENOUGH * PAGE ? PAGE : LINE;
	/* size * rank could overflow. */
	size_t fair = size / parts * rank + size % parts * rank / parts, at;

	if (!rank || rank == parts)
		return fair;
	at = fair + -((uintptr_t)dst + fair) % unit;
	return at < size ? at : size;
}

void share_out(const uint8_t *dst, size_t size, unsigned int parts, unsigned int rank,
	       struct part *part)
{
	part->from = boundary(dst, size, parts, rank);
	part->size = boundary(dst, size, parts, rank + 1) - part->from;
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
