// SPDX-License-Identifier: GPL-2.0-only
/* Winners, the map of best paths, and where one takes over from another. */
#include "made_up.h"

#include "answer/segments.h"

/* A trial that took the same copy each time is called after it, and is no rival to it. */
static void a_trial_is_called_after_what_it_took(void **state)
{
	json_t *r = machine("native"), *answer, *winner;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	add(r, (struct made){ .path = "fastest",
			      .variant = "nt512",
			      .size = 16 * M,
			      .time = 16 * M / 20,
			      .share = -1,
			      .threads = -1,
			      .wide = 0.02 });
	add(r, (struct made){ .path = "nt",
			      .variant = "nt512",
			      .size = 16 * M,
			      .time = 16 * M / 20.2,
			      .share = -1,
			      .threads = -1,
			      .wide = 0.02 });
	answer = answer_make(r);
	winner = json_array_get(json_object_get(json_array_get(answer, 0), "winners"), 3);
	assert_string_equal(json_string_value(json_object_get(winner, "name")), "nt512");
	assert_int_equal(json_array_size(json_object_get(winner, "tied")), 0);
	assert_int_equal(json_integer_value(json_object_get(winner, "measured")), 2);
	json_decref(answer);
	says(r, "Here one thread copies fastest with memcpy up to 4M and nt512 above. There is "
		"no DMA "
		"engine.");
}

static json_t *field(json_t *answer, size_t row, size_t i)
{
	json_t *map = json_object_get(json_array_get(answer, 0), "map");

	return json_array_get(json_object_get(json_array_get(map, row), "fields"), i);
}

static void is_field(json_t *answer, size_t row, const char *path, bool certain)
{
	json_t *f = field(answer, row, 0);

	assert_non_null(f);
	assert_string_equal(json_string_value(json_object_get(f, "path")), path);
	assert_int_equal(json_is_true(json_object_get(f, "certain")), certain);
}

static void the_map_has_the_best_for_each_want(void **state)
{
	json_t *r = machine("native"), *answer;
	struct made m = { .size = 1 * M, .share = -1, .threads = -1, .wide = 0.01 };

	(void)state;
	m.path = "memcpy", m.time = 100000, m.cpu = 0.1, m.harm = 20;
	add(r, m);
	m.path = "nt", m.time = 99900, m.cpu = 0.2, m.harm = 5;
	add(r, m);
	m.path = "movsb", m.time = 120000, m.cpu = 0.3, m.harm = 0;
	add(r, m);
	snapshot(r, 1 * M, 0, 1000);
	snapshot(r, 1 * M, 1, 5000);
	snapshot(r, 1 * M, 10, 200000);
	answer = answer_make(r);
	is_field(answer, 0, "nt", false); /* memcpy is as good */
	is_field(answer, 1, "memcpy", true);
	is_field(answer, 2, "nt", true);
	is_field(answer, 3, "cow-private", true);
	assert_true(json_real_value(json_object_get(field(answer, 3, 0), "value")) == 5000);
	json_decref(answer);
	json_decref(r);
}

/* One percent is as near as whole pages come: of 256 pages three, of 4096 41. One of 16 isn't near. */
static void few_pages_are_about_one_percent(void **state)
{
	static const struct {
		double size;
		int pages, of;
	} written[] = { { 64 * K, 1, 16 }, { 1 * M, 3, 256 }, { 16 * M, 41, 4096 } };
	json_t *r = machine("native"), *cases = json_object_get(r, "cases"), *answer;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		snapshot(r, written[i].size, 1, 1000);
		json_object_set_new(json_array_get(cases, json_array_size(cases) - 1), "written",
				    json_pack("{s:i,s:i}", "pages", written[i].pages, "of",
					      written[i].of));
	}
	answer = answer_make(r);
	is_field(answer, 3, "cow-private", true);
	assert_true(json_real_value(json_object_get(field(answer, 3, 0), "size")) == 1 * M);
	assert_true(json_real_value(json_object_get(field(answer, 3, 1), "size")) == 16 * M);
	assert_null(field(answer, 3, 2));
	json_decref(answer);
	json_decref(r);
}

/* Nothing to compete with: the best of one isn't certain. Nothing measured: no field. */
static void a_map_of_one_path_is_not_certain(void **state)
{
	json_t *r = machine("native"), *answer;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	answer = answer_make(r);
	is_field(answer, 0, "memcpy", false);
	assert_null(field(answer, 1, 0));
	assert_null(field(answer, 2, 0));
	assert_null(field(answer, 3, 0));
	json_decref(answer);
	json_decref(r);
}

static void crossings_lie_on_the_line(void **state)
{
	(void)state;
	assert_float_equal(crossing_between(1 * K, -1, 4 * K, 1), 2 * K, 1e-6);
	assert_float_equal(crossing_between(1 * K, 3, 16 * K, -1), 8 * K, 1e-6);
	/* They don't cross: halfway. */
	assert_float_equal(crossing_between(1 * K, 1, 4 * K, 2), 2 * K, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trial_is_called_after_what_it_took),
		cmocka_unit_test(the_map_has_the_best_for_each_want),
		cmocka_unit_test(few_pages_are_about_one_percent),
		cmocka_unit_test(a_map_of_one_path_is_not_certain),
		cmocka_unit_test(crossings_lie_on_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
