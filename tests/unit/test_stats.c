// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <math.h>

#include "statistics/stats.h"

#define near(a, b) assert_true(fabs((double)(a) - (b)) <= 1e-9 * fabs((double)(b)))

/*
 * Type 7 by hand: the position is (n - 1) q, between the order statistics on both
 * sides of it. These are also what R's quantile(x) and numpy.quantile(x) print.
 */
static void quantiles_are_type_7(void **state)
{
	double ten[] = { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 };
	double odd[] = { 15, 20, 35, 40, 50 };

	(void)state;
	stats_sort(ten, 10);
	near(stats_quantile(ten, 10, 0.1), 1.9);
	near(stats_quantile(ten, 10, 0.25), 3.25);
	near(stats_quantile(ten, 10, 0.5), 5.5);
	near(stats_quantile(ten, 10, 0.9), 9.1);
	near(stats_quantile(odd, 5, 0.4), 29);
	near(stats_quantile(odd, 5, 1), 50);
	near(stats_quantile(odd, 5, 0), 15);
	near(stats_quantile(odd, 1, 0.7), 15);
}

static void medians_do_not_need_order(void **state)
{
	double v[] = { 5, 1, 4, 2, 3 }, even[] = { 4, 1, 3, 2 };

	(void)state;
	near(stats_median(v, 5), 3);
	near(stats_median(even, 4), 2.5);
}

/*
 * For n = 3 every resample's median is one of the three, the smallest with
 * probability (1/3)^3 + 3 (1/3)^2 (2/3) = 7/27 > 2.5 %: the interval is the range.
 */
static void bootstrap_of_three_is_their_range(void **state)
{
	double v[] = { 1, 2, 4 }, lo, hi;

	(void)state;
	stats_bootstrap_median(v, 3, 1, &lo, &hi);
	near(lo, 1);
	near(hi, 4);
}

/*
 * The resampled median of 1 … 11 is at most k when at least six of eleven draws are:
 * a binomial tail with p = k/11, 0.7 % for k = 2 and 5.1 % for k = 3. So 2.5 % is at 3.
 */
static void bootstrap_of_eleven_is_the_binomial_one(void **state)
{
	double v[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 10, 11 }, lo, hi, lo2, hi2;

	(void)state;
	stats_bootstrap_median(v, 11, 42, &lo, &hi);
	near(lo, 3);
	near(hi, 9);
	stats_bootstrap_median(v, 11, 42, &lo2, &hi2);
	near(lo2, lo);
	near(hi2, hi);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_are_type_7),
		cmocka_unit_test(medians_do_not_need_order),
		cmocka_unit_test(bootstrap_of_three_is_their_range),
		cmocka_unit_test(bootstrap_of_eleven_is_the_binomial_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
