// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of which the right answer is known: exact, noisy, bent. How often the intervals hold it is drawn
 * from a fixed seed; DMABENCH_TRIALS=N draws more, docs/timing.md has the figures of 2000.
 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "statistics/line.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

#define MOST 16
#define LAUNCHES 20

static const double sizes[] = { 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216 };

struct made {
	struct line_point p[MOST];
	struct line_interval of[MOST];
	double launches[MOST][LAUNCHES];
};

/* Box and Muller (1958). */
static double normal(uint64_t *rng)
{
	double u = ((double)(rng_next(rng) >> 11) + 1) / 9007199254740992.0;
	double v = (double)(rng_next(rng) >> 11) / 9007199254740992.0;

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* Times on fixed + slope * x, times the factor beyond a size, with log-normal noise. */
static void make(struct made *m, size_t n, size_t launches, double fixed, double slope,
		 double noise, uint64_t *rng)
{
	for (size_t i = 0; i < n; i++) {
		double sorted[LAUNCHES];

		for (size_t k = 0; k < launches; k++) {
			double e = noise > 0 ? exp(noise * normal(rng)) : 1;

			sorted[k] = m->launches[i][k] = (fixed + slope * sizes[i]) * e;
		}
		m->p[i] = (struct line_point){ .x = sizes[i],
					       .y = stats_median(sorted, launches),
					       .launches = m->launches[i],
					       .n = launches };
		stats_bootstrap_median(m->launches[i], launches, rng_next(rng), &m->of[i].lo,
				       &m->of[i].hi);
	}
}

static void close_to(double is, double wanted, double share)
{
	if (fabs(is / wanted - 1) > share)
		fail_msg("%.9g isn't within %g of %.9g", is, share, wanted);
}

static void exact_times_give_the_line_back(void **state)
{
	static const double fixed[] = { 2100, 35, 0.5 }, slope[] = { 1 / 12.0, 0.03, 1.7 };
	uint64_t rng = 1;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct made m;
		struct line l;

		make(&m, 8, 1, fixed[i], slope[i], 0, &rng);
		l = line_fit(m.p, 8);
		close_to(l.fixed, fixed[i], 1e-6);
		close_to(l.slope, slope[i], 1e-9);
		close_to(line_half(&l), fixed[i] / slope[i], 1e-6);
	}
}

/* The smallest squares of relative errors: three points, computed by hand. */
static void relative_errors_count(void **state)
{
	const struct line_point p[] = { { .x = 1, .y = 1 },
					{ .x = 2, .y = 2 },
					{ .x = 3, .y = 6 } };
	const struct line l = line_fit(p, 3);
	double base = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		base += pow(line_at(&l, p[i].x) / p[i].y - 1, 2);
	for (int k = 0; k < 4; k++) {
		const struct line other = { l.fixed + (k == 0) * 1e-3 - (k == 1) * 1e-3,
					    l.slope + (k == 2) * 1e-3 - (k == 3) * 1e-3 };
		double sum = 0;

		for (int i = 0; i < 3; i++)
			sum += pow(line_at(&other, p[i].x) / p[i].y - 1, 2);
		assert_true(sum > base);
	}
	/* Normal equations: sum u² = 46/36, uv = 19/12, v² = 9/4, u = 5/3, v = 5/2. */
	close_to(l.fixed, (5 / 3.0 * 9 / 4 - 5 / 2.0 * 19 / 12) / (46 / 36.0 * 9 / 4 - 361 / 144.0),
		 1e-9);
	close_to(l.slope,
		 (46 / 36.0 * 5 / 2 - 19 / 12.0 * 5 / 3) / (46 / 36.0 * 9 / 4 - 361 / 144.0), 1e-9);
}

static void a_half_without_a_fixed_part_is_at_nothing(void **state)
{
	const struct line none = { -3, 1 }, all = { 5, 0 };

	(void)state;
	assert_true(line_half(&none) == 0);
	assert_true(isinf(line_half(&all)));
}

/* Up to 64K a byte costs 1/40 ns, beyond it 1/8: no line does for both. */
static void bend(struct made *m, uint64_t *rng)
{
	make(m, 8, 5, 100, 0.025, 0, rng);
	for (size_t i = 4; i < 8; i++) {
		m->p[i].y = 100 + 0.025 * 65536 + 0.125 * (sizes[i] - 65536);
		m->of[i] = (struct line_interval){ m->p[i].y, m->p[i].y };
	}
}

static void a_bend_ends_the_stretch(void **state)
{
	uint64_t rng = 1;
	size_t first = 99, n;
	struct made m;
	struct line l;

	(void)state;
	bend(&m, &rng);
	n = line_stretch(m.p, m.of, 8, 3, 0.1, &first);
	/* Five sizes from the bend on, four up to it. */
	assert_int_equal(n, 5);
	assert_int_equal(first, 3);
	l = line_fit(m.p + first, n);
	close_to(1 / l.slope, 8, 0.01);
	/* Four of either: the larger ones. */
	assert_int_equal(line_stretch(m.p, m.of, 7, 3, 0.1, &first), 4);
	assert_int_equal(first, 3);
	n = line_stretch(m.p, m.of, 6, 3, 0.1, &first);
	assert_int_equal(n, 4);
	assert_int_equal(first, 0);
	l = line_fit(m.p, n);
	close_to(l.fixed, 100, 0.01);
	close_to(1 / l.slope, 40, 0.01);
}

static void what_lies_on_no_line_has_none(void **state)
{
	uint64_t rng = 1;
	struct made m;
	size_t first;

	(void)state;
	make(&m, 8, 5, 0, 1, 0, &rng);
	for (size_t i = 0; i < 8; i++) {
		m.p[i].y = i % 2 ? 100 : 1000; /* up and down */
		m.of[i] = (struct line_interval){ m.p[i].y, m.p[i].y };
	}
	assert_int_equal(line_stretch(m.p, m.of, 8, 3, 0.1, &first), 0);
	/* Falling times are no cost of bytes. */
	for (size_t i = 0; i < 8; i++) {
		m.p[i].y = 1000 / pow(1.2, (double)i);
		m.of[i] = (struct line_interval){ m.p[i].y, m.p[i].y };
	}
	assert_int_equal(line_stretch(m.p, m.of, 8, 3, 0.1, &first), 0);
	/* What falls by less than the tolerance is flat. */
	for (size_t i = 0; i < 8; i++) {
		m.p[i].y = 1000 - (double)i;
		m.of[i] = (struct line_interval){ m.p[i].y, m.p[i].y };
	}
	assert_int_equal(line_stretch(m.p, m.of, 8, 3, 0.1, &first), 8);
	/* Too few to tell. */
	make(&m, 2, 5, 10, 1, 0, &rng);
	assert_int_equal(line_stretch(m.p, m.of, 2, 3, 0.1, &first), 0);
	assert_int_equal(line_stretch(m.p, m.of, 1, 3, 0.1, &first), 0);
}

/* A point that is off by more than the tolerance but not by more than its own interval. */
static void a_wide_interval_lets_the_line_through(void **state)
{
	uint64_t rng = 1;
	struct made m;
	size_t first;

	(void)state;
	make(&m, 5, 5, 100, 0.1, 0, &rng);
	m.p[4].y *= 1.6;
	m.of[4] = (struct line_interval){ m.p[4].y, m.p[4].y };
	assert_int_equal(line_stretch(m.p, m.of, 5, 3, 0.1, &first), 4);
	for (size_t i = 2; i < 5; i++)
		m.of[i] = (struct line_interval){ m.p[i].y / 2, m.p[i].y * 2 };
	assert_int_equal(line_stretch(m.p, m.of, 5, 3, 0.1, &first), 5);
}

static bool holds(const struct line_interval *i, double value)
{
	return i->lo <= value && i->hi >= value;
}

static void the_intervals_hold_what_is_true(void **state)
{
	static const struct {
		size_t sizes, launches;
		double least;
	} expected[] = { { 6, 3, 0.85 }, { 6, 5, 0.90 }, { 6, 10, 0.90 },
			 { 3, 3, 0.75 }, { 3, 5, 0.85 }, { 3, 10, 0.85 } };
	const char *text = getenv("DMABENCH_TRIALS");
	int trials = text ? atoi(text) : 100;

	(void)state;
	for (size_t e = 0; e < sizeof(expected) / sizeof(expected[0]); e++) {
		int fixed = 0, slope = 0, half = 0;
		uint64_t rng = 7;

		for (int t = 0; t < trials; t++) {
			struct line_spread of;
			struct made m;

			make(&m, expected[e].sizes, expected[e].launches, 2100, 1 / 12.0, 0.05,
			     &rng);
			line_bootstrap(m.p, expected[e].sizes, rng_next(&rng), &of);
			fixed += holds(&of.fixed, 2100);
			slope += holds(&of.slope, 1 / 12.0);
			half += holds(&of.half, 2100 * 12.0);
		}
		if (text)
			print_message("%zu sizes, %zu launches: fixed %.1f %%, slope %.1f %%, half "
				      "%.1f %%\n",
				      expected[e].sizes, expected[e].launches,
				      100.0 * fixed / trials, 100.0 * slope / trials,
				      100.0 * half / trials);
		assert_true(fixed >= expected[e].least * trials);
		assert_true(slope >= expected[e].least * trials);
		assert_true(half >= expected[e].least * trials);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_times_give_the_line_back),
		cmocka_unit_test(relative_errors_count),
		cmocka_unit_test(a_half_without_a_fixed_part_is_at_nothing),
		cmocka_unit_test(a_bend_ends_the_stretch),
		cmocka_unit_test(what_lies_on_no_line_has_none),
		cmocka_unit_test(a_wide_interval_lets_the_line_through),
		cmocka_unit_test(the_intervals_hold_what_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
