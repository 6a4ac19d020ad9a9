// SPDX-License-Identifier: GPL-2.0-only
/* What advise says of results and profiles whose answer is known. */
#include "advised.h"

static void what_is_slower_everywhere_gains_nothing(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 1024, 200, 200);
	measured("nt", "hot", 65536, 9900, 9900); /* less, but not known to be */
	copied(1024, 1279, 1000000, 1024000000);
	copied(65536, 81919, 1000, 65536000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, NOTHING);
	NEAR(a.state[HOT].memcpy_s, 0.1 + 0.01);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0);
	assert_false(a.state[COLD].there);
	end();
}

static void a_faster_way_gains_the_difference(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 1024, 200, 200);
	measured("nt", "hot", 65536, 6000, 6000);
	measured("movsb", "hot", 65536, 7000, 3000);
	copied(1024, 1279, 1000, 1024000);
	copied(65536, 81919, 1000000, 65536000000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, SOMETHING);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 4.0);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].cpu_s, 4.0);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].copies.calls, 1000000);
	NEAR(a.most_s, 4.0);
	assert_string_equal(a.state[HOT].bins[1].choice[SYNCHRONOUS].curve->path, "nt");
	end();
}

/* Only at the upper end of where the size lies: not known, and not counted as a gain. */
static void between_two_sizes_both_must_be_better(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 1024, 200, 200);
	measured("nt", "hot", 65536, 6000, 6000);
	copied(8192, 10239, 1000000, 8192000000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, CANT_TELL);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].undecided.calls, 1000000);
	/* At 64K from 5880 to 10200 ns: up to that share of the 1000 ns. */
	NEAR(a.state[HOT].saving[SYNCHRONOUS].may_s, 1.0 - 5880.0 / 10200.0);
	/* In the middle of both logarithms: 8192 = sqrt(1024 * 65536), 1000 = sqrt(100 * 10000). */
	NEAR(a.state[HOT].memcpy_s, 1.0);
	end();

	begin_usual();
	measured("nt", "hot", 1024, 25, 25);
	measured("nt", "hot", 65536, 2500, 2500);
	copied(8192, 10239, 1000000, 8192000000);
	assert_int_equal(said(), 0);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0.75);
	end();
}

static void beyond_what_was_measured_nothing_is_said(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 1024, 10, 10);
	measured("nt", "hot", 65536, 10, 10);
	copied(512, 639, 7, 3584);
	copied(131072, 163839, 5, 655360);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, NO_SIZE);
	NEAR(a.state[HOT].below.calls, 7);
	NEAR(a.state[HOT].above.bytes, 655360);
	end();
}

/* Other classes, cases that aren't ok, another setting, many in flight, the driver's buffers. */
static void what_isnt_such_a_copy_never_counts(void **state)
{
	static const char *const edits[][3] = {
		{ "class", "snapshot", NULL }, { "status", "failed", NULL },
		{ "env", "guest", NULL },      { "params", "pages", "2M" },
		{ "params", "cache", "" },     { "params", "batch", "16" },
		{ "params", "queue", "4" },    { "path", "registered-async", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		json_t *in;

		begin_usual();
		measured("nt", "hot", 65536, 10, 10);
		in = edits[i][2] ? json_object_get(last_case(), edits[i][0]) : last_case();
		json_object_set_new(in, edits[i][edits[i][2] ? 1 : 0],
				    !edits[i][2]		     ? json_string(edits[i][1])
				    : edits[i][2][0] >= '0' && i > 4 ? json_integer(16)
								     : json_string(edits[i][2]));
		copied(65536, 81919, 100000, 6553600000);
		assert_int_equal(said(), 0);
		assert_int_equal(a.verdict, NO_RIVAL);
		end();
	}
}

static void one_launch_can_tell_nothing(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 65536, 10, 10);
	json_object_set_new(json_object_get(last_case(), "time"), "ci95", json_null());
	copied(65536, 81919, 100000, 6553600000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, CANT_TELL);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].may_s, 1.0);
	end();
}

/* 5 % of a second of ten can matter, 5 % of a hundredth of a second can't. */
static void intervals_that_overlap_cant_be_told_where_it_matters(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 65536, 9900, 9900);
	copied(65536, 81919, 700000, 700000 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, CANT_TELL);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].undecided.calls, 700000);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].may_s, 7.0 * (1 - 0.98 * 9900 / 10200));
	end();
	begin_usual();
	measured("nt", "hot", 65536, 9900, 9900);
	copied(65536, 81919, 1000, 65536000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, NOTHING);
	end();
}

static void copies_at_whose_sizes_nothing_else_was_measured_are_counted(void **state)
{
	(void)state;
	begin_usual();
	copied(65536, 81919, 1000, 65536000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, NO_RIVAL);
	NEAR(a.state[HOT].alone.calls, 1000);
	end();
	begin_usual();
	measured("nt", "hot", 65536, 20000, 20000);
	copied(1024, 1279, 10000000, 10240000000);
	copied(65536, 81919, 1000, 65536000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, NOTHING);
	NEAR(a.state[HOT].alone.calls, 10000000);
	NEAR(a.state[HOT].alone_s, 1.0);
	end();
}

/* The small ones gain 0.05 of the engine's time, the large ones 0.3. */
static void of_too_many_copies_those_are_taken_that_gain_most(void **state)
{
	(void)state;
	begin_usual();
	measured("registered", "hot", 1024, 1000, 50);
	on_engine("hardware");
	measured("registered", "hot", 65536, 20000, 4000);
	on_engine("hardware");
	copied(1024, 1279, 20000000, 20480000000);
	copied(65536, 81919, 500000, 500000 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	NEAR(a.state[HOT].saving[OVERLAPPED].busy_s, 20.0);
	NEAR(a.state[HOT].saving[OVERLAPPED].time_s, 500000 * 6e-6 + 10000000 * 50e-9);
	end();
}

static void cold_caches_are_said_apart_and_without_cpu_time(void **state)
{
	(void)state;
	begin_usual();
	measured("memcpy", "cold", 65536, 20000, 0);
	json_object_del(last_case(), "cpu");
	measured("nt", "cold", 65536, 15000, 0);
	json_object_del(last_case(), "cpu");
	copied(65536, 81919, 100000, 6553600000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, SOMETHING);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0);
	NEAR(a.state[COLD].saving[SYNCHRONOUS].time_s, 0.5);
	assert_true(isnan(a.state[COLD].saving[SYNCHRONOUS].cpu_s));
	assert_false(a.state[COLD].saving[OVERLAPPED].known);
	end();
}

static void below_a_hundredth_it_is_hardly_anything(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 65536, 5000, 5000);
	copied(65536, 81919, 19999, 19999 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, HARDLY);
	end();
	begin_usual();
	measured("nt", "hot", 65536, 5000, 5000);
	copied(65536, 81919, 20001, 20001 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, SOMETHING);
	end();
}

static void the_machine_is_told_by_its_identity(void **state)
{
	json_t *env;

	(void)state;
	begin_usual();
	copied(65536, 81919, 1, 65536);
	assert_int_equal(said(), 0);
	assert_null(a.difference);
	advise_free(&a);
	env = json_array_get(json_object_get(result, "environments"), 0);
	json_object_set_new(json_object_get(env, "identity"), "cpus", json_integer(3));
	assert_int_equal(said(), 0);
	assert_string_equal(a.difference, "cpus");
	advise_free(&a);
	json_object_set_new(env, "platform", json_string("vm-tcg"));
	assert_null(advise_environment(profile, result, &a.difference));
	end();
}

static void without_memcpy_there_is_nothing_to_go_by(void **state)
{
	(void)state;
	begin();
	measured("nt", "hot", 65536, 5000, 5000);
	copied(65536, 81919, 1, 65536);
	assert_int_equal(said(), -ENODATA);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_slower_everywhere_gains_nothing),
		cmocka_unit_test(a_faster_way_gains_the_difference),
		cmocka_unit_test(between_two_sizes_both_must_be_better),
		cmocka_unit_test(beyond_what_was_measured_nothing_is_said),
		cmocka_unit_test(what_isnt_such_a_copy_never_counts),
		cmocka_unit_test(one_launch_can_tell_nothing),
		cmocka_unit_test(intervals_that_overlap_cant_be_told_where_it_matters),
		cmocka_unit_test(copies_at_whose_sizes_nothing_else_was_measured_are_counted),
		cmocka_unit_test(of_too_many_copies_those_are_taken_that_gain_most),
		cmocka_unit_test(cold_caches_are_said_apart_and_without_cpu_time),
		cmocka_unit_test(below_a_hundredth_it_is_hardly_anything),
		cmocka_unit_test(the_machine_is_told_by_its_identity),
		cmocka_unit_test(without_memcpy_there_is_nothing_to_go_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
