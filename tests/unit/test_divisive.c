// SPDX-License-Identifier: GPL-2.0-only
/* Change points: of series that have some, and of series that have none. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "statistics/divisive.h"
#include "statistics/rng.h"

#define MOST 128

static double uniform(uint64_t *rng)
{
	return ((double)(rng_next(rng) >> 11) + 0.5) / 9007199254740992.0; /* 2^53 */
}

/* Box and Muller 1958. */
static double gauss(uint64_t *rng)
{
	double radius = sqrt(-2 * log(uniform(rng)));

	return radius * cos(2 * M_PI * uniform(rng));
}

static void noise(double *v, size_t n, double sd, uint64_t *rng)
{
	for (size_t i = 0; i < n; i++)
		v[i] = sd * gauss(rng);
}

static size_t find(const double *v, size_t n, double level, struct change_point *points)
{
	size_t found;

	assert_int_equal(divisive(v, n, level, 1, points, &found), 0);
	return found;
}

/* The definition, every sum by itself. */
static double slow_q(const double *v, size_t from, size_t at, size_t to)
{
	double within[2] = { 0, 0 }, between = 0, m = (double)(at - from), n = (double)(to - at);

	for (size_t i = from; i < to; i++) {
		for (size_t j = i + 1; j < to; j++) {
			double d = fabs(v[i] - v[j]);

			if (i < at && j >= at)
				between += d;
			else
				within[i >= at] += d;
		}
	}
	return m * n / (m + n) *
	       (2 / (m * n) * between - within[0] / (m * (m - 1) / 2) -
		within[1] / (n * (n - 1) / 2));
}

static void statistic_is_its_definition(void **state)
{
	uint64_t rng = 3;

	(void)state;
	for (int round = 0; round < 50; round++) {
		size_t n = 6 + rng_below(&rng, 15), at, best_at = 0;
		double v[MOST], q, best = 0;

		noise(v, n, 1, &rng);
		for (size_t i = n / 2; i < n; i++)
			v[i] += round % 3;
		for (size_t i = 3; i + 3 <= n; i++) {
			for (size_t end = i + 3; end <= n; end++) {
				double slow = slow_q(v, 0, i, end);

				if (slow > best) {
					best = slow;
					best_at = i;
				}
			}
		}
		assert_int_equal(divisive_split(v, n, &at, &q), 0);
		assert_int_equal(at, best_at);
		assert_true(fabs(q - best) < 1e-9);
	}
}

static void one_step_is_found_where_it_is(void **state)
{
	struct change_point points[MOST];
	uint64_t rng = 4;
	double v[MOST];

	(void)state;
	for (size_t at = 5; at <= 35; at += 5) {
		noise(v, 40, 0.01, &rng);
		for (size_t i = at; i < 40; i++)
			v[i] += 0.08;
		assert_int_equal(find(v, 40, 0.001, points), 1);
		assert_int_equal(points[0].at, at);
		assert_true(points[0].p > 0 && points[0].p <= 0.001);
	}
}

static void up_and_back_are_two(void **state)
{
	struct change_point points[MOST];
	uint64_t rng = 5;
	double v[MOST];

	(void)state;
	noise(v, 60, 0.01, &rng);
	for (size_t i = 20; i < 40; i++)
		v[i] += 0.1;
	assert_int_equal(find(v, 60, 0.001, points), 2);
	assert_int_equal(points[0].at, 20);
	assert_int_equal(points[1].at, 40);
	/* Four levels, each by itself. */
	for (size_t i = 0; i < 60; i++)
		v[i] += i >= 50 ? 0.3 : 0;
	assert_int_equal(find(v, 60, 0.001, points), 3);
	assert_int_equal(points[2].at, 50);
}

/* At level 0.05 a series without a change may show one in 5 % of all cases: 400 series. */
static void quiet_series_are_quiet(void **state)
{
	struct change_point points[MOST];
	size_t lengths[] = { 8, 20, 50 };
	uint64_t rng = 6;
	double v[MOST];

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		size_t alarms = 0;

		for (int round = 0; round < 400; round++) {
			size_t found;

			noise(v, lengths[k], 1, &rng);
			assert_int_equal(
				divisive(v, lengths[k], 0.05, rng_next(&rng), points, &found), 0);
			alarms += found > 0;
		}
		/* 20 expected; of 400 draws at 5 %, 36 or more come once in 3000. */
		assert_in_range(alarms, lengths[k] > 8, 35);
	}
}

static void odd_values_are_no_level(void **state)
{
	struct change_point points[MOST];
	uint64_t rng = 7;
	double v[MOST];

	(void)state;
	noise(v, 40, 0.01, &rng);
	v[10] += 0.5;
	v[11] += 0.4;
	v[30] -= 0.3;
	assert_int_equal(find(v, 40, 0.001, points), 0);
	/* Nor is the last run of all. */
	noise(v, 40, 0.01, &rng);
	v[39] += 1;
	assert_int_equal(find(v, 40, 0.001, points), 0);
}

static void short_and_flat_series(void **state)
{
	struct change_point points[MOST];
	double v[MOST] = { 0 };

	(void)state;
	for (size_t n = 0; n < 6; n++)
		assert_int_equal(find(v, n, 0.01, points), 0);
	assert_int_equal(find(v, MOST, 0.01, points), 0);
	/* Six values have 20 orders of two groups: no p below 0.1. */
	v[0] = v[1] = v[2] = 1;
	assert_int_equal(find(v, 6, 0.05, points), 0);
	for (size_t i = 0; i < 10; i++)
		v[i] = i >= 5;
	assert_int_equal(find(v, 10, 0.05, points), 1);
	assert_int_equal(points[0].at, 5);
}

static void the_same_seed_gives_the_same(void **state)
{
	struct change_point a[MOST], b[MOST];
	uint64_t rng = 8;
	double v[MOST], copy[MOST];
	size_t n;

	(void)state;
	noise(v, 50, 0.02, &rng);
	for (size_t i = 25; i < 50; i++)
		v[i] += 0.05;
	memcpy(copy, v, sizeof(v));
	n = find(v, 50, 0.01, a);
	assert_int_equal(n, find(v, 50, 0.01, b));
	assert_true(n > 0);
	assert_memory_equal(a, b, n * sizeof(*a));
	assert_memory_equal(v, copy, sizeof(double) * 50);
	/* The unit doesn't matter, nor does which way is up. */
	for (size_t i = 0; i < 50; i++)
		v[i] = -1000 * v[i] + 5;
	assert_int_equal(find(v, 50, 0.01, b), n);
	assert_int_equal(a[0].at, b[0].at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statistic_is_its_definition),
		cmocka_unit_test(one_step_is_found_where_it_is),
		cmocka_unit_test(up_and_back_are_two),
		cmocka_unit_test(quiet_series_are_quiet),
		cmocka_unit_test(odd_values_are_no_level),
		cmocka_unit_test(short_and_flat_series),
		cmocka_unit_test(the_same_seed_gives_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
