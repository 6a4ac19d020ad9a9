/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of a table's copies is fastest here for one size, one pair of buffers, one cache state. */
#ifndef DMABENCH_CHOOSE_H
#define DMABENCH_CHOOSE_H

#include "copies.h"

/* How far ahead fastest tries to prefetch: bytes, each a number of whole lines. */
#define CHOOSE_AHEADS 6
extern const size_t choose_aheads[CHOOSE_AHEADS];

struct contest {
	const struct copy_table *table; /* whose usable kernels take part */
	/* n operations of size bytes by c, complete when it returns, or when finish does. */
	void (*run)(void *arg, const struct copier *c, uint64_t n);
	/* The end of all operations that were begun; NULL: run waits for its own. */
	void (*finish)(void *arg);
	/* Before each operation that is timed; NULL: nothing. The caches are hot then. */
	void (*before)(void *arg);
	void *arg;
	bool apart; /* there are several threads, with parts that meet: see struct copier */
	size_t size;
	uint64_t seed;	       /* of the order of trials */
	uint64_t (*now)(void); /* ns */
	uint64_t enough; /* by that clock; from then on each round is one operation of each; 0: never */
};

/*
 * Try every usable kernel of the table, the non-temporal ones with each distance, in rounds of random
 * order; after every round the slower half is out, and the last of either kind meet in the
 * end. Before what a trial times goes as much that it doesn't, which leaves the caches as this
 * kernel leaves them. What counts is the
 * median of a kernel's trials, as it does for the case: the least would favour a copy
 * that is fast by luck now and then. Where several threads' parts meet, copies apart win a
 * tie. Takes some hundred operations; not for two threads at once.
 * Returns what an operation by the winner took: the median of its last trials, in ns.
 */
double choose_copier(const struct contest *contest, struct copier *winner);

/* How long that will take, roughly, where a copy makes bytes_per_ns. */
double choose_cost_ns(const struct copy_table *table, size_t size, bool cold, bool apart,
		      double bytes_per_ns);

#endif
