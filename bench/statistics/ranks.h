/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rank tests, one-sided and exact also with ties: the p value is the share of all
 * regroupings (or of all signs) of these very ranks that look at least as extreme. Beyond
 * RANKS_EXACT_* the normal approximation with tie and continuity correction is used, and
 * the answer says so.
 */
#ifndef DMABENCH_RANKS_H
#define DMABENCH_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#define RANKS_EXACT_TWO 100  /* values of both groups together */
#define RANKS_EXACT_PAIR 100 /* pairs */

struct rank_p {
	double p; /* 0 … 1 */
	bool exact;
};

/*
 * Mann and Whitney 1947: is y larger than x? P(U at least as large as seen) if both come
 * from one distribution; U counts the pairs with y above x, ties by half. m and n are at
 * least 1. 0 or -ENOMEM.
 */
int ranks_two(const double *x, size_t m, const double *y, size_t n, struct rank_p *out);

/*
 * Wilcoxon 1945, signed ranks: is d larger than 0? Zeros are ranked with the rest and then
 * left out (Pratt 1959): dropping them before would let a smaller difference look more
 * significant. n is at least 1. 0 or -ENOMEM.
 */
int ranks_pair(const double *d, size_t n, struct rank_p *out);

/*
 * Without ties: the smallest c with P(U >= c) <= alpha, or m * n + 1 where no c is so
 * unlikely. *c is a count of pairs. 0 or -ENOMEM.
 */
int ranks_critical_two(size_t m, size_t n, double alpha, size_t *c);

/* The same of the signed rank sum: up to n (n + 1) / 2, or one more. */
int ranks_critical_pair(size_t n, double alpha, size_t *c);

#endif
