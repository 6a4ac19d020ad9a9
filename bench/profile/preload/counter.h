/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What counting a copy takes: some additions to a block that nobody else writes. This runs inside
 * other people's memcpy, maybe in a signal handler, before any constructor, or in a child of a fork
 * that nobody was told of: no lock, no allocation, and errno stays.
 */
#ifndef DMABENCH_COUNTER_H
#define DMABENCH_COUNTER_H

#include "thread.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* What is to be done when there is no block, or one of another process. NULL: there is none. */
struct block *block_take(void);

/* Count where all may write. */
void count_shared(enum counted_op op, const void *to, const void *from, size_t n);

/* Count a caller that isn't where it would be looked for first. */
void caller_search(struct block *block, uintptr_t address, size_t n);

static inline unsigned int caller_slot(uintptr_t address)
{
	return (unsigned int)(address * 0x9e3779b97f4a7c15ull >> 54);
}

static inline void count(enum counted_op op, const void *to, const void *from, size_t n,
			 const void *returns)
{
	struct block *b = mine.block;
	uintptr_t address = (uintptr_t)returns;
	struct tally *tally;
	struct caller *c;

	if (unlikely(!b || mine.process != own.process)) {
		b = block_take();
		if (!b) {
			count_shared(op, to, from, n);
			return;
		}
	}
	tally = &b->counts.sizes[op][size_bin(n)];
	add(&tally->calls, 1);
	add(&tally->bytes, n);
	add(&b->counts.aligned[align_size(n)][align_class((uintptr_t)to)]
			      [align_class((uintptr_t)from)],
	    1);
	c = &b->callers[caller_slot(address)];
	if (unlikely(c->address != address)) {
		caller_search(b, address, n);
		return;
	}
	add(&c->tally.calls, 1);
	add(&c->tally.bytes, n);
}

#endif
