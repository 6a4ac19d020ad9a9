/* SPDX-License-Identifier: GPL-2.0-only */
/* What snapshots pay for later: writing to a share of the pages. */
#ifndef DMABENCH_DIRTY_SHARE_H
#define DMABENCH_DIRTY_SHARE_H

#include <stddef.h>
#include <stdint.h>

/* Of size's pages, share percent, in whole ones: where any are meant, one is the least. */
static inline size_t dirty_pages(size_t size, size_t page, unsigned int share)
{
	return ((size + page - 1) / page * share + 99) / 100;
}

/*
 * Into the first byte of dirty_pages() pages of base[size], spread evenly, all bits of the same
 * byte of from[] flipped. base isn't read: a page that is read before it is written costs its
 * owner two faults.
 */
static inline void dirty_share_of(uint8_t *base, const uint8_t *from, size_t size, size_t page,
				  unsigned int share)
{
	size_t pages = (size + page - 1) / page, written = 0;

	for (size_t i = 0; i < pages; i++) {
		if (((i + 1) * share + 99) / 100 <= written)
			continue;
		written++;
		*(volatile uint8_t *)(base + i * page) = (uint8_t)~from[i * page];
	}
}

/*
 * The same of memory that is there. Doing it twice restores the bytes: a check can undo it, and a
 * write that didn't happen, or that reached the other side, shows.
 */
static inline void dirty_share(uint8_t *base, size_t size, size_t page, unsigned int share)
{
	dirty_share_of(base, base, size, page, share);
}

#endif
