// SPDX-License-Identifier: GPL-2.0-only
/* The machine's settings, and what is warned of in them. */
#include "unit.h"

#include <string.h>

#include "machine/cgroup.h"
#include "machine/settings.h"
#include "machine/warnings.h"
#include "fake_machine.h"

/* What is said about the present machine alone, without a look at what it does. */
static json_t *warnings_now(void)
{
	json_t *settings = settings_read(true), *list = warnings_of(settings, NULL);

	json_decref(settings);
	return list;
}

static const struct {
	const char *id, *file, *bad, *good;
} conditions[] = {
	{ "governor", CPU "cpufreq/policy4/scaling_governor", "powersave\n", "performance\n" },
	{ "turbo", CPU "cpufreq/boost", "1\n", "0\n" },
	{ "turbo", CPU "intel_pstate/no_turbo", "0\n", "1\n" },
	{ "smt", CPU "smt/control", "on\n", "off\n" },
	{ "smt", CPU "smt/control", "on\n", "notsupported\n" },
	{ "idle_latency_us", CPU "cpu0/cpuidle/state2/latency", "133\n", "2\n" },
	{ "thp", "/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n",
	  "always [madvise] never\n" },
	{ "numa_balancing", "/proc/sys/kernel/numa_balancing", "1\n", "0\n" },
	{ "ksm", "/sys/kernel/mm/ksm/run", "1\n", "0\n" },
	{ "clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource",
	  "kvm-clock\n", "tsc\n" },
	{ "clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource",
	  "acpi_pm\n", "arch_sys_counter\n" },
	{ "irqbalance", "/proc/4711/comm", "irqbalance\n", "irqbalance-ui\n" },
};

static void each_condition_is_warned_of_when_bad_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		char name[32];
		json_t *list;

		snprintf(name, sizeof(name), "condition-%zu", i);
		machine(name);
		put(conditions[i].file, conditions[i].bad);
		list = warnings_now();
		if (!warned(list, conditions[i].id, "always"))
			fail_msg("no warning of %s in %s", conditions[i].bad, conditions[i].file);
		json_decref(list);
		put(conditions[i].file, conditions[i].good);
		list = warnings_now();
		if (warned(list, conditions[i].id, "always"))
			fail_msg("warning of %s in %s", conditions[i].good, conditions[i].file);
		json_decref(list);
	}
}

static void one_cpu_with_another_governor_is_seen(void **state)
{
	json_t *settings, *list;

	(void)state;
	machine("governors");
	put(CPU "cpufreq/policy0/scaling_governor", "performance\n");
	put(CPU "cpufreq/policy10/scaling_governor", "performance\n");
	put(CPU "cpufreq/policy2/scaling_governor", "schedutil\n");
	settings = settings_read(false);
	assert_string_equal(json_string_value(json_object_get(settings, "governor")),
			    "performance (2), schedutil (1)");
	list = warnings_of(settings, NULL);
	assert_true(warned(list, "governor", "always"));
	json_decref(list);
	json_decref(settings);
}

static void idle_states_that_are_disabled_do_not_count(void **state)
{
	json_t *list;

	(void)state;
	machine("idle");
	put(CPU "cpu0/cpuidle/state1/latency", "2\n");
	put(CPU "cpu0/cpuidle/state2/latency", "170\n");
	put(CPU "cpu0/cpuidle/state2/disable", "1\n");
	list = warnings_now();
	assert_false(warned(list, "idle_latency_us", "always"));
	json_decref(list);
	put(CPU "cpu0/cpuidle/state2/disable", "0\n");
	list = warnings_now();
	assert_true(warned(list, "idle_latency_us", "always"));
	json_decref(list);
}

static void the_tightest_quota_above_us_counts(void **state)
{
	unsigned long long times;
	double cpus;

	(void)state;
	machine("v2");
	assert_true(cgroup_cpu_quota(&cpus) < 0);
	put("/proc/self/cgroup", "0::/a/b\n");
	put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
	put("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
	put("/sys/fs/cgroup/a/b/cpu.stat", "usage_usec 5\nnr_throttled 3\n");
	put("/sys/fs/cgroup/a/cpu.stat", "usage_usec 5\nnr_throttled 4\n");
	assert_int_equal(cgroup_cpu_quota(&cpus), 0);
	assert_true(cpus == 1.5);
	assert_int_equal(cgroup_throttled(&times), 0);
	assert_int_equal(times, 7);
	machine("v1");
	put("/proc/self/cgroup", "4:memory:/x\n3:cpuset:/y\n2:cpu,cpuacct:/\n0::/\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "50000\n");
	put("/sys/fs/cgroup/cpu/cpu.stat", "nr_periods 9\nnr_throttled 2\n");
	assert_int_equal(cgroup_cpu_quota(&cpus), 0);
	assert_true(cpus == 0);
	/* The top group once, though its path ends in a slash. */
	assert_int_equal(cgroup_throttled(&times), 0);
	assert_int_equal(times, 2);
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "25000\n");
	assert_int_equal(cgroup_cpu_quota(&cpus), 0);
	assert_true(cpus == 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_condition_is_warned_of_when_bad_only),
		cmocka_unit_test(one_cpu_with_another_governor_is_seen),
		cmocka_unit_test(idle_states_that_are_disabled_do_not_count),
		cmocka_unit_test(the_tightest_quota_above_us_counts),
	};

	return cmocka_run_group_tests(tests, fresh_folder, drop_folder);
}
