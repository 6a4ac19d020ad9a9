// SPDX-License-Identifier: GPL-2.0-only
/* Results made up so that what setting up and a byte cost is known. */
#include "unit.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "answer/costs.h"

#define K 1024.0
#define M (1024 * K)

static json_t *made(void)
{
	return json_pack("{s:[]}", "cases");
}

/* A case whose launches are ns apart by spread, each way. */
static json_t *add(json_t *result, const char *path, double size, double ns, double spread)
{
	json_t *launches = json_array(), *c;

	for (int i = -2; i <= 2; i++)
		json_array_append_new(launches, json_pack("{s:{s:f}}", "ns_per_op", "median",
							  ns * (1 + spread * i / 2)));
	c = json_pack("{s:s,s:s,s:s,s:s,s:{s:f,s:s},s:n,s:{s:f,s:[f,f]},s:o}", "env", "host",
		      "status", "ok", "path", path, "class", "copy", "params", "size", size,
		      "cache", "hot", "engine", "time", "value", ns, "ci95", ns * (1 - spread),
		      ns * (1 + spread), "launches", launches);
	json_array_append_new(json_object_get(result, "cases"), c);
	return c;
}

static double value(const json_t *cost, const char *figure)
{
	return json_number_value(json_object_get(json_object_get(cost, figure), "value"));
}

static double end(const json_t *cost, const char *figure, size_t at)
{
	return json_number_value(
		json_array_get(json_object_get(json_object_get(cost, figure), "ci95"), at));
}

static void near(double is, double wanted, double by)
{
	if (!(fabs(is - wanted) <= by))
		fail_msg("%.9g isn't within %g of %.9g", is, by, wanted);
}

static void said(const json_t *cost, const char *words)
{
	assert_string_equal(json_string_value(json_object_get(cost, "words")), words);
}

static const double sizes[] = { 4 * K, 64 * K, 1 * M, 16 * M };

static void what_was_put_in_comes_out(void **state)
{
	json_t *result = made(), *costs, *cost;

	(void)state;
	/* Not by size, and another path in between. */
	for (int i = 3; i >= 0; i--) {
		add(result, "pinned", sizes[i], 2100 + sizes[i] / 12, 0);
		add(result, "memcpy", sizes[i], sizes[i] / 10, 0);
	}
	costs = costs_make(result, "host");
	assert_int_equal(json_array_size(costs), 2);
	cost = json_array_get(costs, 0);
	assert_string_equal(json_string_value(json_object_get(cost, "path")), "pinned");
	near(value(cost, "fixed"), 2100, 0.01);
	near(value(cost, "rate"), 12e9, 1e3);
	near(value(cost, "half"), 25200, 1);
	near(end(cost, "rate", 0), 12e9, 1e3);
	assert_int_equal(json_integer_value(json_object_get(cost, "sizes")), 4);
	assert_null(json_object_get(json_object_get(cost, "params"), "size"));
	said(cost, "setting up costs 2.1 µs (2.1 µs to 2.1 µs), then 12 GB/s (12 GB/s to 12 GB/s), "
		   "from 4K "
		   "to 16M; half of it is reached at 25K");
	said(json_array_get(costs, 1),
	     "no fixed cost to be seen, 10 GB/s (10 GB/s to 10 GB/s), from 4K to 16M");
	json_decref(costs);
	json_decref(result);
}

static void noise_widens_the_intervals_around_the_truth(void **state)
{
	json_t *result = made(), *costs, *cost;

	(void)state;
	for (int i = 0; i < 4; i++)
		add(result, "pinned", sizes[i], 2100 + sizes[i] / 12, 0.2);
	costs = costs_make(result, "host");
	cost = json_array_get(costs, 0);
	assert_true(end(cost, "fixed", 0) < 2100 && end(cost, "fixed", 1) > 2100);
	assert_true(end(cost, "rate", 0) < 12e9 && end(cost, "rate", 1) > 12e9);
	assert_true(end(cost, "half", 0) < 25200 && end(cost, "half", 1) > 25200);
	assert_true(end(cost, "fixed", 1) - end(cost, "fixed", 0) > 100);
	json_decref(costs);
	json_decref(result);
}

/* In a cache up to 1M, not beyond it. */
static void sizes_beside_the_line_are_named(void **state)
{
	json_t *result = made(), *costs, *cost, *beside;

	(void)state;
	for (int i = 0; i < 3; i++)
		add(result, "memcpy", sizes[i], 100 + sizes[i] / 40, 0);
	add(result, "memcpy", 16 * M, 3 * (100 + 16 * M / 40), 0);
	costs = costs_make(result, "host");
	cost = json_array_get(costs, 0);
	beside = json_object_get(cost, "beside");
	assert_int_equal(json_array_size(beside), 1);
	near(json_number_value(json_object_get(json_array_get(beside, 0), "ratio")), 3, 1e-6);
	near(json_number_value(json_object_get(cost, "to")), 1 * M, 0);
	said(cost, "setting up costs 100 ns (100 ns to 100 ns), then 40 GB/s (40 GB/s to 40 GB/s), "
		   "from 4K to 1M; "
		   "half of it is reached below 4K, the smallest of these. Not on that line: 16M "
		   "(3 times as long)");
	json_decref(costs);
	json_decref(result);
}

/* A fixed cost that a smaller size doesn't pay is none: non-temporal stores look so. */
static void what_a_size_takes_less_than_is_no_fixed_cost(void **state)
{
	json_t *result = made(), *costs, *cost;

	(void)state;
	add(result, "nt", 4 * K, 500, 0);
	for (int i = 1; i < 4; i++)
		add(result, "nt", sizes[i], 3000 + sizes[i] / 12, 0);
	costs = costs_make(result, "host");
	cost = json_array_get(costs, 0);
	near(value(cost, "fixed"), 3000, 0.1);
	assert_true(json_is_false(json_object_get(json_object_get(cost, "fixed"), "seen")));
	said(cost, "no fixed cost to be seen (a size that isn't on this line takes less than it "
		   "begins with), "
		   "12 GB/s (12 GB/s to 12 GB/s), from 64K to 16M. Not on that line: 4K (0.15 "
		   "times as long)");
	json_decref(costs);
	json_decref(result);
}

/* Nearly all fixed: sizes of the line itself that take a little less than it begins with, and none else. */
static void what_hardly_grows_has_a_fixed_cost(void **state)
{
	static const double ns[] = { 4110, 4420, 4850, 4580 };
	json_t *result = made(), *costs, *cost;

	(void)state;
	for (int i = 0; i < 4; i++)
		add(result, "memcpy", sizes[i], ns[i], 0.02);
	for (int i = 0; i < 4; i++)
		add(result, "pinned", sizes[i], 5000, i % 2 ? 0.02 : 0.03);
	for (int i = 0; i < 4; i++)
		add(result, "movsb", sizes[i], 5000, 0);
	costs = costs_make(result, "host");
	cost = json_array_get(costs, 0);
	assert_true(json_is_true(json_object_get(json_object_get(cost, "fixed"), "seen")));
	for (size_t i = 1; i < 3; i++) {
		cost = json_array_get(costs, i);
		near(value(cost, "fixed"), 5000, 1);
		assert_true(json_is_null(json_object_get(cost, "rate")));
		assert_true(json_is_null(json_object_get(cost, "half")));
		assert_true(
			json_is_false(json_object_get(json_object_get(cost, "per_byte"), "seen")));
	}
	said(cost,
	     "setting up costs 5 µs (5 µs to 5 µs), and no more for more bytes, from 4K to 16M");
	json_decref(costs);
	json_decref(result);
}

static void too_few_sizes_and_no_line_have_a_reason_and_no_figure(void **state)
{
	json_t *result = made(), *costs, *cost;
	size_t i;

	(void)state;
	add(result, "one", 4 * K, 100, 0);
	add(result, "two", 4 * K, 100, 0);
	add(result, "two", 64 * K, 900, 0);
	for (i = 0; i < 4; i++)
		add(result, "none", sizes[i], i % 2 ? 10 : 1000, 0);
	costs = costs_make(result, "host");
	assert_int_equal(json_array_size(costs), 3);
	json_array_foreach(costs, i, cost) {
		assert_non_null(json_object_get(cost, "reason"));
		assert_null(json_object_get(cost, "fixed"));
		assert_null(json_object_get(cost, "rate"));
	}
	said(json_array_get(costs, 0), "1 size: it takes 3 to see whether they lie on a line");
	said(json_array_get(costs, 1), "2 sizes: it takes 3 to see whether they lie on a line");
	said(json_array_get(costs, 2),
	     "no line is within 10 % of 3 neighbouring sizes of the 4 measured");
	json_decref(costs);
	json_decref(result);
}

static void one_launch_has_no_interval(void **state)
{
	json_t *result = made(), *costs, *cost;

	(void)state;
	for (int i = 0; i < 4; i++) {
		json_t *c = add(result, "pinned", sizes[i], 2100 + sizes[i] / 12, 0);

		json_object_set_new(json_object_get(c, "time"), "ci95", json_null());
		while (json_array_size(json_object_get(c, "launches")) > 1)
			json_array_remove(json_object_get(c, "launches"), 0);
	}
	costs = costs_make(result, "host");
	cost = json_array_get(costs, 0);
	near(value(cost, "fixed"), 2100, 0.01);
	assert_true(json_is_null(json_object_get(json_object_get(cost, "fixed"), "ci95")));
	json_decref(costs);
	json_decref(result);
}

static void settings_are_apart_and_what_has_no_figures_is_not_there(void **state)
{
	json_t *result = made(), *costs;

	(void)state;
	for (int i = 0; i < 4; i++) {
		json_object_set_new(json_object_get(add(result, "memcpy", sizes[i], sizes[i], 0),
						    "params"),
				    "cache", json_string("cold"));
		add(result, "memcpy", sizes[i], sizes[i] / 2, 0);
		json_object_set_new(add(result, "failed", sizes[i], sizes[i], 0), "status",
				    json_string("failed"));
		json_object_set_new(add(result, "null", sizes[i], 10, 0), "class",
				    json_string("none"));
		json_object_set_new(add(result, "guest", sizes[i], sizes[i], 0), "env",
				    json_string("guest"));
		/* A snapshot moves no bytes: it has no rate. */
		json_object_set_new(add(result, "snapshot", sizes[i], 500 + sizes[i] / 4, 0),
				    "class", json_string("snapshot"));
	}
	costs = costs_make(result, "host");
	assert_int_equal(json_array_size(costs), 3);
	near(value(json_array_get(costs, 0), "rate"), 1e9, 1);
	near(value(json_array_get(costs, 1), "rate"), 2e9, 1);
	assert_true(json_is_null(json_object_get(json_array_get(costs, 2), "rate")));
	said(json_array_get(costs, 2),
	     "setting up costs 500 ns (500 ns to 500 ns), then 256 ns a KiB (256 ns a KiB to "
	     "256 ns a KiB), from 4K to 16M");
	json_decref(costs);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_in_comes_out),
		cmocka_unit_test(noise_widens_the_intervals_around_the_truth),
		cmocka_unit_test(sizes_beside_the_line_are_named),
		cmocka_unit_test(what_a_size_takes_less_than_is_no_fixed_cost),
		cmocka_unit_test(what_hardly_grows_has_a_fixed_cost),
		cmocka_unit_test(too_few_sizes_and_no_line_have_a_reason_and_no_figure),
		cmocka_unit_test(one_launch_has_no_interval),
		cmocka_unit_test(settings_are_apart_and_what_has_no_figures_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
