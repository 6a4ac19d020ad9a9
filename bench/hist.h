/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A histogram of times in log-linear buckets: each power of two is cut into
 * 128, so a recorded time is off by less than 0.8 %. Times are kept in units of
 * 1/1024 ns, so that a copy of a few nanoseconds, timed in batches, keeps its
 * digits. Range: 0 to 2^53 ns (104 days).
 */
#ifndef DMABENCH_HIST_H
#define DMABENCH_HIST_H

#include <stddef.h>
#include <stdint.h>

#define HIST_SUB_BITS 7
#define HIST_BUCKETS ((64 - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct hist {
	uint64_t count;		  /* operations recorded */
	double max_ns;		  /* exact */
	uint64_t n[HIST_BUCKETS]; /* operations per bucket */
};

/* Record one timing of ops operations that took ns together, each at their mean. */
void hist_record(struct hist *h, double ns, uint64_t ops);

/* The time in ns below which a share q (0 … 1) of the operations lie; 0 if empty. */
double hist_quantile(const struct hist *h, double q);

void hist_merge(struct hist *into, const struct hist *from);

#endif
