/* SPDX-License-Identifier: GPL-2.0-only */
/* Order statistics and their uncertainty. Inputs are finite; n is at least 1. */
#ifndef DMABENCH_STATS_H
#define DMABENCH_STATS_H

#include <stddef.h>
#include <stdint.h>

void stats_sort(double *v, size_t n);

/*
 * The q-quantile (0 … 1) of sorted v by linear interpolation between order
 * statistics: Hyndman and Fan's type 7, what R and NumPy do by default.
 */
double stats_quantile(const double *sorted, size_t n, double q);

/* Sorts v. */
double stats_median(double *v, size_t n);

#define STATS_BOOTSTRAP_ROUNDS 2000

/*
 * 95 % percentile bootstrap interval of the median of v[n] (Efron 1979),
 * STATS_BOOTSTRAP_ROUNDS resamples drawn from seed. With n below 6 it can't be
 * wider than the sample's range, so it says less than 95 %: callers show n.
 */
void stats_bootstrap_median(const double *v, size_t n, uint64_t seed, double *lo, double *hi);

#endif
