// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rank tests and Holm against published values, and against counting every regrouping, which
 * is another computation altogether.
 */
#include "unit.h"

#include <math.h>

#include "statistics/holm.h"
#include "statistics/ranks.h"
#include "statistics/rng.h"

#define close_to(a, b, error) assert_true(fabs((double)(a) - (b)) <= (error))
#define near(a, b) close_to(a, b, 1e-12)

static double two(const double *x, size_t m, const double *y, size_t n)
{
	struct rank_p p;

	assert_int_equal(ranks_two(x, m, y, n, &p), 0);
	assert_int_equal(p.exact, m + n <= RANKS_EXACT_TWO);
	return p.p;
}

static double pair(const double *d, size_t n)
{
	struct rank_p p;

	assert_int_equal(ranks_pair(d, n, &p), 0);
	assert_int_equal(p.exact, n <= RANKS_EXACT_PAIR);
	return p.p;
}

/*
 * R's help page of wilcox.test, data of Hollander and Wolfe 1973: permeability (p. 69f,
 * W = 35, p = 0.1272, alternative greater) and depression (p. 29f, V = 40, p = 0.01953).
 */
static void the_examples_of_r(void **state)
{
	static const double at_term[] = {
		0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46
	};
	static const double early[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };
	static const double first[] = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 };
	static const double second[] = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29 };
	double d[9];

	(void)state;
	close_to(two(early, 5, at_term, 10), 0.1272, 5e-5);
	for (size_t i = 0; i < 9; i++)
		d[i] = first[i] - second[i];
	near(pair(d, 9), 10.0 / 512); /* 0.01953 */
}

/*
 * SciPy's documentation: mannwhitneyu (age at diagnosis, two-sided p = 0.111…, twice 7/126)
 * and wilcoxon (Darwin's maize, greater: 0.0206298828125).
 */
static void the_examples_of_scipy(void **state)
{
	static const double males[] = { 19, 22, 16, 29, 24 }, females[] = { 20, 11, 17, 12 };
	static const double maize[] = { 6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75 };

	(void)state;
	near(two(females, 4, males, 5), 7.0 / 126);
	near(pair(maize, 15), 0.0206298828125);
}

/*
 * The usual tables of critical values: U (Mann and Whitney 1947; here for 1 % and 2.5 %
 * one-sided) and T (Wilcoxon 1945). They list the largest lower tail; ours is the smallest
 * upper one, its mirror image.
 */
static void the_tables_of_critical_values(void **state)
{
	static const struct {
		size_t m, n;
		double alpha;
		size_t u;
	} table_u[] = {
		{ 5, 5, 0.025, 2 },	{ 8, 8, 0.025, 13 },   { 8, 8, 0.005, 7 },
		{ 10, 10, 0.025, 23 },	{ 10, 10, 0.005, 16 }, { 20, 20, 0.025, 127 },
		{ 20, 20, 0.005, 105 },
	};
	static const struct {
		size_t n;
		double alpha;
		size_t t;
	} table_t[] = {
		{ 6, 0.025, 0 },   { 7, 0.025, 2 },   { 8, 0.025, 3 },	{ 10, 0.025, 8 },
		{ 15, 0.025, 25 }, { 20, 0.025, 52 }, { 10, 0.005, 3 }, { 20, 0.005, 37 },
	};
	size_t c;

	(void)state;
	for (size_t i = 0; i < sizeof(table_u) / sizeof(table_u[0]); i++) {
		assert_int_equal(
			ranks_critical_two(table_u[i].m, table_u[i].n, table_u[i].alpha, &c), 0);
		assert_int_equal(table_u[i].m * table_u[i].n - c, table_u[i].u);
	}
	for (size_t i = 0; i < sizeof(table_t) / sizeof(table_t[0]); i++) {
		assert_int_equal(ranks_critical_pair(table_t[i].n, table_t[i].alpha, &c), 0);
		assert_int_equal(table_t[i].n * (table_t[i].n + 1) / 2 - c, table_t[i].t);
	}
	/* Out of reach: 8 + 8 launches can't be rarer than 1 in 12870, 8 pairs than 1 in 256. */
	assert_int_equal(ranks_critical_two(8, 8, 1.01 / 12870, &c), 0);
	assert_int_equal(c, 64);
	assert_int_equal(ranks_critical_two(8, 8, 0.99 / 12870, &c), 0);
	assert_int_equal(c, 65);
	assert_int_equal(ranks_critical_pair(8, 1.0 / 256, &c), 0);
	assert_int_equal(c, 36); /* at most alpha, not below it */
	assert_int_equal(ranks_critical_pair(8, 0.99 / 256, &c), 0);
	assert_int_equal(c, 37);
}

/* Every way to call m of the values x: its U by comparing pairs, no ranks. */
static double brute_two(const double *x, size_t m, const double *y, size_t n)
{
	double all[16], least = 0, hits = 0, ways = 0;

	for (size_t i = 0; i < m + n; i++)
		all[i] = i < m ? x[i] : y[i - m];
	for (unsigned int mask = (1u << (m + n)) - 1;; mask--) {
		bool seen = mask == ((1u << n) - 1) << m;
		double u = 0;

		if ((size_t)__builtin_popcount(mask) != n)
			goto next;
		for (size_t i = 0; i < m + n; i++)
			for (size_t j = 0; j < m + n; j++)
				if (mask >> j & 1 && !(mask >> i & 1))
					u += all[j] > all[i] ? 2 : all[j] == all[i];
		if (seen)
			least = u;
next:
		if (!mask)
			break;
	}
	for (unsigned int mask = 0; mask < 1u << (m + n); mask++) {
		double u = 0;

		if ((size_t)__builtin_popcount(mask) != n)
			continue;
		for (size_t i = 0; i < m + n; i++)
			for (size_t j = 0; j < m + n; j++)
				if (mask >> j & 1 && !(mask >> i & 1))
					u += all[j] > all[i] ? 2 : all[j] == all[i];
		ways++;
		hits += u >= least;
	}
	return hits / ways;
}

/* Every choice of signs. The rank of |d| by counting those below and beside it. */
static double brute_pair(const double *d, size_t n)
{
	double twice[16], least = 0, hits = 0;

	for (size_t i = 0; i < n; i++) {
		twice[i] = 1;
		for (size_t j = 0; j < n; j++)
			twice[i] += fabs(d[j]) < fabs(d[i]) ? 2 : fabs(d[j]) == fabs(d[i]);
		if (d[i] == 0)
			twice[i] = 0;
		least += d[i] > 0 ? twice[i] : 0;
	}
	for (unsigned int mask = 0; mask < 1u << n; mask++) {
		double w = 0;

		for (size_t i = 0; i < n; i++)
			w += mask >> i & 1 ? twice[i] : 0;
		hits += w >= least;
	}
	return hits / (double)(1u << n);
}

static void ties_are_counted_exactly(void **state)
{
	uint64_t rng = 7;

	(void)state;
	for (int round = 0; round < 60; round++) {
		size_t m = 1 + rng_below(&rng, 6), n = 1 + rng_below(&rng, 6);
		/* Few different values: many ties; many: none. */
		uint64_t values = round % 3 ? 4 : 1000000;
		double x[6], y[6], d[12];

		for (size_t i = 0; i < 6; i++) {
			x[i] = (double)rng_below(&rng, values);
			y[i] = (double)rng_below(&rng, values);
		}
		for (size_t i = 0; i < 12; i++)
			d[i] = (double)rng_below(&rng, values) - (double)(values / 2);
		near(two(x, m, y, n), brute_two(x, m, y, n));
		near(pair(d, m + n), brute_pair(d, m + n));
	}
}

static void equal_values_say_nothing(void **state)
{
	static const double same[10] = { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 }, zero[10] = { 0 };

	(void)state;
	near(two(same, 10, same, 10), 1);
	near(pair(zero, 10), 1);
}

/* The share of the normal distribution above z. */
static double above(double z)
{
	return 0.5 * erfc(z / sqrt(2));
}

/*
 * Beyond the limit: U by comparing pairs, and its variance mn/12 (N + 1 - sum(t^3 - t) /
 * (N (N - 1))), the textbook's; the sum over tie groups is one of t^2 - 1 over values.
 */
static void large_groups_use_the_normal_distribution(void **state)
{
	double x[120], y[120], d[120], zero[120] = { 0 }, u = 0, ties = 0, w = 0, all = 0, var = 0;
	uint64_t rng = 3;

	(void)state;
	for (size_t i = 0; i < 120; i++) {
		x[i] = (double)rng_below(&rng, 50);
		y[i] = (double)rng_below(&rng, 53);
		d[i] = (double)rng_below(&rng, 100) - 45;
	}
	for (size_t i = 0; i < 120; i++) {
		double same[2] = { 0, 0 }, rank = 0.5;

		for (size_t j = 0; j < 120; j++) {
			u += y[j] > x[i] ? 1 : 0.5 * (y[j] == x[i]);
			same[0] += (x[j] == x[i]) + (y[j] == x[i]);
			same[1] += (x[j] == y[i]) + (y[j] == y[i]);
			rank += fabs(d[j]) < fabs(d[i]) ? 1 : 0.5 * (fabs(d[j]) == fabs(d[i]));
		}
		ties += same[0] * same[0] + same[1] * same[1] - 2;
		if (d[i] == 0)
			continue;
		w += d[i] > 0 ? rank : 0;
		all += rank;
		var += rank * rank / 4;
	}
	near(two(x, 120, y, 120),
	     above((u - 7200 - 0.5) / sqrt(1200 * (241 - ties / (240.0 * 239.0)))));
	near(pair(d, 120), above((w - all / 2 - 0.5) / sqrt(var)));
	near(two(zero, 60, zero, 60), 1);
	near(pair(zero, 101), 1);
}

/* Where exact and approximate meet, they say nearly the same. */
static void the_approximation_is_close_at_the_limit(void **state)
{
	size_t exact, approximate;

	(void)state;
	assert_int_equal(ranks_critical_two(50, 50, 0.001, &exact), 0);
	assert_int_equal(ranks_critical_two(50, 51, 0.001, &approximate), 0);
	close_to((double)exact / 2500, (double)approximate / 2550, 0.005);
	assert_int_equal(ranks_critical_pair(100, 0.001, &exact), 0);
	assert_int_equal(ranks_critical_pair(101, 0.001, &approximate), 0);
	close_to((double)exact / 5050, (double)approximate / 5151, 0.005);
}

/* R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") is 0.05 0.08 0.09 0.09 0.09. */
static void holm_steps_down(void **state)
{
	static const double p[] = { 0.04, 0.01, 0.05, 0.02, 0.03 };
	static const double want[] = { 0.09, 0.05, 0.09, 0.08, 0.09 };
	static const double large[] = { 0.9, 0.6 };
	double out[5];

	(void)state;
	assert_int_equal(holm(p, 5, out), 0);
	for (size_t i = 0; i < 5; i++)
		near(out[i], want[i]);
	assert_int_equal(holm(large, 2, out), 0);
	near(out[0], 1);
	near(out[1], 1);
	assert_int_equal(holm(p, 0, out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_r),
		cmocka_unit_test(the_examples_of_scipy),
		cmocka_unit_test(the_tables_of_critical_values),
		cmocka_unit_test(ties_are_counted_exactly),
		cmocka_unit_test(equal_values_say_nothing),
		cmocka_unit_test(large_groups_use_the_normal_distribution),
		cmocka_unit_test(the_approximation_is_close_at_the_limit),
		cmocka_unit_test(holm_steps_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
