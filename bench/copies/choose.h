/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the machine's copies is fastest for one size, one pair of buffers, one cache state. */
#ifndef DMABENCH_CHOOSE_H
#define DMABENCH_CHOOSE_H

#include "copies.h"

/* How far ahead fastest tries to prefetch: bytes, each a number of whole lines. */
#define CHOOSE_AHEADS 6
extern const size_t choose_aheads[CHOOSE_AHEADS];

struct contest {
	/* One operation of size bytes by c, complete when it returns. */
	void (*run)(void *arg, const struct copier *c);
	/* Before each operation that is timed; NULL: nothing. The caches are hot then. */
	void (*before)(void *arg);
	void *arg;
	size_t size;
	uint64_t seed; /* of the order of trials */
};

/*
 * Try every usable kernel, the non-temporal ones with each distance, in rounds of random
 * order; after every round the slower half is out. Each trial has an operation first
 * that isn't timed, and leaves the caches as this kernel leaves them. A kernel's figure is
 * the least of its trials: what disturbs them only ever adds. Takes 200 to
 * 800 operations, or as many batches of small ones.
 */
void choose_copier(const struct contest *contest, struct copier *winner);

#endif
