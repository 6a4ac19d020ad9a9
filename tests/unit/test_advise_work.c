// SPDX-License-Identifier: GPL-2.0-only
/* Advice by the time that a program has: other work beside an engine, and its CPU time. */
#include "advised.h"

/* Slower to wait for, but it leaves the CPU: only a program with other work gains. */
static void an_engine_gains_if_there_is_other_work(void **state)
{
	(void)state;
	begin_usual();
	measured("registered", "hot", 65536, 12000, 1500);
	on_engine("hardware");
	copied(65536, 81919, 100000, 6553600000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, ONLY_OVERLAPPED);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0);
	NEAR(a.state[HOT].saving[OVERLAPPED].time_s, 0.85);
	NEAR(a.state[HOT].saving[OVERLAPPED].cpu_s, 0.85);
	NEAR(a.state[HOT].saving[OVERLAPPED].busy_s, 1.2);
	end();
}

static void emulated_and_software_engines_never_count(void **state)
{
	static const char *const kinds[] = { "emulated", "software" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		begin_usual();
		measured("registered", "hot", 65536, 10, 1);
		on_engine(kinds[i]);
		copied(65536, 81919, 100000, 6553600000);
		assert_int_equal(said(), 0);
		assert_int_equal(a.verdict, NO_RIVAL);
		end();
	}
}

/* 20 s are there for it: of 500,000 copies that take 100 µs each 200,000. */
static void an_engine_works_no_longer_than_the_program_runs(void **state)
{
	(void)state;
	begin_usual();
	measured("registered", "hot", 65536, 100000, 1000);
	on_engine("hardware");
	copied(65536, 81919, 500000, 500000 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, ONLY_OVERLAPPED);
	assert_true(a.state[HOT].saving[OVERLAPPED].cut);
	NEAR(a.state[HOT].saving[OVERLAPPED].busy_s, 20.0);
	NEAR(a.state[HOT].saving[OVERLAPPED].time_s, 1.8);
	NEAR(a.state[HOT].saving[OVERLAPPED].cpu_s, 1.8);
	end();
	/* So slow that there is hardly anything left to gain. */
	begin_usual();
	measured("registered", "hot", 65536, 10000000, 1000);
	on_engine("hardware");
	copied(65536, 81919, 500000, 500000 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, HARDLY);
	NEAR(a.state[HOT].saving[OVERLAPPED].time_s, 0.018);
	end();
}

static void what_is_slower_for_waiting_may_gain_by_other_work(void **state)
{
	(void)state;
	begin_usual();
	measured("registered", "hot", 65536, 9900, 1500);
	on_engine("hardware");
	copied(65536, 81919, 700000, 700000 * (json_int_t)65536);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, OVERLAPPED_AT_LEAST);
	end();
}

/* Ticks can miss a short program; then how long it ran is what there is. */
static void without_cpu_time_savings_are_a_share_of_the_time_it_ran(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		begin_usual();
		ran_for(0, i == 0 ? 0.4 : i == 1 ? 0.6 : 0);
		measured("nt", "hot", 65536, 5000, 5000);
		copied(65536, 81919, 1000, 65536000);
		assert_int_equal(said(), 0);
		assert_int_equal(a.verdict, i == 1 ? HARDLY : SOMETHING);
		NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0.005);
		NEAR(a.most_s, 0.005);
		end();
	}
}

static void copies_that_overlap_cant_be_done_otherwise(void **state)
{
	json_t *bin;

	(void)state;
	begin_usual();
	measured("nt", "hot", 65536, 5000, 5000);
	copied(65536, 81919, 100000, 6553600000);
	bin = json_array_get(json_object_get(profile, "sizes"), 0);
	json_object_set_new(bin, "overlapping_memmove",
			    json_pack("{s:i,s:I}", "calls", 75000, "bytes",
				      (json_int_t)4915200000));
	assert_int_equal(said(), 0);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 0.125);
	NEAR(a.overlapping.calls, 75000);
	end();
}

static void no_more_is_saved_than_the_program_took(void **state)
{
	(void)state;
	begin_usual();
	measured("nt", "hot", 65536, 6000, 6000);
	copied(65536, 81919, 10000000, 655360000000);
	assert_int_equal(said(), 0);
	assert_int_equal(a.verdict, SOMETHING);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].time_s, 10.0);
	NEAR(a.state[HOT].saving[SYNCHRONOUS].cpu_s, 10.0);
	NEAR(a.most_s, 10.0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_engine_gains_if_there_is_other_work),
		cmocka_unit_test(emulated_and_software_engines_never_count),
		cmocka_unit_test(an_engine_works_no_longer_than_the_program_runs),
		cmocka_unit_test(what_is_slower_for_waiting_may_gain_by_other_work),
		cmocka_unit_test(without_cpu_time_savings_are_a_share_of_the_time_it_ran),
		cmocka_unit_test(copies_that_overlap_cant_be_done_otherwise),
		cmocka_unit_test(no_more_is_saved_than_the_program_took),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
