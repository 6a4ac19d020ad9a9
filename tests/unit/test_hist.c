// SPDX-License-Identifier: GPL-2.0-only
/* The histogram against what is computed without it: its error, its ranks, its tail. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result/latency.h"
#include "statistics/hist.h"
#include "statistics/rng.h"
#include "statistics/stats.h"

static struct hist h;

/* What one timing of ns becomes; a second, longer one keeps max from showing it exactly. */
static double recorded(double ns)
{
	h = (struct hist){ 0 };
	hist_record(&h, ns, 1);
	hist_record(&h, 1e12, 1);
	return hist_quantile(&h, 0.5);
}

/* From 10 ns to 10 s in steps of 0.1 %, and half a nanosecond for batches of tiny copies. */
static void within_one_percent_from_10_ns_to_10_s(void **state)
{
	double worst = 0;

	(void)state;
	for (double ns = 10; ns <= 10e9; ns *= 1.001)
		worst = fmax(worst, fabs(recorded(ns) / ns - 1));
	assert_true(worst > 0.001 && worst <= 0.01);
	assert_true(fabs(recorded(10e9) / 10e9 - 1) <= 0.01);
	assert_true(fabs(recorded(0.5) / 0.5 - 1) <= 0.01);
}

/*
 * Buckets begin at (128 + k) 2^o / 1024 ns. At each such edge, and one unit below it: the
 * value comes back within half a bucket, and the two fall into different ones.
 */
static void the_edges_of_the_buckets(void **state)
{
	(void)state;
	for (int o = 7; o < 37; o++) { /* 16 ns … 17 s */
		for (int k = 0; k < 128; k++) {
			double edge = ldexp(128 + k, o) / 1024, width = ldexp(1, o) / 1024;
			double at = recorded(edge), below = recorded(edge - 1.0 / 1024);

			assert_true(at > edge && at - edge <= width / 2);
			assert_true(below < edge && edge - below <= width / 2);
		}
	}
}

/* q of n by whole numbers: the smallest rank r with r / n >= q, in thousandths. */
static size_t rank_of(size_t n, size_t permille)
{
	return (n * permille + 999) / 1000;
}

/* Every percentile of 1 … n timings is the one that counting ranks gives. */
static void ranks_are_exact(void **state)
{
	static const size_t permille[] = { 70, 500, 900, 990, 999 };

	(void)state;
	h = (struct hist){ 0 };
	for (size_t n = 1; n <= 1000; n++) {
		/* Two percent apart, so that no two share a bucket. */
		hist_record(&h, 10 * pow(1.02, (double)(n - 1)), 1);
		for (size_t i = 0; i < 5; i++) {
			double exact = 10 * pow(1.02, (double)(rank_of(n, permille[i]) - 1));

			assert_true(fabs(hist_quantile(&h, (double)permille[i] / 1000) / exact -
					 1) <= 0.01);
		}
	}
}

/* A million log-normal timings with a tail, against sorting them. */
static void percentiles_are_those_of_the_sorted_timings(void **state)
{
	enum { N = 1000000 };
	static const double q[] = { 0.5, 0.9, 0.99, 0.999 };
	double *v = calloc(N, sizeof(*v));
	uint64_t rng = 4;

	(void)state;
	assert_non_null(v);
	h = (struct hist){ 0 };
	for (int i = 0; i < N; i++) {
		double sum = 0;

		for (int k = 0; k < 12; k++)
			sum += (double)(rng_next(&rng) >> 11) / 9007199254740992.0;
		v[i] = 200 * exp(sum - 6);
		if (!rng_below(&rng, 500))
			v[i] *= 1000;
		hist_record(&h, v[i], 1);
	}
	stats_sort(v, N);
	for (int i = 0; i < 4; i++) {
		double exact = v[rank_of(N, (size_t)(q[i] * 1000 + 0.5)) - 1];

		assert_true(fabs(hist_quantile(&h, q[i]) / exact - 1) <= 0.01);
	}
	assert_true(h.max_ns == v[N - 1]);
	free(v);
}

/* A batch is one timing, at its mean; merging adds up. */
static void a_batch_counts_once(void **state)
{
	static struct hist other;

	(void)state;
	h = (struct hist){ 0 };
	hist_record(&h, 100, 1);
	for (int i = 0; i < 98; i++)
		hist_record(&other, 640, 64);
	hist_record(&other, 1e6, 1);
	hist_merge(&h, &other);
	assert_int_equal(h.count, 100);
	assert_true(fabs(hist_quantile(&h, 0.5) - 10) < 0.1);
	assert_true(fabs(hist_quantile(&h, 0.99) - 100) < 1);
	assert_true(hist_quantile(&h, 1) == 1e6 && h.max_ns == 1e6);
}

/* Ten timings beyond: 100 for p90, 1000 for p99, 10000 for p99.9. */
static void percentiles_need_ten_timings_beyond(void **state)
{
	static const struct {
		const char *name;
		uint64_t count;
	} rows[] = { { "p50", 1 }, { "p90", 100 }, { "p99", 1000 }, { "p99_9", 10000 } };

	(void)state;
	for (int i = 0; i < 4; i++) {
		for (uint64_t n = rows[i].count - 1; n <= rows[i].count; n++) {
			json_t *json;

			h = (struct hist){ 0 };
			for (uint64_t k = 0; k < n; k++)
				hist_record(&h, 100, 1);
			json = hist_json(&h);
			assert_int_equal(json_is_real(json_object_get(json, rows[i].name)),
					 n == rows[i].count);
			if (n < 10000)
				assert_non_null(json_object_get(json, "reason"));
			else
				assert_null(json_object_get(json, "reason"));
			json_decref(json);
		}
	}
}

/* Percentiles drawn again from the file's buckets are those in the file. */
static void buckets_tell_the_whole_story(void **state)
{
	json_t *json, *buckets, *bucket;
	json_int_t sum = 0;
	double last = 0, p99 = 0;
	uint64_t rng = 9;
	size_t i;

	(void)state;
	h = (struct hist){ 0 };
	for (int k = 0; k < 5000; k++)
		hist_record(&h, 50 + (double)rng_below(&rng, 100000), 1);
	json = latency_json(&h, 4);
	buckets = json_object_get(json, "buckets");
	json_array_foreach(buckets, i, bucket) {
		double ns = json_number_value(json_array_get(bucket, 0));

		assert_true(ns > last);
		last = ns;
		sum += json_integer_value(json_array_get(bucket, 1));
		if (!p99 && sum >= 4950)
			p99 = ns;
	}
	assert_int_equal(sum, 5000);
	assert_true(json_number_value(json_object_get(json, "p99")) == p99);
	assert_string_equal(json_string_value(json_object_get(json, "of")), "batch means");
	json_decref(json);
	json = latency_json(&h, 1);
	assert_string_equal(json_string_value(json_object_get(json, "of")), "operations");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_one_percent_from_10_ns_to_10_s),
		cmocka_unit_test(the_edges_of_the_buckets),
		cmocka_unit_test(ranks_are_exact),
		cmocka_unit_test(percentiles_are_those_of_the_sorted_timings),
		cmocka_unit_test(a_batch_counts_once),
		cmocka_unit_test(percentiles_need_ten_timings_beyond),
		cmocka_unit_test(buckets_tell_the_whole_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
