// SPDX-License-Identifier: GPL-2.0-only
/* What spoils measurements, and what to do about it: a table. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "environment.h"
#include "platform.h"

struct warning_row {
	const char *condition; /* key in conditions */
	bool (*bad)(const char *value);
	const char *what, *why, *action;
};

static bool not_performance(const char *value)
{
	return strcmp(value, "performance") != 0;
}

static bool is_on(const char *value)
{
	return !strcmp(value, "on") || !strcmp(value, "1");
}

static bool is_busy(const char *value)
{
	return atof(value) > 0.5;
}

static const struct warning_row rows[] = {
	{ "governor", not_performance, "the CPU frequency governor isn't \"performance\"",
	  "copies speed up and slow down with the clock", "cpupower frequency-set -g performance" },
	{ "turbo", is_on, "turbo is on", "the clock depends on temperature and on other cores",
	  "echo 0 > /sys/devices/system/cpu/cpufreq/boost (or 1 > intel_pstate/no_turbo)" },
	{ "smt", is_on, "SMT siblings are on", "a busy sibling halves a core's share",
	  "echo off > /sys/devices/system/cpu/smt/control" },
	{ "numa_balancing", is_on, "automatic NUMA balancing is on",
	  "pages move and fault while they are measured", "sysctl kernel.numa_balancing=0" },
	{ "ksm", is_on, "kernel same-page merging is running", "equal pages become copy on write",
	  "echo 0 > /sys/kernel/mm/ksm/run" },
	{ "load_1min", is_busy, "the machine is loaded", "others take CPU time and bandwidth",
	  "stop what runs, or wait until the load is below 0.5" },
};

static void append(json_t *list, const char *what, const char *why, const char *action)
{
	json_array_append_new(list,
			      json_pack("{s:s,s:s,s:s}", "what", what, "why", why, "do", action));
}

json_t *environment_warnings(const json_t *conditions)
{
	const char *platform = platform_name();
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *value =
			json_string_value(json_object_get(conditions, rows[i].condition));

		if (value && rows[i].bad(value))
			append(list, rows[i].what, rows[i].why, rows[i].action);
	}
	if (platform_emulated())
		append(list, "this machine is emulated", "its times mean nothing",
		       "use it to check that paths work; measure on real hardware");
	else if (!strcmp(platform, "vm-kvm"))
		append(list, "this is a virtual machine",
		       "neighbours, steal time and a second level of page tables are in the "
		       "figures",
		       "measure on the bare machine if it is the machine that matters");
	return list;
}
