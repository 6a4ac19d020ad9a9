// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <stdlib.h>
#include <string.h>

#include "rng.h"

static int compare_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void stats_sort(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_double);
}

double stats_quantile(const double *sorted, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t low = (size_t)at;

	if (low + 1 >= n)
		return sorted[n - 1];
	return sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]);
}

double stats_median(double *v, size_t n)
{
	stats_sort(v, n);
	return stats_quantile(v, n, 0.5);
}

void stats_bootstrap_median(const double *v, size_t n, uint64_t seed, double *lo, double *hi)
{
	double *medians = calloc(STATS_BOOTSTRAP_ROUNDS, sizeof(*medians));
	double *draw = calloc(n, sizeof(*draw));

	if (!medians || !draw)
		abort();
	for (size_t r = 0; r < STATS_BOOTSTRAP_ROUNDS; r++) {
		for (size_t i = 0; i < n; i++)
			draw[i] = v[rng_below(&seed, n)];
		medians[r] = stats_median(draw, n);
	}
	stats_sort(medians, STATS_BOOTSTRAP_ROUNDS);
	*lo = stats_quantile(medians, STATS_BOOTSTRAP_ROUNDS, 0.025);
	*hi = stats_quantile(medians, STATS_BOOTSTRAP_ROUNDS, 0.975);
	free(draw);
	free(medians);
}
