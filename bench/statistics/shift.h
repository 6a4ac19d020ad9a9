/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far apart two groups (or the pairs of one) are, and how sure that is: Hodges and
 * Lehmann 1963. The estimate is the median of all differences (of all averages of two), the
 * interval's ends are those of them that the exact rank test just doesn't refuse.
 */
#ifndef DMABENCH_SHIFT_H
#define DMABENCH_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

struct shift {
	double value;
	bool have_interval; /* too few values for one otherwise */
	double lo, hi;
};

/*
 * The k-th smallest (from 1) of the m * n differences y[j] - x[i], both sorted: by halving
 * the range of doubles and counting, so no list of differences is made.
 */
double shift_difference(const double *x, size_t m, const double *y, size_t n, size_t k);

/* The k-th smallest (from 1) of the n (n + 1) / 2 averages (d[i] + d[j]) / 2, i <= j, sorted d. */
double shift_average(const double *d, size_t n, size_t k);

/* Their medians. */
double shift_two_median(const double *x, size_t m, const double *y, size_t n);
double shift_pair_median(const double *d, size_t n);

/*
 * Of y against x (both sorted), and of sorted d against 0. beyond: how likely the truth may
 * be outside, both sides together (0.05: a 95 % interval); with ties it is less likely. 0
 * or -ENOMEM.
 */
int shift_two(const double *x, size_t m, const double *y, size_t n, double beyond,
	      struct shift *out);
int shift_pair(const double *d, size_t n, double beyond, struct shift *out);

#endif
