// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <math.h>
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

double stats_mean(const double *v, size_t n)
{
	double mean = 0, rest = 0;

	for (size_t i = 0; i < n; i++)
		mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		rest += v[i] - mean;
	return mean + rest / (double)n;
}

double stats_sd(const double *v, size_t n)
{
	double mean = stats_mean(v, n), squares = 0, rest = 0;

	if (n < 2)
		return 0;
	for (size_t i = 0; i < n; i++) {
		double d = v[i] - mean;

		squares += d * d;
		rest += d;
	}
	return sqrt((squares - rest * rest / (double)n) / (double)(n - 1));
}

double stats_cv(const double *v, size_t n)
{
	double mean = stats_mean(v, n);

	return mean > 0 ? stats_sd(v, n) / mean : 0;
}

/* 0.6745 is the normal distribution's quartile, 1.2533 its sd over its mean absolute deviation. */
static double robust_sd(double *deviations, size_t n)
{
	double mean = stats_mean(deviations, n), mad = stats_median(deviations, n);

	return mad > 0 ? mad / 0.6745 : 1.253314 * mean;
}

size_t stats_outliers(const double *v, size_t n, bool *out)
{
	double *work = calloc(n, sizeof(*work)), middle, sd;
	size_t count = 0;

	if (!work)
		abort();
	memcpy(work, v, n * sizeof(*work));
	middle = stats_median(work, n);
	for (size_t i = 0; i < n; i++)
		work[i] = fabs(v[i] - middle);
	sd = robust_sd(work, n);
	for (size_t i = 0; i < n; i++) {
		out[i] = fabs(v[i] - middle) > STATS_OUTLIER_SCORE * sd;
		count += out[i];
	}
	free(work);
	return count;
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

double stats_bootstrap_coverage(size_t n)
{
	return fmin(0.95, 1 - ldexp(1, 1 - (int)n));
}
