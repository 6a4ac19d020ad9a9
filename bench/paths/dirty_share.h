/* SPDX-License-Identifier: GPL-2.0-only */
/* What snapshots pay for later: writing to a share of the pages. */
#ifndef DMABENCH_DIRTY_SHARE_H
#define DMABENCH_DIRTY_SHARE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Flip all bits of the first byte in share percent of the pages of base[size],
 * spread evenly. Doing it twice restores the bytes: a check can undo it, and a
 * write that didn't happen, or that reached the other side, shows.
 */
static inline void dirty_share(uint8_t *base, size_t size, size_t page, unsigned int share)
{
	size_t pages = (size + page - 1) / page, written = 0;

	for (size_t i = 0; i < pages; i++) {
		if ((i + 1) * share / 100 <= written)
			continue;
		written++;
		*(volatile uint8_t *)(base + i * page) ^= 0xff;
	}
}

#endif
