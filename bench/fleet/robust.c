// SPDX-License-Identifier: GPL-2.0-only
/* Places and scales that a few odd values don't move. */
#include <math.h>

#include "statistics/stats.h"
#include "stand_out.h"

/* The standard deviation of a normal distribution over that of its middle three quarters. */
#define MIDDLE_TO_ALL 1.647
/* The upper quartile of the normal distribution. */
#define QUARTILE 0.6745

static size_t three_quarters(size_t n)
{
	return (3 * n + 3) / 4;
}

/* Sums that move along the sorted values, about their middle so that nothing cancels. */
void closest_part(double *v, size_t n, double *place, double *scale)
{
	size_t h = three_quarters(n);
	double middle, sum = 0, squares = 0, least = HUGE_VAL;

	stats_sort(v, n);
	middle = stats_quantile(v, n, 0.5);
	for (size_t i = 0; i < n; i++) {
		double in = v[i] - middle, out = i >= h ? v[i - h] - middle : 0, variance;

		sum += in - out;
		squares += in * in - out * out;
		if (i + 1 < h)
			continue;
		variance = (squares - sum * sum / (double)h) / (double)(h - 1);
		if (variance >= least)
			continue;
		least = variance;
		*place = middle + sum / (double)h;
	}
	*scale = MIDDLE_TO_ALL * sqrt(fmax(least, 0));
}

void lowest_part(double *v, size_t n, double *place, double *scale)
{
	size_t h = three_quarters(n);

	stats_sort(v, n);
	*place = stats_mean(v, h);
	*scale = stats_sd(v, h);
}

/* 1.2533 is the standard deviation of a median over that of a mean, of normal values. */
void launches_value(double *v, size_t n, double *value, double *error)
{
	*value = stats_median(v, n);
	for (size_t i = 0; i < n; i++)
		v[i] = fabs(v[i] - *value);
	*error = 1.2533 * stats_median(v, n) / QUARTILE / sqrt((double)n);
}

/* How far wholes spread upwards and downwards: of skewed ones the longer tail has the larger scale. */
void wholes_spread(double *v, size_t n, double *place, double *slower, double *faster)
{
	double scale, middle;

	closest_part(v, n, place, &scale);
	middle = stats_quantile(v, n, 0.5);
	*slower = fmax(scale, (stats_quantile(v, n, 0.75) - middle) / QUARTILE);
	*faster = fmax(scale, (middle - stats_quantile(v, n, 0.25)) / QUARTILE);
}
