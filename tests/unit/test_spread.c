// SPDX-License-Identifier: GPL-2.0-only
/* Moments, quantiles and outliers against values that others computed or certified. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "statistics/rng.h"
#include "statistics/spread.h"
#include "statistics/stats.h"
#include "michelson.h"

#define within(a, b, error) assert_true(fabs((double)(a) - (double)(b)) <= (error))

/* NIST certifies 299.852400000000 and 0.0790105478190518 (mean and sd in 1000 km/s). */
static void nist_michelso(void **state)
{
	double v[100];

	(void)state;
	for (int i = 0; i < 100; i++)
		v[i] = 299 + michelson[i] / 1000;
	within(stats_mean(v, 100), 299.8524, 1e-12);
	within(stats_sd(v, 100), 0.0790105478190518, 1e-14);
	within(stats_cv(v, 100), 0.0790105478190518 / 299.8524, 1e-16);
}

/* NIST NumAcc1: certified mean 10000002 and sd 1; the naive formula loses half the digits. */
static void nist_numacc1(void **state)
{
	static const double v[] = { 10000001, 10000003, 10000002 };

	(void)state;
	within(stats_mean(v, 3), 10000002, 0);
	within(stats_sd(v, 3), 1, 0);
}

/* NIST NumAcc2, 3 and 4: base + 0.2, then base + 0.1 and base + 0.3 500 times; sd 0.1. */
static void nist_numacc2_to_4(void **state)
{
	static const double base[] = { 1, 1e6, 1e7 };
	/* What a double near base leaves of 0.1. */
	static const double error[] = { 1e-15, 1e-9, 1e-8 };
	double v[1001];

	(void)state;
	for (int k = 0; k < 3; k++) {
		v[0] = base[k] + 0.2;
		for (int i = 1; i < 1001; i++)
			v[i] = base[k] + (i % 2 ? 0.1 : 0.3);
		within(stats_mean(v, 1001), base[k] + 0.2, 1e-15 * base[k]);
		within(stats_sd(v, 1001), 0.1, error[k]);
	}
}

/* summary(morley$Speed) in R: 620.0, 807.5, 850.0, 892.5, 1070.0. */
static void quantiles_of_michelso_are_those_of_r(void **state)
{
	double v[100];

	(void)state;
	memcpy(v, michelson, sizeof(v));
	stats_sort(v, 100);
	within(stats_quantile(v, 100, 0), 620, 0);
	within(stats_quantile(v, 100, 0.25), 807.5, 1e-12);
	within(stats_quantile(v, 100, 0.5), 850, 0);
	within(stats_quantile(v, 100, 0.75), 892.5, 1e-12);
	within(stats_quantile(v, 100, 1), 1070, 0);
}

/* Hyndman and Fan (1996) define type 7 by p(k) = (k - 1) / (n - 1): there it is v(k). */
static void type_7_by_its_definition(void **state)
{
	double v[64];

	(void)state;
	for (size_t n = 2; n <= 64; n++) {
		for (size_t k = 0; k < n; k++)
			v[k] = (double)(k * k);
		for (size_t k = 0; k < n; k++) {
			double p = (double)k / (double)(n - 1), half = 0.5 / (double)(n - 1);

			within(stats_quantile(v, n, p), v[k], 1e-9);
			if (k + 1 < n)
				within(stats_quantile(v, n, p + half), (v[k] + v[k + 1]) / 2, 1e-9);
		}
	}
}

/*
 * Eight mass spectrometer measurements of Tietjen and Moore (1972), as in NIST's handbook,
 * 1.3.5.17. Median 201.37, MAD 0.995: 245.57 scores 0.6745 * 44.2 / 0.995 = 29.96,
 * 199.31 is next with 1.40.
 */
static void outliers_of_tietjen_and_moore(void **state)
{
	static const double v[] = { 199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57 };
	bool out[8];

	(void)state;
	assert_int_equal(stats_outliers(v, 8, out), 1);
	assert_true(out[7]);
	assert_int_equal(stats_outliers(v, 7, out), 0);
}

/* Median 3, MAD 1: the score of 3 + d is 0.6745 d, which passes 3.5 at d = 5.1891. */
static void the_limit_of_an_outlier(void **state)
{
	double v[] = { 1, 2, 3, 4, 3 + 5.19 }, below[] = { 1, 2, 3, 4, 3 + 5.18 };
	double low[] = { 5, 4, 3, 2, 3 - 5.19 };
	bool out[5];

	(void)state;
	assert_int_equal(stats_outliers(v, 5, out), 1);
	assert_true(out[4]);
	assert_int_equal(stats_outliers(below, 5, out), 0);
	assert_int_equal(stats_outliers(low, 5, out), 1);
}

/* With a MAD of 0 the mean absolute deviation decides: d/10 of one value in ten, score 7.98. */
static void equal_values_do_not_hide_an_outlier(void **state)
{
	double v[10] = { 7, 7, 7, 7, 7, 7, 7, 7, 7, 7 };
	bool out[10];

	(void)state;
	assert_int_equal(stats_outliers(v, 10, out), 0);
	v[3] = 9;
	assert_int_equal(stats_outliers(v, 10, out), 1);
	assert_true(out[3]);
	/* Mean absolute deviation 0.6: 3.5 * 1.2533 * 0.6 is 2.6, and 9 is within. */
	v[0] = 8;
	v[1] = 8;
	v[2] = 9;
	assert_int_equal(stats_outliers(v, 10, out), 0);
}

/* Box and Muller (1958). */
static double normal(uint64_t *rng)
{
	double u = ((double)(rng_next(rng) >> 11) + 1) / 9007199254740992.0;
	double v = (double)(rng_next(rng) >> 11) / 9007199254740992.0;

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* docs/timing.md says how often the rule names one of ten that are steady: 13 %. */
static void steady_values_are_rarely_named(void **state)
{
	uint64_t rng = 2;
	int named = 0, all_three = 0;

	(void)state;
	for (int t = 0; t < 4000; t++) {
		double v[10];
		bool out[10];

		for (int i = 0; i < 10; i++)
			v[i] = 100 + normal(&rng);
		named += stats_outliers(v, 10, out) > 0;
		for (int i = 0; i < 3; i++)
			v[i] += 15;
		stats_outliers(v, 10, out);
		all_three += out[0] && out[1] && out[2];
	}
	assert_true(named > 4000 * 0.11 && named < 4000 * 0.15);
	/* Three of ten, far off, don't hide each other. */
	assert_true(all_three > 4000 * 0.98);
}

/* A launch with these five samples around middle; the last one is off by the factor. */
static void add_launch(json_t *launches, double middle, double factor)
{
	json_array_append_new(launches,
			      json_pack("{s:[f,f,f,f,f],s:{s:f}}", "samples_ns_per_op",
					middle * 0.98, middle * 0.99, middle, middle * 1.01,
					middle * 1.02 * factor, "ns_per_op", "median", middle));
}

static double figure(const json_t *spread, const char *part)
{
	return json_number_value(json_object_get(json_object_get(spread, part), "value"));
}

static void spread_of_launches(void **state)
{
	json_t *launches = json_array(), *spread;
	const json_t *outliers;

	(void)state;
	/* 98, 99, 100, 101, 102: sd sqrt(2.5). Medians 100, 101, 99, 100, 100, 150. */
	add_launch(launches, 100, 1);
	add_launch(launches, 101, 1);
	add_launch(launches, 99, 2);
	add_launch(launches, 100, 1);
	add_launch(launches, 100, 1);
	add_launch(launches, 150, 1);
	spread = spread_json(launches);
	outliers = json_object_get(spread, "outliers");
	within(figure(spread, "within"), sqrt(2.5) / 100, 1e-12);
	/* The medians sum up to 650, their squares to 72502. */
	within(figure(spread, "between"), sqrt((72502 - 650.0 * 650 / 6) / 5) / (650.0 / 6), 1e-9);
	assert_int_equal(json_array_size(json_object_get(outliers, "launches")), 1);
	assert_int_equal(
		json_integer_value(json_array_get(json_object_get(outliers, "launches"), 0)), 5);
	assert_int_equal(json_integer_value(json_object_get(outliers, "samples")), 1);
	assert_int_equal(json_integer_value(json_object_get(outliers, "samples_examined")), 30);
	json_decref(spread);
	json_decref(launches);
}

static void too_little_for_a_spread_is_null_with_a_reason(void **state)
{
	json_t *launches = json_array(), *spread;

	(void)state;
	json_array_append_new(launches, json_pack("{s:[f],s:{s:f}}", "samples_ns_per_op", 5.0,
						  "ns_per_op", "median", 5.0));
	spread = spread_json(launches);
	for (int i = 0; i < 2; i++) {
		const json_t *part = json_object_get(spread, i ? "within" : "between");

		assert_true(json_is_null(json_object_get(part, "value")));
		assert_non_null(json_string_value(json_object_get(part, "reason")));
	}
	assert_true(json_is_null(json_object_get(json_object_get(spread, "outliers"), "launches")));
	assert_non_null(json_object_get(json_object_get(spread, "outliers"), "reason"));
	json_decref(spread);
	json_decref(launches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nist_michelso),
		cmocka_unit_test(nist_numacc1),
		cmocka_unit_test(nist_numacc2_to_4),
		cmocka_unit_test(quantiles_of_michelso_are_those_of_r),
		cmocka_unit_test(type_7_by_its_definition),
		cmocka_unit_test(outliers_of_tietjen_and_moore),
		cmocka_unit_test(the_limit_of_an_outlier),
		cmocka_unit_test(equal_values_do_not_hide_an_outlier),
		cmocka_unit_test(steady_values_are_rarely_named),
		cmocka_unit_test(spread_of_launches),
		cmocka_unit_test(too_little_for_a_spread_is_null_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
