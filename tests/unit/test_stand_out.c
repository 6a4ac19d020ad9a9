// SPDX-License-Identifier: GPL-2.0-only
/* Who stands out of a kind: of machines that are alike, and of kinds with an odd one. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/stand_out.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

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

/* A kind whose values are normal; the caller makes some odd, then looks. */
static struct group kind(size_t machines, size_t cases, double noise, uint64_t *rng)
{
	double *value = calloc(machines * cases, sizeof(*value)),
	       *error = calloc(machines * cases, sizeof(*error));

	assert_non_null(value);
	assert_non_null(error);
	for (size_t i = 0; i < machines * cases; i++)
		value[i] = 7 + noise * gauss(rng);
	return (struct group){ .machines = machines,
			       .cases = cases,
			       .threshold = 0.05,
			       .value = value,
			       .error = error };
}

static double *value_of(struct group *g, size_t machine, size_t c)
{
	return (double *)g->value + machine * g->cases + c;
}

static void drop(struct group *g)
{
	free((void *)g->value);
	free((void *)g->error);
	group_free(g);
}

static enum standing of(const struct group *g, size_t machine)
{
	const struct machine_standing *s = &g->standing[machine];

	return s->whole_stands ? s->whole_stands : s->cases_stand;
}

static size_t standing_out(const struct group *g)
{
	size_t n = 0;

	for (size_t m = 0; m < g->machines; m++)
		n += of(g, m) != STANDS_WITH_THE_REST;
	return n;
}

/* The definition, every part by itself. */
static void closest_part_is_its_definition(void **state)
{
	uint64_t rng = 1;

	(void)state;
	for (size_t n = 1; n < 40; n++) {
		double v[40], sorted[40], place, scale, least = HUGE_VAL, mean = 0;
		size_t h = (3 * n + 3) / 4;

		for (size_t i = 0; i < n; i++)
			v[i] = 1000 + gauss(&rng);
		memcpy(sorted, v, sizeof(v));
		stats_sort(sorted, n);
		for (size_t from = 0; from + h <= n; from++)
			if (stats_sd(sorted + from, h) < least) {
				least = stats_sd(sorted + from, h);
				mean = stats_mean(sorted + from, h);
			}
		closest_part(v, n, &place, &scale);
		assert_true(fabs(place - mean) < 1e-9);
		assert_true(fabs(scale - 1.647 * least) < 1e-6);
	}
}

static void scales_are_those_of_a_normal_distribution(void **state)
{
	double v[4000], place, slower, faster;
	uint64_t rng = 2;

	(void)state;
	for (size_t i = 0; i < 4000; i++)
		v[i] = 5 + 2 * gauss(&rng);
	wholes_spread(v, 4000, &place, &slower, &faster);
	assert_true(fabs(place - 5) < 0.2);
	assert_true(fabs(slower - 2) < 0.2 && fabs(faster - 2) < 0.2);
	/* Of a skewed one the longer tail has the larger. */
	for (size_t i = 0; i < 4000; i++)
		v[i] = -log(uniform(&rng));
	wholes_spread(v, 4000, &place, &slower, &faster);
	assert_true(slower > 1.3 * faster);
}

static void limits_are_between_their_rows(void **state)
{
	(void)state;
	for (size_t n = STAND_OUT_MACHINES; n < 20000; n += n / 7) {
		assert_true(limit_of_wholes(n) > 5 && limit_of_wholes(n) < 100);
		assert_true(limit_of_worsts(n) > 5 && limit_of_worsts(n) < 100);
	}
	assert_true(limit_of_wholes(20000) > limit_of_wholes(2000));
}

static void alike_machines_stand_with_the_rest(void **state)
{
	uint64_t rng = 3;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		struct group g = kind(8 + i % 30, 1 + i % 20, 0.001 * (double)(1 + i % 40), &rng);

		assert_int_equal(group_look(&g), 0);
		wrong += standing_out(&g) > 0;
		drop(&g);
	}
	/* 2 are what 1 % allows; 8 have a chance of 1 in 1000 then. */
	assert_true(wrong < 8);
}

static void an_odd_machine_is_found(void **state)
{
	uint64_t rng = 4;

	(void)state;
	for (size_t n = STAND_OUT_MACHINES; n < 40; n++) {
		struct group g = kind(n, 20, 0.003, &rng);

		for (size_t c = 0; c < 20; c++) {
			*value_of(&g, 0, c) += log(1.1);
			*value_of(&g, 1, c) -= log(1.1);
		}
		assert_int_equal(group_look(&g), 0);
		assert_int_equal(of(&g, 0), STANDS_SLOWER);
		assert_int_equal(of(&g, 1), STANDS_FASTER);
		assert_int_equal(standing_out(&g), 2);
		drop(&g);
	}
}

static void an_odd_case_is_found(void **state)
{
	uint64_t rng = 5;
	struct group g = kind(30, 20, 0.003, &rng);

	(void)state;
	*value_of(&g, 4, 7) += log(1.5);
	assert_int_equal(group_look(&g), 0);
	assert_int_equal(g.standing[4].whole_stands, STANDS_WITH_THE_REST);
	assert_int_equal(g.standing[4].cases_stand, STANDS_SLOWER);
	for (size_t c = 0; c < 20; c++)
		assert_int_equal(group_column(&g, 4, c),
				 c == 7 ? STANDS_SLOWER : STANDS_WITH_THE_REST);
	assert_int_equal(standing_out(&g), 1);
	drop(&g);
}

/* What no case shows by itself: 15 % on eight that belong together. */
static void an_odd_family_is_found(void **state)
{
	static const size_t first[] = { 0, 1, 2, 3, 4, 5, 6, 7 },
			    second[] = { 8, 9, 10, 11, 12, 13, 14, 15 };
	static const struct case_family families[] = { { first, 8 }, { second, 8 } };
	uint64_t rng = 12;
	struct group g = kind(30, 24, 0.01, &rng);

	(void)state;
	g.family = families;
	g.families = 2;
	for (size_t c = 8; c < 16; c++)
		*value_of(&g, 4, c) += log(1.15);
	assert_int_equal(group_look(&g), 0);
	assert_int_equal(g.columns, 26);
	assert_int_equal(g.standing[4].whole_stands, STANDS_WITH_THE_REST);
	for (size_t c = 0; c < 25; c++)
		assert_int_equal(group_column(&g, 4, c), STANDS_WITH_THE_REST);
	assert_int_equal(group_column(&g, 4, 25), STANDS_SLOWER);
	assert_int_equal(of(&g, 4), STANDS_SLOWER);
	assert_int_equal(standing_out(&g), 1);
	drop(&g);
}

static void a_fifth_may_be_odd(void **state)
{
	uint64_t rng = 6;
	struct group g = kind(20, 20, 0.003, &rng);

	(void)state;
	for (size_t m = 0; m < 4; m++)
		for (size_t c = 0; c < 20; c++)
			*value_of(&g, m, c) += log(1.2);
	assert_int_equal(group_look(&g), 0);
	for (size_t m = 0; m < 20; m++)
		assert_int_equal(of(&g, m), m < 4 ? STANDS_SLOWER : STANDS_WITH_THE_REST);
	drop(&g);
}

static void two_halves_are_no_odd_ones(void **state)
{
	uint64_t rng = 7;
	struct group g = kind(20, 20, 0.003, &rng);

	(void)state;
	for (size_t m = 0; m < 10; m++)
		for (size_t c = 0; c < 20; c++)
			*value_of(&g, m, c) += log(1.2);
	assert_int_equal(group_look(&g), 0);
	assert_int_equal(standing_out(&g), 0);
	drop(&g);
}

static void equal_values_are_no_trouble(void **state)
{
	uint64_t rng = 8;
	struct group g = kind(12, 6, 0, &rng);

	(void)state;
	assert_int_equal(group_look(&g), 0);
	assert_int_equal(standing_out(&g), 0);
	group_free(&g);
	for (size_t c = 0; c < 6; c++)
		*value_of(&g, 3, c) += log(1.06);
	assert_int_equal(group_look(&g), 0);
	assert_int_equal(of(&g, 3), STANDS_SLOWER);
	assert_int_equal(standing_out(&g), 1);
	drop(&g);
}

static void few_machines_say_nothing(void **state)
{
	uint64_t rng = 9;

	(void)state;
	for (size_t n = 0; n < STAND_OUT_MACHINES; n++) {
		struct group g = kind(n, 10, 0.001, &rng);

		for (size_t c = 0; c < 10 && n; c++)
			*value_of(&g, 0, c) += 1;
		assert_int_equal(group_look(&g), 0);
		assert_int_equal(standing_out(&g), 0);
		assert_int_equal(g.judged, 0);
		drop(&g);
	}
}

static void holes_are_left_out(void **state)
{
	uint64_t rng = 10;
	struct group g = kind(12, 10, 0.003, &rng);

	(void)state;
	for (size_t c = 0; c < 10; c++) {
		*value_of(&g, 2, c) = NAN;
		*value_of(&g, 5, c) += c < 5 ? log(1.2) : NAN;
	}
	/* A case that only seven have. */
	for (size_t m = 0; m < 5; m++)
		*value_of(&g, m, 9) = NAN;
	assert_int_equal(group_look(&g), 0);
	assert_int_equal(g.judged, 9);
	assert_int_equal(g.standing[2].cases, 0);
	assert_int_equal(of(&g, 5), STANDS_SLOWER);
	assert_int_equal(standing_out(&g), 1);
	drop(&g);
}

/* A machine whose launches differ more than others' is less sure to be odd. */
static void own_noise_counts(void **state)
{
	uint64_t rng = 11;

	(void)state;
	for (int noisy = 0; noisy < 2; noisy++) {
		struct group g = kind(30, 20, 0.003, &rng);

		*value_of(&g, 4, 7) += log(1.5);
		((double *)g.error)[4 * 20 + 7] = noisy ? 0.3 : 0;
		assert_int_equal(group_look(&g), 0);
		assert_int_equal(standing_out(&g), !noisy);
		drop(&g);
	}
	/* As a whole, too. */
	for (int noisy = 0; noisy < 2; noisy++) {
		struct group g = kind(20, 1, 0.003, &rng);

		*value_of(&g, 4, 0) += log(1.3);
		((double *)g.error)[4] = noisy ? 0.1 : 0;
		assert_int_equal(group_look(&g), 0);
		assert_int_equal(standing_out(&g), !noisy);
		drop(&g);
	}
}

static void a_value_is_the_median_of_its_launches(void **state)
{
	double v[] = { 3, 1, 2, 9, 2.5 }, value, error;

	(void)state;
	launches_value(v, 5, &value, &error);
	assert_true(fabs(value - 2.5) < 1e-12);
	/* Deviations 0, 0.5, 0.5, 1.5, 6.5. */
	assert_true(fabs(error - 1.2533 * 0.5 / 0.6745 / sqrt(5)) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closest_part_is_its_definition),
		cmocka_unit_test(scales_are_those_of_a_normal_distribution),
		cmocka_unit_test(limits_are_between_their_rows),
		cmocka_unit_test(alike_machines_stand_with_the_rest),
		cmocka_unit_test(an_odd_machine_is_found),
		cmocka_unit_test(an_odd_case_is_found),
		cmocka_unit_test(an_odd_family_is_found),
		cmocka_unit_test(a_fifth_may_be_odd),
		cmocka_unit_test(two_halves_are_no_odd_ones),
		cmocka_unit_test(equal_values_are_no_trouble),
		cmocka_unit_test(few_machines_say_nothing),
		cmocka_unit_test(holes_are_left_out),
		cmocka_unit_test(own_noise_counts),
		cmocka_unit_test(a_value_is_the_median_of_its_launches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
