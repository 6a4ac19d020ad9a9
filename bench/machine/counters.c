// SPDX-License-Identifier: GPL-2.0-only
#include "counters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"
#include "clock.h"
#include "files.h"

#define CPU "/sys/devices/system/cpu/"

/* Ticks of a line of /proc/stat: user nice system idle iowait irq softirq steal (guest's are in user). */
static bool read_ticks(const char *text, uint64_t *total, uint64_t *busy, uint64_t *steal)
{
	unsigned long long t[8] = { 0 };
	int n = sscanf(text, "%llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2], &t[3],
		       &t[4], &t[5], &t[6], &t[7]);

	*busy = t[0] + t[1] + t[2] + t[5] + t[6];
	*steal = t[7];
	*total = *busy + *steal + t[3] + t[4];
	return n >= 4;
}

static void read_stat(struct counters *c)
{
	FILE *f = sys_file("/proc/stat");
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		uint64_t total, busy, steal;
		char *rest;
		long cpu;

		if (strncmp(line, "cpu", 3))
			break;
		if (line[3] == ' ') {
			read_ticks(line + 3, &c->total, &c->busy, &c->steal);
			continue;
		}
		cpu = strtol(line + 3, &rest, 10);
		if (cpu < 0 || cpu >= MAX_CPUS || !read_ticks(rest, &total, &busy, &steal))
			continue;
		c->cpu_total[cpu] = total;
		c->cpu_busy[cpu] = busy;
	}
	if (f)
		fclose(f);
}

static long long count_throttles(void)
{
	static const char *const files[] = { "core_throttle_count", "package_throttle_count" };
	int cpus[MAX_CPUS];
	size_t n = sys_numbered(CPU, "cpu", cpus, MAX_CPUS);
	long long sum = UNSEEN;
	unsigned long long one;
	char path[128];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 2; k++) {
			snprintf(path, sizeof(path), CPU "cpu%d/thermal_throttle/%s", cpus[i],
				 files[k]);
			if (!read_number(path, &one))
				sum = (sum == UNSEEN ? 0 : sum) + (long long)one;
		}
	return sum;
}

static long long vmstat(const char *key)
{
	unsigned long long pages;

	return read_key("/proc/vmstat", key, &pages) ? UNSEEN : (long long)pages;
}

static long long count_swap_in(void)
{
	return vmstat("pswpin ");
}

static long long count_swap_out(void)
{
	return vmstat("pswpout ");
}

static long long count_quota_stops(void)
{
	unsigned long long times;

	return cgroup_throttled(&times) ? UNSEEN : (long long)times;
}

static long long count_memory_stall(void)
{
	char line[128];
	const char *total;

	if (read_line("/proc/pressure/memory", line, sizeof(line)) ||
	    !(total = strstr(line, "total=")))
		return UNSEEN;
	return atoll(total + strlen("total="));
}

const struct counter_row counter_rows[COUNTERS] = {
	[COUNT_THROTTLES] = { "throttle_events", CPU "cpu*/thermal_throttle", count_throttles },
	[COUNT_SWAP_IN] = { "swap_in_pages", "/proc/vmstat", count_swap_in },
	[COUNT_SWAP_OUT] = { "swap_out_pages", "/proc/vmstat", count_swap_out },
	[COUNT_QUOTA_STOPS] = { "quota_stops", "cpu.stat of the control group", count_quota_stops },
	[COUNT_MEMORY_STALL] = { "memory_stall_share", "/proc/pressure/memory",
				 count_memory_stall },
};

void counters_read(struct counters *c)
{
	memset(c, 0, sizeof(*c));
	c->when_ns = now_ns();
	if (cpu_time_ns(&c->own_ns))
		c->own_ns = 0;
	read_stat(c);
	for (int i = 0; i < COUNTERS; i++)
		c->events[i] = counter_rows[i].read();
}
