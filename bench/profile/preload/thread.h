/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose counters a copy belongs to: this thread's, of this process. */
#ifndef DMABENCH_THREAD_H
#define DMABENCH_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../region.h"

/* This thread's; of the static kind of thread-local memory, which is there from the start. */
struct mine {
	struct block *block;
	uint32_t process; /* whose block that is */
	bool busy;	  /* in here already, in what a signal interrupted */
};
extern __thread struct mine mine;

/*
 * This process's, on a page that the kernel empties in a child of fork: the child begins anew
 * then, however it was made.
 */
struct own {
	uint32_t process; /* its number; 0: it has none yet */
	uint32_t claimed; /* somebody is about to give it one */
	uint32_t threads; /* numbers given */
	uint32_t pid;
	uint32_t no_chunk; /* none could be mapped */
	uint64_t free; /* blocks of its ended threads: address, and changes in the upper 16 bits */
};
union own_page {
	struct own own;
	char page[PAGE];
};
extern union own_page own_page;
#define own own_page.own

/*
 * One instruction where there is such a one: a signal handler that copies counts in the same
 * block. Elsewhere atomic, which costs little where others don't look.
 */
static inline void add(uint64_t *to, uint64_t n)
{
#ifdef __x86_64__
	__asm__ volatile("addq %1, %0" : "+m"(*to) : "er"(n) : "cc");
#else
	__atomic_fetch_add(to, n, __ATOMIC_RELAXED);
#endif
}

#endif
