/* SPDX-License-Identifier: GPL-2.0-only */
/* What all blocks come to. */
#ifndef DMABENCH_TOTALS_H
#define DMABENCH_TOTALS_H

#include <stddef.h>

#include "region.h"

struct called_from {
	uint32_t module;
	uint64_t offset;
	struct tally tally;
};

struct seen_thread {
	uint32_t process, thread;
	struct tally tally;
};

/* One that copied. */
struct seen_process {
	uint32_t process, pid, program;
	struct tally tally;
};

struct totals {
	struct counts counts;
	struct tally others; /* callers unknown */
	struct called_from *callers;
	size_t ncallers, callers_room;
	/* Those that are known one by one; nthreads_more and more_threads are the rest. */
	struct seen_thread *threads;
	size_t nthreads, threads_room;
	uint64_t nmore;
	struct tally more;
	struct seen_process *processes;
	size_t nprocesses, processes_room;
	struct tally more_processes;
};

/* Threads and processes that are kept one by one when a list is made shorter. */
#define TOTALS_KEPT 1000u

/* Put in what a block has. 0 or -ENOMEM. */
int totals_add(struct totals *t, const struct block *b);

/* Copies that no block could be had for. */
void totals_add_shared(struct totals *t, const struct counts *shared);

/*
 * Join what is one (same[] says which module stands for a module), and put the most bytes first.
 */
void totals_sort(struct totals *t, const uint32_t *same);

/* Make lists shorter that grow with every process: the same, but the least busy are summed. */
void totals_shorten(struct totals *t);

void totals_free(struct totals *t);

struct tally counts_sum(const struct counts *counts);

#endif
