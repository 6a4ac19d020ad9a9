// SPDX-License-Identifier: GPL-2.0-only
/* What the machine did before, during and after a run, and what changed meanwhile. */
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "machine/settings.h"
#include "machine/state.h"
#include "machine/warnings.h"
#include "fake_machine.h"

static void what_is_not_there_is_null_and_no_warning(void **state)
{
	json_t *settings = settings_read(true), *list, *value, *span, *json;
	struct state s = { 0 };
	const char *name;

	(void)state;
	assert_true(json_object_size(settings) > 10);
	json_object_foreach(settings, name, value) {
		assert_true(json_is_null(value));
		assert_non_null(settings_where(name));
	}
	state_begin(&s, settings, 0);
	state_end(&s, 0);
	json = state_to_json(&s);
	span = json_object_get(json, "during");
	json_object_foreach(span, name, value)
		if (json_is_null(value))
			assert_non_null(json_object_get(json_object_get(span, "unseen"), name));
	assert_int_equal(json_object_size(json_object_get(span, "unseen")), 11);
	list = warnings_of(settings, json);
	assert_true(warned(list, "sysroot", "always"));
	/* The others: this machine may be a virtual one, or loaded, so that words take longer. */
	assert_int_equal(json_array_size(list), 1 + warned(list, "platform", "always") +
							warned(list, "cpu_word_ns", "during"));
	json_decref(list);
	json_decref(json);
	json_decref(settings);
	state_free(&s);
}

/* A machine whose counters stand where it has been up for a while. */
static void put_counters(const char *stat, const char *vmstat, const char *throttled,
			 const char *stall, const char *stops)
{
	put("/proc/stat", stat);
	put("/proc/vmstat", vmstat);
	put(CPU "cpu1/thermal_throttle/core_throttle_count", throttled);
	put("/proc/pressure/memory", stall);
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/cpu.stat", stops);
	put(CPU "cpu0/topology/thread_siblings_list", "0-1\n");
	put(CPU "cpu1/topology/thread_siblings_list", "0-1\n");
}

static void put_before(const char *name)
{
	machine(name);
	put_counters("cpu  1000 0 1000 8000 0 0 0 100 0 0\ncpu0 500 0 500 4000 0 0 0 50 0 0\n"
		     "cpu1 500 0 500 4000 0 0 0 50 0 0\nintr 1\n",
		     "pswpin 10\npswpout 20\n", "5\n", "some avg10=0.00 total=1000\n",
		     "nr_throttled 1\n");
}

static json_t *during(struct activity *s)
{
	json_t *span, *json;

	activity_look(s);
	span = activity_to_json(s, true);
	json = json_pack("{s:n,s:o,s:n,s:[]}", "before", "during", span, "after", "changed");
	return json;
}

static void each_disturbance_is_told_from_the_counters(void **state)
{
	static const char *const ids[] = { "others_share",	"steal_share",	  "throttle_events",
					   "swap_in_pages",	"swap_out_pages", "quota_stops",
					   "memory_stall_share" };
	json_t *json, *list, *span;
	struct activity s;

	(void)state;
	put_before("counters-quiet");
	activity_begin(&s);
	json = during(&s);
	list = warnings_of(NULL, json);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		assert_false(warned(list, ids[i], "during"));
	json_decref(list);
	json_decref(json);

	machine("counters-busy");
	put_counters("cpu  3000 0 1000 14000 0 0 0 2100 0 0\ncpu0 500 0 500 7000 0 0 0 1050 0 0\n"
		     "cpu1 2500 0 500 5000 0 0 0 1050 0 0\nintr 1\n",
		     "pswpin 11\npswpout 22\n", "9\n", "some avg10=0.00 total=99000000\n",
		     "nr_throttled 4\n");
	json = during(&s);
	list = warnings_of(NULL, json);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!warned(list, ids[i], "during"))
			fail_msg("no warning of %s", ids[i]);
	span = json_object_get(json, "during");
	/* 2000 of 10000 ticks each; our own are some of the former. */
	assert_true(json_number_value(json_object_get(span, "others_share")) > 0.19);
	assert_true(json_number_value(json_object_get(span, "others_share")) <= 0.2);
	assert_true(json_number_value(json_object_get(span, "steal_share")) == 0.2);
	assert_int_equal(json_integer_value(json_object_get(span, "throttle_events")), 4);
	assert_int_equal(json_integer_value(json_object_get(span, "swap_out_pages")), 2);
	assert_int_equal(json_integer_value(json_object_get(span, "quota_stops")), 3);
	/* CPU 1 of the two was busy. */
	assert_int_equal(json_integer_value(json_object_get(span, "busy_siblings")), 1);
	json_decref(list);
	json_decref(json);
}

static void our_own_time_is_not_that_of_others(void **state)
{
	struct activity s = { .load_max = -1, .khz_max = UNSEEN, .swap_used_bytes = UNSEEN };
	double tick_ns = 1e9 / (double)sysconf(_SC_CLK_TCK);
	json_t *span;

	(void)state;
	s.first.total = 1000;
	s.last = s.first;
	s.last.when_ns = 1000000000;
	s.last.total += 200;
	s.last.busy += 100;
	s.last.own_ns = (uint64_t)(60 * tick_ns);
	span = activity_to_json(&s, false);
	assert_true(json_number_value(json_object_get(span, "others_share")) == 0.2);
	json_decref(span);
	/* Ticks are coarse: less than our own is none of others. */
	s.last.own_ns = (uint64_t)(101 * tick_ns);
	span = activity_to_json(&s, false);
	assert_true(json_number_value(json_object_get(span, "others_share")) == 0);
	json_decref(span);
}

static bool warns_of_moved_cpus(double least, double most)
{
	struct activity s = { .load_max = -1,
			      .khz_max = UNSEEN,
			      .swap_used_bytes = UNSEEN,
			      .core_min = least,
			      .core_max = most };
	json_t *json = json_pack("{s:n,s:o,s:n,s:[]}", "before", "during",
				 activity_to_json(&s, false), "after", "changed");
	json_t *list = warnings_of(NULL, json);
	bool found = warned(list, "cpu_word_ns", "during");

	json_decref(list);
	json_decref(json);
	return found;
}

static void cpus_that_moved_are_told_by_a_words_time(void **state)
{
	struct activity s = { .no_core = "one usable CPU" };
	json_t *json = activity_to_json(&s, false);

	(void)state;
	assert_true(warns_of_moved_cpus(26, 170.4));
	assert_false(warns_of_moved_cpus(26, 40));
	assert_false(warns_of_moved_cpus(150, 180));
	assert_true(json_is_null(json_object_get(json, "cpu_word_ns")));
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(json, "unseen"), "cpu_word_ns")),
		"one usable CPU");
	json_decref(json);
}

static void a_counter_that_goes_backwards_is_no_figure(void **state)
{
	json_t *json, *span;
	struct activity s;

	(void)state;
	put_before("counters-high");
	activity_begin(&s);
	machine("counters-low");
	put_counters("cpu  10 0 10 80 0 0 0 1 0 0\n", "pswpin 1\npswpout 2\n", "1\n",
		     "some total=1\n", "nr_throttled 0\n");
	json = during(&s);
	span = json_object_get(json, "during");
	assert_true(json_is_null(json_object_get(span, "others_share")));
	assert_true(json_is_null(json_object_get(span, "steal_share")));
	assert_true(json_is_null(json_object_get(span, "swap_in_pages")));
	assert_true(json_is_null(json_object_get(span, "memory_stall_share")));
	assert_true(json_is_string(
		json_object_get(json_object_get(span, "unseen"), "throttle_events")));
	json_decref(json);
}

static bool range_is(const json_t *range, double min, double max)
{
	return json_number_value(json_object_get(range, "min")) == min &&
	       json_number_value(json_object_get(range, "max")) == max;
}

static void the_extremes_of_load_and_clock_are_kept(void **state)
{
	json_t *json, *span;
	struct activity s;

	(void)state;
	machine("gauges");
	put("/proc/loadavg", "0.50 0.1 0.1 1/99 7\n");
	put(CPU "cpufreq/policy0/scaling_cur_freq", "2000000\n");
	put(CPU "cpufreq/policy1/scaling_cur_freq", "3000000\n");
	put("/proc/meminfo", "SwapTotal: 1000 kB\nSwapFree: 990 kB\n");
	activity_begin(&s);
	put("/proc/loadavg", "3.25 0.1 0.1 1/99 7\n");
	put(CPU "cpufreq/policy0/scaling_cur_freq", "800000\n");
	activity_look(&s);
	put("/proc/loadavg", "1.00 0.1 0.1 1/99 7\n");
	json = during(&s);
	span = json_object_get(json, "during");
	assert_int_equal(json_integer_value(json_object_get(span, "looks")), 3);
	assert_true(range_is(json_object_get(span, "load_1min"), 0.5, 3.25));
	assert_true(range_is(json_object_get(span, "cpu_khz"), 800000, 3000000));
	assert_int_equal(json_integer_value(json_object_get(span, "swap_used_bytes")), 10240);
	json_decref(json);
}

static void load_and_swap_before_the_run_are_warned_of(void **state)
{
	struct state s = { 0 };
	json_t *settings, *json, *list;

	(void)state;
	machine("loaded");
	put("/proc/loadavg", "2.00 0.1 0.1 1/99 7\n");
	put("/proc/meminfo", "SwapTotal: 1000 kB\nSwapFree: 990 kB\n");
	settings = settings_read(true);
	state_begin(&s, settings, 0);
	json = state_to_json(&s);
	assert_true(json_is_null(json_object_get(json, "during")));
	assert_true(json_is_null(json_object_get(json, "after")));
	json_decref(json);
	state_end(&s, 0);
	json = state_to_json(&s);
	list = warnings_of(settings, json);
	assert_true(warned(list, "load_1min", "before"));
	assert_true(warned(list, "swap_used_bytes", "before"));
	/* During the run the load is dmabench's own, and after it still is. */
	assert_true(json_is_object(json_object_get(json, "during")));
	assert_false(warned(list, "load_1min", "during"));
	assert_false(warned(list, "load_1min", "after"));
	json_decref(list);
	json_decref(json);
	json_decref(settings);
	state_free(&s);
}

static void a_setting_that_changes_meanwhile_is_named(void **state)
{
	struct state s = { 0 };
	json_t *settings, *json, *changed, *list;

	(void)state;
	machine("changing");
	put(CPU "cpufreq/policy0/scaling_governor", "performance\n");
	put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	put(CPU "smt/control", "on\n");
	settings = settings_read(true);
	state_begin(&s, settings, 0);
	put(CPU "cpufreq/policy0/scaling_governor", "powersave\n");
	take_away(CPU "smt/control");
	state_end(&s, 0);
	json = state_to_json(&s);
	changed = json_object_get(json, "changed");
	assert_int_equal(json_array_size(changed), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(changed, 0), "from")),
			    "performance");
	assert_string_equal(json_string_value(json_object_get(json_array_get(changed, 0), "to")),
			    "powersave");
	assert_true(json_is_null(json_object_get(json_array_get(changed, 1), "to")));
	list = warnings_of(settings, json);
	assert_true(warned(list, "governor", "during"));
	assert_non_null(strstr(
		json_string_value(json_object_get(warning(list, "governor", "during"), "what")),
		"from performance to powersave"));
	/* What was in force when it began is still what the conditions say. */
	assert_false(warned(list, "governor", "always"));
	assert_true(warned(list, "smt", "during"));
	assert_false(warned(list, "thp", "during"));
	json_decref(list);
	json_decref(json);
	json_decref(settings);
	state_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_there_is_null_and_no_warning),
		cmocka_unit_test(each_disturbance_is_told_from_the_counters),
		cmocka_unit_test(our_own_time_is_not_that_of_others),
		cmocka_unit_test(cpus_that_moved_are_told_by_a_words_time),
		cmocka_unit_test(a_counter_that_goes_backwards_is_no_figure),
		cmocka_unit_test(the_extremes_of_load_and_clock_are_kept),
		cmocka_unit_test(load_and_swap_before_the_run_are_warned_of),
		cmocka_unit_test(a_setting_that_changes_meanwhile_is_named),
	};

	return cmocka_run_group_tests(tests, fresh_folder, drop_folder);
}
