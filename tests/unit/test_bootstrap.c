// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often does the 95 % interval hold the true median? Log-normal launches (the true
 * median is 1), drawn from a fixed seed, so that the answer is the same everywhere.
 * DMABENCH_TRIALS=N draws more than the few that a test can afford; docs/timing.md has
 * the figures of 20000.
 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "statistics/rng.h"
#include "statistics/stats.h"

/* Box and Muller (1958). */
static double normal(uint64_t *rng)
{
	double u = ((double)(rng_next(rng) >> 11) + 1) / 9007199254740992.0;
	double v = (double)(rng_next(rng) >> 11) / 9007199254740992.0;

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static double coverage(size_t n, int trials)
{
	uint64_t rng = 1;
	int held = 0;

	for (int t = 0; t < trials; t++) {
		double v[32], lo, hi;

		for (size_t i = 0; i < n; i++)
			v[i] = exp(0.1 * normal(&rng));
		stats_bootstrap_median(v, n, rng_next(&rng), &lo, &hi);
		held += lo <= 1 && hi >= 1;
	}
	return (double)held / trials;
}

/* Below six the interval is the range, which misses when all are on one side: 2 / 2^n. */
static void coverage_is_what_the_method_says(void **state)
{
	static const struct {
		size_t n;
		double least, most;
	} expected[] = {
		{ 3, 0.70, 0.80 },
		{ 5, 0.89, 0.97 },
		{ 10, 0.92, 0.98 },
		{ 20, 0.92, 0.98 },
	};
	const char *text = getenv("DMABENCH_TRIALS");
	int trials = text ? atoi(text) : 500;

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		double c = coverage(expected[i].n, trials);

		printf("# n = %zu: %.2f %% of %d intervals hold the median\n", expected[i].n,
		       100 * c, trials);
		assert_true(c >= expected[i].least && c <= expected[i].most);
	}
}

/* 2 / 2^n by hand; from six on the nominal 95 %. */
static void coverage_of_few(void **state)
{
	(void)state;
	assert_true(stats_bootstrap_coverage(2) == 0.5);
	assert_true(stats_bootstrap_coverage(3) == 0.75);
	assert_true(stats_bootstrap_coverage(5) == 0.9375);
	assert_true(stats_bootstrap_coverage(6) == 0.95);
	assert_true(stats_bootstrap_coverage(1000) == 0.95);
}

/* Intervals move with the data and hold their median. */
static void interval_follows_the_data(void **state)
{
	double v[12], w[12], lo, hi, lo2, hi2;
	uint64_t rng = 3;

	(void)state;
	for (int i = 0; i < 12; i++) {
		v[i] = exp(normal(&rng));
		w[i] = 10 * v[i];
	}
	stats_bootstrap_median(v, 12, 5, &lo, &hi);
	stats_bootstrap_median(w, 12, 5, &lo2, &hi2);
	assert_true(fabs(lo2 - 10 * lo) < 1e-9 && fabs(hi2 - 10 * hi) < 1e-9);
	assert_true(lo <= stats_median(v, 12) && stats_median(v, 12) <= hi);
	assert_true(lo < hi);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coverage_is_what_the_method_says),
		cmocka_unit_test(coverage_of_few),
		cmocka_unit_test(interval_follows_the_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
