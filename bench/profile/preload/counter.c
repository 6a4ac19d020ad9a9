// SPDX-License-Identifier: GPL-2.0-only
#include "counter.h"

#include <errno.h>

#include "attach.h"
#include "modules.h"

static void add_shared(uint64_t *to, uint64_t n)
{
	__atomic_fetch_add(to, n, __ATOMIC_RELAXED);
}

void count_shared(enum counted_op op, const void *to, const void *from, size_t n)
{
	struct region *r = attached();
	struct tally *tally;

	if (!r)
		return;
	tally = &r->shared.sizes[op][size_bin(n)];
	add_shared(&tally->calls, 1);
	add_shared(&tally->bytes, n);
	add_shared(&r->shared.aligned[align_size(n)][align_class((uintptr_t)to)]
				     [align_class((uintptr_t)from)],
		   1);
}

static void count_caller(struct tally *tally, size_t n)
{
	add(&tally->calls, 1);
	add(&tally->bytes, n);
}

/* One entry is filled in at a time: what a signal handler finds meanwhile is free, or whole. */
static void caller_enter(struct caller *c, uintptr_t address, size_t n)
{
	int err = errno;

	mine.busy = true;
	module_of(address, c);
	c->tally = (struct tally){ 0 };
	__atomic_store_n(&c->address, address, __ATOMIC_RELEASE);
	mine.busy = false;
	errno = err;
	count_caller(&c->tally, n);
}

void caller_search(struct block *b, uintptr_t address, size_t n)
{
	unsigned int at = caller_slot(address);

	for (unsigned int i = 0; i < CALLER_PROBES; i++) {
		struct caller *c = &b->callers[(at + i) % CALLERS];

		if (c->address == address) {
			count_caller(&c->tally, n);
			return;
		}
		if (!c->address && !mine.busy) {
			caller_enter(c, address, n);
			return;
		}
	}
	count_caller(&b->others, n);
}

struct block *block_take(void)
{
	struct block *block = NULL;
	int err = errno;

	if (mine.busy)
		return NULL;
	mine.busy = true;
	if (attach())
		block = block_for_thread();
	mine.busy = false;
	errno = err;
	return block;
}
