// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "statistics/ranks.h"
#include "statistics/rng.h"
#include "statistics/shift.h"
#include "statistics/stats.h"

#define near(a, b) assert_true(fabs((double)(a) - (b)) <= 1e-9)

static double at_term[] = { 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 };
static double early[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };

/* The list that shift_difference() never makes. */
static void every_kth_difference_and_average(void **state)
{
	uint64_t rng = 5;

	(void)state;
	for (int round = 0; round < 40; round++) {
		size_t m = 1 + rng_below(&rng, 7), n = 1 + rng_below(&rng, 7), k = 0;
		double x[7], y[7], list[49];

		for (size_t i = 0; i < 7; i++) {
			x[i] = ((double)rng_below(&rng, round % 2 ? 5 : 10000) - 3) / 7;
			y[i] = ((double)rng_below(&rng, round % 2 ? 5 : 10000) - 3) / 7;
		}
		stats_sort(x, m);
		stats_sort(y, n);
		for (size_t i = 0; i < m; i++)
			for (size_t j = 0; j < n; j++)
				list[k++] = y[j] - x[i];
		stats_sort(list, k);
		for (size_t i = 1; i <= k; i++)
			assert_true(shift_difference(x, m, y, n, i) == list[i - 1]);
		near(shift_two_median(x, m, y, n), stats_quantile(list, k, 0.5));
		k = 0;
		for (size_t i = 0; i < n; i++)
			for (size_t j = i; j < n; j++)
				list[k++] = (y[i] + y[j]) / 2;
		stats_sort(list, k);
		for (size_t i = 1; i <= k; i++)
			assert_true(shift_average(y, n, i) == list[i - 1]);
		near(shift_pair_median(y, n), stats_quantile(list, k, 0.5));
	}
}

/*
 * Hollander and Wolfe 1973, the data of R's wilcox.test: the estimates -0.305 for the
 * permeability constants and -0.46 for the depression scale, whose interval is
 * [-0.786, -0.010].
 */
static void hollander_and_wolfe(void **state)
{
	static const double first[] = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 };
	static const double second[] = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29 };
	struct shift s;
	double d[9];

	(void)state;
	stats_sort(at_term, 10);
	stats_sort(early, 5);
	assert_int_equal(shift_two(at_term, 10, early, 5, 0.05, &s), 0);
	near(s.value, -0.305);
	for (size_t i = 0; i < 9; i++)
		d[i] = second[i] - first[i];
	stats_sort(d, 9);
	assert_int_equal(shift_pair(d, 9, 0.05, &s), 0);
	near(s.value, -0.46);
	assert_true(s.have_interval);
	near(s.lo, -0.786);
	near(s.hi, -0.010);
}

/* 3 against 3: 1 in 20 at best, which isn't 2.5 %; 5 pairs: 1 in 32. */
static void few_values_have_no_interval(void **state)
{
	static const double x[] = { 1, 2, 3 }, y[] = { 4, 5, 6 }, d[] = { 1, 2, 3, 4, 5, 6 };
	struct shift s;

	(void)state;
	assert_int_equal(shift_two(x, 3, y, 3, 0.05, &s), 0);
	assert_false(s.have_interval);
	near(s.value, 3);
	assert_int_equal(shift_pair(d, 5, 0.05, &s), 0);
	assert_false(s.have_interval);
	assert_int_equal(shift_pair(d, 6, 0.05, &s), 0);
	assert_true(s.have_interval);
	near(s.lo, 1);
	near(s.hi, 6);
}

/*
 * The interval is the test turned round: freed of a shift just inside of it the groups don't
 * differ significantly, of one just outside they do.
 */
static void the_interval_is_what_the_test_lets_stand(void **state)
{
	uint64_t rng = 19;

	(void)state;
	for (int round = 0; round < 30; round++) {
		size_t m = 5 + rng_below(&rng, 6), n = 6 + rng_below(&rng, 5);
		double x[10], y[10], freed[10], ends[2][2];
		struct shift two, pair;
		struct rank_p p;

		for (size_t i = 0; i < 10; i++) {
			x[i] = (double)rng_below(&rng, 1u << 30) / (1u << 30);
			y[i] = (double)rng_below(&rng, 1u << 30) / (1u << 30);
		}
		stats_sort(x, m);
		stats_sort(y, n);
		assert_int_equal(shift_two(x, m, y, n, 0.05, &two), 0);
		assert_int_equal(shift_pair(y, n, 0.05, &pair), 0);
		ends[0][0] = two.lo;
		ends[0][1] = two.hi;
		ends[1][0] = pair.lo;
		ends[1][1] = pair.hi;
		for (int k = 0; k < 8; k++) {
			bool paired = k & 1, upper = k & 2, outside = k & 4;
			double sign = upper ? -1 : 1;

			for (size_t i = 0; i < n; i++)
				freed[i] = sign * (y[i] - ends[paired][upper]) +
					   (outside ? 1e-9 : -1e-9);
			if (paired) {
				assert_int_equal(ranks_pair(freed, n, &p), 0);
			} else {
				for (size_t i = 0; i < m; i++)
					x[i] *= sign;
				assert_int_equal(ranks_two(x, m, freed, n, &p), 0);
				for (size_t i = 0; i < m; i++)
					x[i] *= sign;
			}
			assert_true(outside == (p.p <= 0.025));
		}
	}
}

static void no_shift_has_no_sign(void **state)
{
	static const double v[] = { 1, 2, 3 };

	(void)state;
	assert_false(signbit(shift_difference(v, 3, v, 3, 5)));
}

/* The interval holds the truth in at least 95 % of 2000 draws (its exact level is 95.7 %). */
static void the_interval_covers(void **state)
{
	uint64_t rng = 11;
	int missed = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		double x[10], y[10];
		struct shift s;

		for (size_t i = 0; i < 10; i++) {
			x[i] = (double)rng_below(&rng, 1u << 30);
			y[i] = (double)rng_below(&rng, 1u << 30);
		}
		stats_sort(x, 10);
		stats_sort(y, 10);
		assert_int_equal(shift_two(x, 10, y, 10, 0.05, &s), 0);
		missed += s.lo > 0 || s.hi < 0;
	}
	assert_in_range(missed, 50, 115);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kth_difference_and_average),
		cmocka_unit_test(hollander_and_wolfe),
		cmocka_unit_test(few_values_have_no_interval),
		cmocka_unit_test(the_interval_is_what_the_test_lets_stand),
		cmocka_unit_test(no_shift_has_no_sign),
		cmocka_unit_test(the_interval_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
