// SPDX-License-Identifier: GPL-2.0-only
#include "settings.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"
#include "files.h"

#define CPU "/sys/devices/system/cpu/"
#define MM "/sys/kernel/mm/"
#define MAX_POLICIES 1024

struct setting {
	const char *name, *where;
	json_t *(*read)(const char *where); /* NULL: can't be seen */
	bool slow;			    /* too slow to be looked at during a run */
};

static json_t *plain(const char *where)
{
	char line[512];

	return read_line(where, line, sizeof(line)) ? NULL : json_string(line);
}

/* The word in [brackets] of a sysfs choice. */
static json_t *chosen(const char *where)
{
	char line[256], *open, *shut;

	if (read_line(where, line, sizeof(line)))
		return NULL;
	open = strchr(line, '[');
	shut = open ? strchr(open, ']') : NULL;
	if (!shut)
		return json_string(line);
	*shut = '\0';
	return json_string(open + 1);
}

/* One value if all frequency policies (groups of CPUs) have the same, else "a (3), b (1)". */
static json_t *of_all_policies(const char *where)
{
	int policies[MAX_POLICIES];
	size_t n = sys_numbered(CPU "cpufreq", "policy", policies, MAX_POLICIES);
	json_t *counts = json_object(), *value;
	char path[128], text[256] = "";
	const char *name;
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		char line[64];

		snprintf(path, sizeof(path), CPU "cpufreq/policy%d%s", policies[i],
			 strrchr(where, '/'));
		if (!read_line(path, line, sizeof(line)))
			json_object_set_new(
				counts, line,
				json_integer(json_integer_value(json_object_get(counts, line)) +
					     1));
	}
	json_object_foreach(counts, name, value) {
		if (used >= sizeof(text))
			break;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", used ? ", " : "",
					 name);
		if (json_object_size(counts) > 1 && used < sizeof(text))
			used += (size_t)snprintf(text + used, sizeof(text) - used, " (%lld)",
						 json_integer_value(value));
	}
	json_decref(counts);
	return used ? json_string(text) : NULL;
}

/* The kernel says the same in two ways, by driver. */
static json_t *turbo(const char *where)
{
	unsigned long long value;

	if (!read_number(where, &value))
		return json_string(value ? "on" : "off");
	if (!read_number(CPU "intel_pstate/no_turbo", &value))
		return json_string(value ? "off" : "on");
	return NULL;
}

static json_t *swap_bytes(const char *where)
{
	unsigned long long kib;

	if (read_key(where, "SwapTotal:", &kib))
		return NULL;
	return json_integer((json_int_t)(kib * 1024));
}

static json_t *cpu_quota(const char *where)
{
	double cpus;

	(void)where;
	if (cgroup_cpu_quota(&cpus))
		return NULL;
	return cpus > 0 ? json_sprintf("%.2f CPUs", cpus) : json_string("none");
}

/* The longest wake-up of the idle states that CPU 0 may enter, by the kernel's own table. */
static json_t *idle_latency(const char *where)
{
	int states[32];
	size_t n = sys_numbered(CPU "cpu0/cpuidle", "state", states, 32);
	unsigned long long latency, off, longest = 0;
	bool any = false;
	char path[128];

	(void)where;
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), CPU "cpu0/cpuidle/state%d/disable", states[i]);
		if (!read_number(path, &off) && off)
			continue;
		snprintf(path, sizeof(path), CPU "cpu0/cpuidle/state%d/latency", states[i]);
		if (read_number(path, &latency))
			continue;
		any = true;
		longest = latency > longest ? latency : longest;
	}
	return any ? json_integer((json_int_t)longest) : NULL;
}

/* Does a program of this name run? By /proc/N/comm. */
static json_t *irqbalance(const char *where)
{
	static int pids[65536];
	size_t n = sys_numbered("/proc", "", pids, sizeof(pids) / sizeof(pids[0]));
	char path[64], name[32];

	(void)where;
	if (!n)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/proc/%d/comm", pids[i]);
		if (!read_line(path, name, sizeof(name)) && !strcmp(name, "irqbalance"))
			return json_string("running");
	}
	return json_string("not running");
}

static const struct setting settings[] = {
	{ "governor", CPU "cpufreq/policy*/scaling_governor", of_all_policies, false },
	{ "energy_preference", CPU "cpufreq/policy*/energy_performance_preference", of_all_policies,
	  false },
	{ "turbo", CPU "cpufreq/boost", turbo, false },
	{ "idle_latency_us", CPU "cpu0/cpuidle/state*/latency", idle_latency, false },
	{ "smt", CPU "smt/control", plain, false },
	{ "cpus_online", CPU "online", plain, false },
	{ "cpus_isolated", CPU "isolated", plain, false },
	{ "cpu_quota", "cpu.max of the control group", cpu_quota, false },
	{ "thp", MM "transparent_hugepage/enabled", chosen, false },
	{ "numa_balancing", "/proc/sys/kernel/numa_balancing", plain, false },
	{ "ksm", MM "ksm/run", plain, false },
	{ "swap_bytes", "/proc/meminfo", swap_bytes, false },
	{ "swappiness", "/proc/sys/vm/swappiness", plain, false },
	{ "clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource", plain,
	  false },
	{ "irqbalance", "/proc/N/comm", irqbalance, true },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

json_t *settings_read(bool also_slow)
{
	json_t *all = json_object();

	for (size_t i = 0; i < SETTINGS; i++) {
		json_t *value;

		if (settings[i].slow && !also_slow)
			continue;
		value = settings[i].read(settings[i].where);
		json_object_set_new(all, settings[i].name, value ? value : json_null());
	}
	return all;
}

const char *settings_where(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (!strcmp(settings[i].name, name))
			return settings[i].where;
	return NULL;
}
