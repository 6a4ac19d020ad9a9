// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "result/result.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/dmabench-unit.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* A run of one memcpy case with these launches. */
static json_t *run_of(const struct launch_result *launches, size_t n)
{
	static struct run_options o;
	struct bench_case c = { .path = path_find("memcpy"), .params = { .size = 1000 } };
	struct result r;
	json_t *json;

	o = (struct run_options){
		.plan = { &c, 1 }, .launches = 8, .env_id = "host", .mode = "unit"
	};
	assert_int_equal(result_begin(&r, &o), 0);
	for (size_t i = 0; i < n; i++)
		result_add(&r, 0, i + 1, &launches[i]);
	json = result_to_json(&r);
	assert_non_null(json);
	result_free(&r);
	return json;
}

static struct launch_result ok_launch(double ns)
{
	static struct launch_result l;

	l = (struct launch_result){ .samples = 3,
				    .ops = 30,
				    .ops_per_timing = 1,
				    .verified_bytes = 3000,
				    .have_cpu = true,
				    .cpu_caller = 1,
				    .sample_ns_per_op = { ns + 1, ns, ns - 1 } };
	hist_record(&l.latency, ns, 1);
	return l;
}

static double number(const json_t *json, const char *a, const char *b)
{
	return json_number_value(json_object_get(json_object_get(json, a), b));
}

static void figures_are_medians_over_launches(void **state)
{
	struct launch_result l[3] = { ok_launch(100), ok_launch(300), ok_launch(200) };
	json_t *json = run_of(l, 3);
	const json_t *c = json_array_get(json_object_get(json, "cases"), 0);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(c, "status")), "ok");
	assert_true(number(c, "time", "value") == 200);
	assert_true(number(c, "throughput", "value") == 5e9);
	assert_int_equal(json_integer_value(json_object_get(c, "verified_bytes")), 9000);
	assert_int_equal(json_array_size(json_object_get(c, "launches")), 3);
	json_decref(json);
}

static void one_failure_takes_the_number_away(void **state)
{
	struct launch_result l[3] = { ok_launch(100), { .status = LAUNCH_FAILED }, ok_launch(200) };
	const json_t *c;
	json_t *json;

	(void)state;
	strcpy(l[1].reason, "verification: no");
	json = run_of(l, 3);
	c = json_array_get(json_object_get(json, "cases"), 0);
	assert_string_equal(json_string_value(json_object_get(c, "status")), "failed");
	assert_string_equal(json_string_value(json_object_get(c, "reason")), "verification: no");
	assert_null(json_object_get(c, "time"));
	assert_null(json_object_get(c, "throughput"));
	json_decref(json);
}

/* 64M by all CPUs and, four times as fast, by one: operations that weren't all made. */
static void a_rate_that_can_not_be_fails_its_case(void **state)
{
	struct bench_case c[2] = { { .path = path_find("memcpy-mt") },
				   { .path = path_find("nt") } };
	static struct run_options o;
	struct result r;
	json_t *json, *cases;

	(void)state;
	c[0].params.size = c[1].params.size = 1ull << 30;
	o = (struct run_options){
		.plan = { c, 2 }, .launches = 8, .env_id = "host", .mode = "unit"
	};
	assert_int_equal(result_begin(&r, &o), 0);
	/* Whatever there is no room for here. */
	r.cases[0].status = r.cases[1].status = LAUNCH_OK;
	for (size_t i = 0; i < 6; i++)
		for (size_t k = 0; k < 2; k++) {
			struct launch_result l = ok_launch(k ? 25e6 + (double)i : 100e6);

			result_add(&r, k, i + 1, &l);
		}
	assert_int_equal(result_judge(&r), 0);
	json = result_to_json(&r);
	cases = json_object_get(json, "cases");
	/* Where the kernel tells of no caches nothing is known to lie beyond them. */
	if (json_object_get(json_array_get(cases, 0), "bounds")) {
		const json_t *fast = json_array_get(cases, 1);

		assert_string_equal(json_string_value(json_object_get(fast, "status")), "failed");
		assert_non_null(strstr(json_string_value(json_object_get(fast, "reason")),
				       "an error of the harness"));
		assert_null(json_object_get(fast, "throughput"));
		assert_null(json_object_get(fast, "bounds"));
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(cases, 0), "status")),
			"ok");
	}
	json_decref(json);
	result_free(&r);
}

static void a_case_without_launches_has_no_number(void **state)
{
	json_t *json = run_of(NULL, 0);
	const json_t *c = json_array_get(json_object_get(json, "cases"), 0);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(c, "status")), "skipped");
	assert_null(json_object_get(c, "time"));
	assert_true(json_is_false(json_object_get(json_object_get(json, "run"), "complete")));
	json_decref(json);
}

static void what_is_written_is_read_back(void **state)
{
	struct launch_result l[1] = { ok_launch(100) };
	json_t *json = run_of(l, 1), *back;
	char why[256];

	(void)state;
	assert_int_equal(result_write(json, in_folder("r.json")), 0);
	back = result_read(in_folder("r.json"), why, sizeof(why));
	assert_non_null(back);
	assert_int_equal(json_array_size(json_object_get(back, "cases")), 1);
	json_decref(back);
	json_decref(json);
}

/* Lists take one line, whatever is in the strings; nothing but blanks goes. */
static void lists_take_one_line(void **state)
{
	static const char source[] = "{\"a [ \\\" {\": [1.5, [2, 3], \"x, ] \\\\\", {\"b\": [], "
				     "\"c\": {}}], \"d\": [ ]}";
	json_t *json = json_loads(source, 0, NULL), *back;
	char text[512];
	FILE *f;
	size_t n;

	(void)state;
	assert_non_null(json);
	assert_int_equal(result_write(json, in_folder("layout.json")), 0);
	f = fopen(in_folder("layout.json"), "r");
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	assert_string_equal(text, "{\n \"a [ \\\" {\": [1.5,[2,3],\"x, ] \\\\\",{\n   \"b\": [],\n"
				  "   \"c\": {}\n  }],\n \"d\": []\n}\n");
	back = json_loads(text, 0, NULL);
	assert_true(json_equal(json, back));
	json_decref(back);
	json_decref(json);
}

static void a_failed_write_is_an_error_and_leaves_the_old(void **state)
{
	json_t *json = json_pack("{s:s}", "schema", RESULT_SCHEMA);

	(void)state;
	assert_int_equal(result_write(json, "/dev/full"), -ENOSPC);
	assert_int_equal(result_write(json, "/nonexistent/r.json"), -ENOENT);
	assert_int_equal(result_write(json, folder), -EISDIR);
	json_decref(json);
}

static const char *refusal(const char *text)
{
	static char why[256];
	FILE *f = fopen(in_folder("bad.json"), "w");
	json_t *json;

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	strcpy(why, "accepted");
	json = result_read(in_folder("bad.json"), why, sizeof(why));
	if (json)
		json_decref(json);
	return why;
}

#define HEAD "{\"schema\":\"dmabench-result/1\",\"run\":{},\"environments\":[],"
#define CASE "{\"id\":\"a\",\"path\":\"b\",\"status\":\"ok\",\"params\":{\"size\":1}}"

/* Names that are none, and parameters that are no numbers. */
static void broken_cases_are_refused(void **state)
{
	(void)state;
#define ONE(path, more)                                          \
	refusal(HEAD "\"cases\":[{\"id\":\"a\",\"path\":\"" path \
		     "\",\"status\":\"ok\",\"params\":{\"size\":1" more "}}]}")
	assert_string_equal(ONE("b", ",\"threads\":2,\"load\":0"), "accepted");
	assert_non_null(strstr(ONE("", ""), "case 0 has no id, path"));
	assert_non_null(strstr(ONE("b", ",\"threads\":\"x\""), "threads is not an integer"));
	assert_non_null(strstr(ONE("b", ",\"src_node\":null"), "src_node is not an integer"));
	assert_non_null(strstr(ONE("b", ",\"queue\":1.5"), "queue is not an integer"));
#undef ONE
}

static void broken_files_are_refused(void **state)
{
	char why[256];

	(void)state;
	assert_string_equal(refusal(HEAD "\"cases\":[" CASE "]}"), "accepted");
	assert_non_null(strstr(refusal(HEAD "\"cases\":[" CASE "," CASE "]}"), "there twice"));
	assert_non_null(strstr(refusal(HEAD "\"cases\":[{}]}"), "has no id"));
	assert_non_null(strstr(refusal(HEAD "\"x\":1}"), "no cases"));
	assert_non_null(strstr(refusal("{\"schema\":\"dmabench-result/2\"}"), "not a "));
	assert_string_not_equal(refusal(""), "accepted");
	assert_string_not_equal(refusal(HEAD "\"cases\":["), "accepted");
	assert_string_not_equal(refusal(HEAD "\"cases\":[" CASE "],\"cases\":[]}"), "accepted");
	assert_string_not_equal(refusal(HEAD "\"cases\":[" CASE "],\"x\":NaN}"), "accepted");
	assert_string_not_equal(refusal(HEAD "\"cases\":[" CASE "],\"x\":1e999}"), "accepted");
	assert_null(result_read("/nonexistent", why, sizeof(why)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_medians_over_launches),
		cmocka_unit_test(one_failure_takes_the_number_away),
		cmocka_unit_test(a_rate_that_can_not_be_fails_its_case),
		cmocka_unit_test(a_case_without_launches_has_no_number),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(lists_take_one_line),
		cmocka_unit_test(a_failed_write_is_an_error_and_leaves_the_old),
		cmocka_unit_test(broken_files_are_refused),
		cmocka_unit_test(broken_cases_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
