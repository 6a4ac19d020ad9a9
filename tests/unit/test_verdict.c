// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <math.h>
#include <string.h>

#include "compare/noise.h"
#include "compare/verdict.h"
#include "rates/simulate.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

#define N 10

/* Ten quiet launches: 1 % apart from first to last, and no two alike. */
static void launches(double *v, double around, double spread)
{
	for (size_t i = 0; i < N; i++)
		v[i] = log(around) + spread * ((double)((i * 7) % N) / (N - 1) - 0.5);
}

static struct comparison one(double base, double now, double spread)
{
	static double v[2][N];

	launches(v[0], base, spread);
	launches(v[1], now, spread);
	return (struct comparison){ .base = v[0], .now = v[1], .nbase = N, .nnow = N, .seed = 1 };
}

static enum verdict verdict_of(struct comparison c, bool paired)
{
	struct rule rule = rule_default;
	struct family family;

	rule.paired = paired;
	assert_int_equal(decide(&c, 1, &rule, &family), 0);
	if (c.verdict != VERDICT_OK && c.verdict != VERDICT_IMPROVED)
		assert_int_not_equal(strlen(c.reason), 0);
	return c.verdict;
}

static void clear_cases_are_told_apart(void **state)
{
	(void)state;
	for (int paired = 0; paired < 2; paired++) {
		assert_int_equal(verdict_of(one(100, 100, 0.01), paired), VERDICT_OK);
		assert_int_equal(verdict_of(one(100, 104, 0.01), paired), VERDICT_OK);
		assert_int_equal(verdict_of(one(100, 106, 0.01), paired), VERDICT_FAIL);
		assert_int_equal(verdict_of(one(106, 100, 0.01), paired), VERDICT_IMPROVED);
		assert_int_equal(verdict_of(one(104, 100, 0.01), paired), VERDICT_OK);
	}
	/* Pairs cancel what both sides share, so only the others are too noisy. */
	assert_int_equal(verdict_of(one(100, 101, 0.3), false), VERDICT_UNSTABLE);
	assert_int_equal(verdict_of(one(100, 101, 0.3), true), VERDICT_OK);
	assert_int_equal(verdict_of(one(100, 200, 0.3), false), VERDICT_FAIL);
	assert_int_equal(verdict_of(one(200, 100, 0.3), false), VERDICT_IMPROVED);
}

static void seven_launches_are_no_verdict(void **state)
{
	struct comparison c = one(100, 200, 0.01);

	(void)state;
	c.nnow = 7;
	assert_int_equal(verdict_of(c, false), VERDICT_INCONCLUSIVE);
	c.nnow = 8;
	assert_int_equal(verdict_of(c, false), VERDICT_FAIL);
	c.nbase = 7;
	assert_int_equal(verdict_of(c, false), VERDICT_INCONCLUSIVE);
	c.nbase = c.nnow = 0;
	assert_int_equal(verdict_of(c, false), VERDICT_INCONCLUSIVE);
}

static void the_floor_of_the_baseline_counts(void **state)
{
	struct comparison c = one(100, 106, 0.01);

	(void)state;
	c.stored_floor = 0.08;
	assert_int_equal(verdict_of(c, false), VERDICT_UNSTABLE);
	c.stored_floor = 0.04;
	assert_int_equal(verdict_of(c, false), VERDICT_FAIL);
}

static void deterministic_figures_need_one_launch(void **state)
{
	struct comparison c = one(1000, 1006, 0);

	(void)state;
	c.exact = true;
	c.nbase = c.nnow = 1;
	assert_int_equal(verdict_of(c, false), VERDICT_FAIL);
	c = one(1000, 1004, 0);
	c.exact = true;
	c.nbase = c.nnow = 1;
	assert_int_equal(verdict_of(c, false), VERDICT_OK);
	c = one(1006, 1000, 0);
	c.exact = true;
	c.nbase = c.nnow = 1;
	assert_int_equal(verdict_of(c, false), VERDICT_IMPROVED);
	c.nnow = 0;
	assert_int_equal(verdict_of(c, false), VERDICT_INCONCLUSIVE);
}

/* Whole launches that moved aren't code that grew: that moves the least and the median. */
static void deterministic_launches_fail_by_what_all_show(void **state)
{
	static const struct {
		double now[5];
		enum verdict verdict;
		double change;
	} rows[] = {
		{ { 1000, 1000, 1000, 1050, 1050 }, VERDICT_OK, 0 },
		{ { 1000, 1050, 1050, 1050, 1050 }, VERDICT_OK, 0 }, /* the least is as before */
		{ { 960, 1050, 1050, 1050, 1050 }, VERDICT_OK, 0 },  /* and here below it */
		{ { 1010, 1060, 1060, 1060, 1010 },
		  VERDICT_FAIL,
		  0.01 }, /* all grew by 1 % at least */
		{ { 900, 980, 980, 980, 1050 }, VERDICT_IMPROVED, -0.02 },
	};
	double base[5], now[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		base[i] = log(i < 3 ? 1000 : 1050);
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		struct comparison c = {
			.base = base, .now = now, .nbase = 5, .nnow = 5, .exact = true
		};
		struct family family;

		for (size_t i = 0; i < 5; i++)
			now[i] = log(rows[k].now[i]);
		assert_int_equal(decide(&c, 1, &rule_default, &family), 0);
		assert_int_equal(c.verdict, rows[k].verdict);
		assert_true(fabs(c.change - rows[k].change) < 1e-9);
	}
}

/* 8 pairs reach 1/256; Holm over three cases asks for 1/300. */
static void what_can_not_be_reached_is_unstable(void **state)
{
	struct comparison c[3];
	struct rule rule = rule_default;
	struct family family;

	(void)state;
	rule.paired = true;
	for (size_t i = 0; i < 3; i++) {
		c[i] = one(100, 100, 0.01);
		c[i].nbase = c[i].nnow = 8;
	}
	assert_int_equal(decide(c, 2, &rule, &family), 0);
	assert_int_equal(family.size, 2);
	assert_int_equal(c[0].verdict, VERDICT_OK);
	for (size_t i = 0; i < 3; i++) {
		c[i] = one(100, 100, 0.01);
		c[i].nbase = c[i].nnow = 8;
	}
	assert_int_equal(decide(c, 3, &rule, &family), 0);
	assert_true(isinf(c[0].detects));
	assert_int_equal(c[0].verdict, VERDICT_UNSTABLE);
	assert_int_equal(decide_launches(c, 3, &rule, &family), 0);
	assert_int_equal(c[0].launches, 9); /* 1/512 */
}

static void gaussian(double *v, size_t n, double sd, uint64_t *rng)
{
	for (size_t i = 0; i < n; i++) {
		double sum = -6;

		for (int k = 0; k < 12; k++)
			sum += (double)rng_below(rng, 1u << 30) / (1u << 30);
		v[i] = sd * sum;
	}
	stats_sort(v, n);
}

/*
 * Theory for 100 + 100 normal launches with a deviation of 10 %: the rank sum's shift has the
 * standard error sqrt(pi / 3) 0.1 sqrt(2 / 100) = 1.447 %. The A/A floor is 1.96 of them,
 * and what 80 % power at 0.1 % sees is 3.09 + 0.84. Within a quarter, for one sample.
 */
static void noise_is_what_theory_says(void **state)
{
	double x[100], y[100], floor, sees;
	struct groups g = { x, y, 100, 100 };
	uint64_t rng = 17;

	(void)state;
	gaussian(x, 100, 0.1, &rng);
	gaussian(y, 100, 0.1, &rng);
	assert_int_equal(noise_floor(&g, 1, &floor), 0);
	assert_true(fabs(floor / (1.96 * 0.01447) - 1) < 0.25);
	assert_int_equal(noise_detects(&g, 100, 100, 0.001, 1, &sees), 0);
	assert_true(fabs(sees / (3.93 * 0.01447) - 1) < 0.25);
	/* Pairs of them differ with sqrt(2) times the deviation. */
	for (size_t i = 0; i < 100; i++)
		x[i] = sqrt(2) * y[i];
	g = (struct groups){ NULL, x, 0, 100 };
	assert_int_equal(noise_floor(&g, 1, &floor), 0);
	assert_true(fabs(floor / (1.96 * 0.01447) - 1) < 0.25);
	assert_int_equal(noise_detects(&g, 100, 100, 0.001, 1, &sees), 0);
	assert_true(fabs(sees / (3.93 * 0.01447) - 1) < 0.25);
}

static void the_launches_that_it_takes(void **state)
{
	double x[100], y[100], sees;
	struct groups g = { x, y, 10, 10 };
	uint64_t rng = 23;
	size_t n;

	(void)state;
	gaussian(x, 10, 0.05, &rng);
	gaussian(y, 10, 0.05, &rng);
	assert_int_equal(noise_launches(&g, 0.05, 0.001, 1000, 1, &n), 0);
	assert_in_range(n, 15, 100); /* 2 (3.93 * 1.023)^2 = 32 for a known deviation */
	assert_int_equal(noise_detects(&g, n, n, 0.001, 1, &sees), 0);
	assert_true(sees <= 0.05);
	assert_int_equal(noise_launches(&g, 0.0001, 0.001, 1000, 1, &n), 0);
	assert_int_equal(n, 0);
}

/*
 * Every condition decides somewhere: in this noise each of them is, for some case, the only
 * one that stands between it and a FAIL, or between it and an OK.
 */
static void each_condition_counts(void **state)
{
	static double v[2][300][N];
	static struct comparison c[300];
	size_t failed = 0, uncertain = 0, noisy = 0, looks = 0, passed = 0;
	uint64_t rng = 29;
	struct family family;

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		gaussian(v[0][i], N, 0.016, &rng);
		gaussian(v[1][i], N, 0.016, &rng);
		for (size_t k = 0; k < N; k++)
			v[1][i][k] += i % 2 ? log(1.055) : 0;
		c[i] = (struct comparison){
			.base = v[0][i], .now = v[1][i], .nbase = N, .nnow = N, .seed = i
		};
	}
	assert_int_equal(decide(c, 300, &rule_default, &family), 0);
	assert_true(fabs(family.level - 0.01 / 300) < 1e-12);
	for (size_t i = 0; i < 300; i++) {
		bool slower = c[i].change >= 0.05 && c[i].change >= c[i].floor;
		bool significant = c[i].adjusted_worse <= 0.01, certain = c[i].at_least > 0.01;
		bool stable = c[i].detects <= 0.05 && c[i].floor <= 0.05;

		assert_true((c[i].verdict == VERDICT_FAIL) == (slower && significant && certain));
		failed += c[i].verdict == VERDICT_FAIL;
		uncertain += slower && significant && !certain;
		if (c[i].verdict == VERDICT_FAIL)
			continue;
		assert_true((c[i].verdict == VERDICT_OK) == (stable && !slower));
		noisy += c[i].detects > 0.05 && c[i].floor <= 0.05 && !slower;
		looks += stable && slower;
		passed += c[i].verdict == VERDICT_OK;
	}
	assert_true(failed && uncertain && noisy && looks && passed);
}

/* The small version of make rates: no false alarm, and 10 % is seen. */
static void error_rates_in_small(void **state)
{
	static const struct world worlds[] = {
		{ .noise = 0.01 },
		{ .noise = 0.03 },
		{ .noise = 0.02, .outliers = 0.1 },
		{ .noise = 0.02, .drift = 0.03 },
	};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		struct world w = worlds[i / 2];
		struct tally same = { 0 }, slower = { 0 };
		uint64_t rng = i;

		w.cases = 64;
		w.launches = 14;
		w.paired = i % 2;
		for (int suite = 0; suite < 2; suite++)
			assert_int_equal(simulate(&w, &rule_default, &rng, &same), 0);
		assert_int_equal(same.other[VERDICT_FAIL], 0);
		assert_int_equal(same.suites, 2);
		w.slowed = 16;
		w.slowdown = 0.1;
		for (int suite = 0; suite < 1; suite++)
			assert_int_equal(simulate(&w, &rule_default, &rng, &slower), 0);
		assert_int_equal(slower.other[VERDICT_FAIL], 0);
		/* A real 10 % is never waved through. */
		assert_int_equal(slower.slowed[VERDICT_OK], 0);
		if (!w.outliers)
			assert_true(slower.slowed[VERDICT_FAIL] >= 14);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clear_cases_are_told_apart),
		cmocka_unit_test(seven_launches_are_no_verdict),
		cmocka_unit_test(the_floor_of_the_baseline_counts),
		cmocka_unit_test(deterministic_figures_need_one_launch),
		cmocka_unit_test(deterministic_launches_fail_by_what_all_show),
		cmocka_unit_test(what_can_not_be_reached_is_unstable),
		cmocka_unit_test(noise_is_what_theory_says),
		cmocka_unit_test(the_launches_that_it_takes),
		cmocka_unit_test(each_condition_counts),
		cmocka_unit_test(error_rates_in_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
