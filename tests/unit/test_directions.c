// SPDX-License-Identifier: GPL-2.0-only
/* Results made up so that it is known what both directions at once come to. */
#include "unit.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "answer/directions.h"

static json_t *made(void)
{
	return json_pack("{s:[]}", "cases");
}

/* A case whose launches are ns apart by spread, each way. */
static json_t *add(json_t *result, const char *id, const char *direction, double ns, int launches,
		   double spread)
{
	json_t *all = json_array(), *c;

	for (int i = 0; i < launches; i++)
		json_array_append_new(all,
				      json_pack("{s:{s:f}}", "ns_per_op", "median",
						ns * (1 + spread * (i - launches / 2) / launches)));
	c = json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:i,s:i,s:s*},s:n,s:{s:f},s:o}", "id", id, "env",
		      "host", "status", "ok", "path", "memcpy-mt", "class", "copy", "params",
		      "size", 65536, "threads", 2, "direction", direction, "engine", "time",
		      "value", ns, "launches", all);
	json_array_append_new(json_object_get(result, "cases"), c);
	return c;
}

static const char *text(const json_t *told, const char *key)
{
	return json_string_value(json_object_get(json_array_get(told, 0), key));
}

static double end(const json_t *told, size_t at)
{
	return json_number_value(
		json_array_get(json_object_get(json_array_get(told, 0), "ci95"), at));
}

static void the_same_bytes_in_half_the_time_are_twice_the_rate(void **state)
{
	json_t *result = made(), *told;

	(void)state;
	add(result, "one", NULL, 2000, 10, 0.02);
	add(result, "both", "both", 1000, 10, 0.02);
	told = directions_make(result, "host");
	assert_int_equal(json_array_size(told), 1);
	assert_string_equal(text(told, "id"), "both");
	assert_string_equal(text(told, "one"), "one");
	assert_true(fabs(json_number_value(json_object_get(json_array_get(told, 0), "value")) - 2) <
		    0.01);
	assert_true(end(told, 0) > 1.97 && end(told, 0) < 2 && end(told, 1) > 2 &&
		    end(told, 1) < 2.03);
	assert_non_null(strstr(text(told, "words"),
			       "both directions at once: 2 times one direction's rate (1.9"));
	json_decref(told);
	json_decref(result);
}

static void of_single_launches_there_is_no_interval(void **state)
{
	json_t *result = made(), *told;

	(void)state;
	add(result, "both", "both", 4000, 1, 0);
	add(result, "one", NULL, 2000, 1, 0);
	told = directions_make(result, "host");
	assert_true(json_is_null(json_object_get(json_array_get(told, 0), "ci95")));
	assert_string_equal(text(told, "words"),
			    "both directions at once: 0.5 times one direction's rate");
	json_decref(told);
	json_decref(result);
}

/* Another size, other threads, another engine, another place, or one that failed: not its like. */
static void only_what_differs_in_nothing_else_is_held_against_it(void **state)
{
	json_t *result = made(), *told, *other;

	(void)state;
	add(result, "both", "both", 1000, 3, 0);
	other = add(result, "size", NULL, 1000, 3, 0);
	json_object_set_new(json_object_get(other, "params"), "size", json_integer(4096));
	other = add(result, "threads", NULL, 1000, 3, 0);
	json_object_set_new(json_object_get(other, "params"), "threads", json_integer(4));
	other = add(result, "engine", NULL, 1000, 3, 0);
	json_object_set_new(other, "engine", json_pack("{s:s}", "driver", "ioatdma"));
	other = add(result, "env", NULL, 1000, 3, 0);
	json_object_set_new(other, "env", json_string("guest"));
	other = add(result, "failed", NULL, 1000, 3, 0);
	json_object_set_new(other, "status", json_string("failed"));
	told = directions_make(result, "host");
	assert_int_equal(json_array_size(told), 0);
	json_decref(told);
	add(result, "one", NULL, 1000, 3, 0);
	told = directions_make(result, "host");
	assert_int_equal(json_array_size(told), 1);
	assert_string_equal(text(told, "one"), "one");
	json_decref(told);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bytes_in_half_the_time_are_twice_the_rate),
		cmocka_unit_test(of_single_launches_there_is_no_interval),
		cmocka_unit_test(only_what_differs_in_nothing_else_is_held_against_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
