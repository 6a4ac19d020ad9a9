/* SPDX-License-Identifier: GPL-2.0-only */
/* Order statistics and their uncertainty. Inputs are finite; n is at least 1. */
#ifndef DMABENCH_STATS_H
#define DMABENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void stats_sort(double *v, size_t n);

/*
 * The q-quantile (0 … 1) of sorted v by linear interpolation between order
 * statistics: Hyndman and Fan's type 7, what R and NumPy do by default.
 */
double stats_quantile(const double *sorted, size_t n, double q);

/*
 * Mean and standard deviation (n - 1 below the line; 0 for n = 1): the corrected two-pass
 * formulas of Chan, Golub and LeVeque (1983), which don't cancel when the spread is small.
 */
double stats_mean(const double *v, size_t n);
double stats_sd(const double *v, size_t n);

/* Coefficient of variation: sd / mean; 0 where the mean isn't above 0. */
double stats_cv(const double *v, size_t n);

#define STATS_OUTLIER_SCORE 3.5

/*
 * out[i] says whether v[i] is an outlier; returns how many are. Modified z-scores of Iglewicz
 * and Hoaglin (How to Detect and Handle Outliers, 1993): 0.6745 (v - median) / MAD beyond
 * 3.5, MAD being the median absolute deviation. Where more than half of the values are
 * equal the MAD is 0; then 1.2533 times the mean absolute deviation stands in for MAD / 0.6745.
 */
size_t stats_outliers(const double *v, size_t n, bool *out);

/* Sorts v. */
double stats_median(double *v, size_t n);

#define STATS_BOOTSTRAP_ROUNDS 2000

/*
 * 95 % percentile bootstrap interval of the median of v[n] (Efron 1979),
 * STATS_BOOTSTRAP_ROUNDS resamples drawn from seed. With n below 6 it can't be
 * wider than the sample's range, so it says less than 95 %: callers show n.
 */
void stats_bootstrap_median(const double *v, size_t n, uint64_t seed, double *lo, double *hi);

/*
 * How often (0 … 1) such an interval can hold the true median: 0.95, or less where not even
 * the range of n values does, which misses when all lie on one side: 1 - 2^(1 - n).
 */
double stats_bootstrap_coverage(size_t n);

#endif
