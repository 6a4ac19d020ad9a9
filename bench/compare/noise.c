// SPDX-License-Identifier: GPL-2.0-only
#include "noise.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/ranks.h"
#include "statistics/rng.h"
#include "statistics/shift.h"
#include "statistics/stats.h"

static double quantile(double *v, size_t n, double q)
{
	stats_sort(v, n);
	return stats_quantile(v, n, q);
}

/* Exchange so that the first half is a random half. */
static void split(double *v, size_t n, size_t half, uint64_t *rng)
{
	for (size_t i = 0; i < half; i++) {
		size_t j = i + (size_t)rng_below(rng, n - i);
		double value = v[i];

		v[i] = v[j];
		v[j] = value;
	}
	stats_sort(v, half);
	stats_sort(v + half, n - half);
}

int noise_floor(const struct groups *g, uint64_t seed, double *floor)
{
	size_t size = g->x ? g->m : g->n, half = size / 2;
	double *v = malloc(size * sizeof(*v)), seen[NOISE_FLOOR_ROUNDS], scale = 1;
	double middle = g->x ? 0 : shift_pair_median(g->y, g->n);

	if (!v)
		return -ENOMEM;
	/* The shift between groups of a and b goes with sqrt(1/a + 1/b). */
	if (g->x)
		scale = sqrt((1 / (double)g->m + 1 / (double)g->n) /
			     (1 / (double)half + 1 / (double)(size - half)));
	for (size_t r = 0; r < NOISE_FLOOR_ROUNDS; r++) {
		if (g->x) {
			memcpy(v, g->x, size * sizeof(*v));
			split(v, size, half, &seed);
			seen[r] = fabs(shift_two_median(v, half, v + half, size - half));
			continue;
		}
		for (size_t i = 0; i < size; i++)
			v[i] = (rng_below(&seed, 2) ? 1 : -1) * (g->y[i] - middle);
		stats_sort(v, size);
		seen[r] = fabs(shift_pair_median(v, size));
	}
	free(v);
	*floor = scale * quantile(seen, NOISE_FLOOR_ROUNDS, NOISE_FLOOR_QUANTILE);
	return 0;
}

/* The launches without their groups' locations, spread as the population and not as the sample. */
static double *residuals(const struct groups *g, size_t *size)
{
	double x = g->x ? shift_pair_median(g->x, g->m) : 0, y = shift_pair_median(g->y, g->n);
	size_t m = g->x ? g->m : 0;
	double *v, fitted = g->x ? 2 : 1, spread;

	*size = m + g->n;
	v = malloc(*size * sizeof(*v));
	if (!v)
		return NULL;
	spread = sqrt((double)*size / ((double)*size - fitted));
	for (size_t i = 0; i < m; i++)
		v[i] = spread * (g->x[i] - x);
	for (size_t i = 0; i < g->n; i++)
		v[m + i] = spread * (g->y[i] - y);
	return v;
}

static void draw(const double *from, size_t size, double *to, size_t n, uint64_t *rng)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[rng_below(rng, size)];
	stats_sort(to, n);
}

int noise_detects(const struct groups *g, size_t m, size_t n, double level, uint64_t seed,
		  double *shift)
{
	double seen[NOISE_POWER_ROUNDS], *pool, *v;
	size_t c, size, most = g->x ? m * n : n * (n + 1) / 2;
	int ret = g->x ? ranks_critical_two(m, n, level, &c) : ranks_critical_pair(n, level, &c);

	if (ret)
		return ret;
	*shift = HUGE_VAL;
	if (c > most)
		return 0;
	pool = residuals(g, &size);
	v = malloc((m + n) * sizeof(*v));
	for (size_t r = 0; pool && v && r < NOISE_POWER_ROUNDS; r++) {
		draw(pool, size, v, n, &seed);
		if (g->x) {
			draw(pool, size, v + n, m, &seed);
			seen[r] = shift_difference(v, n, v + n, m, c);
		} else {
			/* v + shift: its averages are above 0 as soon as shift exceeds -average. */
			seen[r] = -shift_average(v, n, most - c + 1);
		}
	}
	if (pool && v)
		*shift = fmax(0, quantile(seen, NOISE_POWER_ROUNDS, NOISE_POWER));
	ret = pool && v ? 0 : -ENOMEM;
	free(v);
	free(pool);
	return ret;
}

int noise_launches(const struct groups *g, double shift, double level, size_t most, uint64_t seed,
		   size_t *launches)
{
	size_t enough = g->n, few = 0;
	double seen;
	int ret = 0;

	while (!ret && enough <= most) {
		ret = noise_detects(g, enough, enough, level, seed, &seen);
		if (ret || seen <= shift)
			break;
		few = enough;
		enough *= 2;
	}
	while (!ret && enough <= most && enough - few > 1) {
		size_t mid = few + (enough - few) / 2;

		ret = noise_detects(g, mid, mid, level, seed, &seen);
		if (seen <= shift)
			enough = mid;
		else
			few = mid;
	}
	*launches = enough <= most ? enough : 0;
	return ret;
}
