/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A histogram of timings in log-linear buckets: each power of two is cut into 128, and a
 * timing is taken for the middle of its bucket, off by less than 0.4 %. Timings are kept in
 * units of 1/1024 ns, so that a copy of a few nanoseconds, timed in batches, keeps its
 * digits: this error holds from 1/8 ns to 2^53 ns (104 days).
 */
#ifndef DMABENCH_HIST_H
#define DMABENCH_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIST_SUB_BITS 7
#define HIST_BUCKETS ((64 - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct hist {
	uint64_t count;		  /* timings recorded */
	double max_ns;		  /* exact */
	uint64_t n[HIST_BUCKETS]; /* timings per bucket */
};

/* Record one timing of ops operations that took ns together, at their mean. */
void hist_record(struct hist *h, double ns, uint64_t ops);

/* n timings that a bucket was read back as; max_ns is the caller's to say. */
void hist_record_many(struct hist *h, double middle_ns, uint64_t n);

/* The time in ns that a share q (0 … 1) of the timings don't exceed; 0 if empty. */
double hist_quantile(const struct hist *h, double q);

#define HIST_BEYOND 10

/*
 * Can the quantile be told from so few? It can if HIST_BEYOND timings lie beyond it: a tail of
 * one or two is whatever happened last. The median is always given.
 */
bool hist_supports(const struct hist *h, double q);

/*
 * Walk over buckets that aren't empty: *at is 0 at first. False after the last; else middle
 * in ns and timings of the next.
 */
bool hist_next(const struct hist *h, size_t *at, double *ns, uint64_t *count);

void hist_merge(struct hist *into, const struct hist *from);

#endif
