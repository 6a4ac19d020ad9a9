// SPDX-License-Identifier: GPL-2.0-only
#include "activity.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "core_to_core.h"
#include "files.h"

#define CPU "/sys/devices/system/cpu/"
/* A sibling that is busy for less than this share of the time hardly takes from its core. */
#define SIBLING_BUSY 0.1

static void see_load(struct activity *s)
{
	char line[64];
	double load;

	if (read_line("/proc/loadavg", line, sizeof(line)))
		return;
	load = strtod(line, NULL);
	if (s->load_max < 0 || load > s->load_max)
		s->load_max = load;
	if (s->load_min < 0 || load < s->load_min)
		s->load_min = load;
}

static void see_frequency(struct activity *s)
{
	int policies[MAX_CPUS];
	size_t n = sys_numbered(CPU "cpufreq", "policy", policies, MAX_CPUS);
	unsigned long long khz;
	char path[128];

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), CPU "cpufreq/policy%d/scaling_cur_freq", policies[i]);
		if (read_number(path, &khz))
			continue;
		if (s->khz_max == UNSEEN || (long long)khz > s->khz_max)
			s->khz_max = (long long)khz;
		if (s->khz_min == UNSEEN || (long long)khz < s->khz_min)
			s->khz_min = (long long)khz;
	}
}

static void see_swap(struct activity *s)
{
	unsigned long long total, unused;
	long long used;

	if (read_key("/proc/meminfo", "SwapTotal:", &total) ||
	    read_key("/proc/meminfo", "SwapFree:", &unused))
		return;
	used = (long long)(total - unused) * 1024;
	if (used > s->swap_used_bytes)
		s->swap_used_bytes = used;
}

static void see_cores(struct activity *s)
{
	double ns;

	if (core_to_core_ns_usable(&ns, s->no_core, sizeof(s->no_core)))
		return;
	if (ns > s->core_max)
		s->core_max = ns;
	if (!(s->core_min > 0) || ns < s->core_min)
		s->core_min = ns;
}

void activity_look(struct activity *s)
{
	counters_read(&s->last);
	see_load(s);
	see_frequency(s);
	see_swap(s);
	see_cores(s);
	s->looks++;
}

void activity_begin(struct activity *s)
{
	memset(s, 0, sizeof(*s));
	s->load_min = -1;
	s->load_max = -1;
	s->khz_min = UNSEEN;
	s->khz_max = UNSEEN;
	s->swap_used_bytes = UNSEEN;
	activity_look(s);
	/* What looking took is before the span. */
	counters_read(&s->first);
}

void activity_idle(struct activity *s, uint64_t ns)
{
	activity_begin(s);
	sleep_ns(ns);
	activity_look(s);
}

/* Set a figure, or null and why. */
static void put(json_t *to, const char *name, json_t *value, const char *why)
{
	json_object_set_new(to, name, value ? value : json_null());
	if (!value)
		json_object_set_new(json_object_get(to, "unseen"), name, json_string(why));
}

static void put_unseen(json_t *to, const char *name, const char *where)
{
	put(to, name, NULL, "");
	json_object_set_new(json_object_get(to, "unseen"), name, json_sprintf("no %s", where));
}

static void put_events(json_t *to, const struct activity *s, double seconds)
{
	for (int i = 0; i < COUNTERS; i++) {
		long long a = s->first.events[i], b = s->last.events[i];

		if (a == UNSEEN || b == UNSEEN)
			put_unseen(to, counter_rows[i].name, counter_rows[i].where);
		else if (b < a)
			put(to, counter_rows[i].name, NULL, "the kernel's counter went backwards");
		else if (i != COUNT_MEMORY_STALL)
			put(to, counter_rows[i].name, json_integer(b - a), NULL);
		else
			put(to, counter_rows[i].name,
			    seconds > 0 ? json_real((double)(b - a) / 1e6 / seconds) : NULL,
			    "no time passed");
	}
}

/*
 * Shares of all CPUs' time. The kernel counts by ticks, ours is exact, so a share is
 * uncertain by a tick or so on each CPU: short spans are coarse.
 */
static void put_shares(json_t *to, const struct activity *s)
{
	const struct counters *a = &s->first, *b = &s->last;
	double ticks_ns = 1e9 / (double)sysconf(_SC_CLK_TCK);
	double total = (double)(b->total - a->total), busy = (double)(b->busy - a->busy);
	double own = (double)(b->own_ns - a->own_ns) / ticks_ns;
	bool steal_known = b->steal >= a->steal;

	if (!b->total || b->total <= a->total || b->busy < a->busy) {
		const char *why = !b->total ? "no /proc/stat" : "its ticks don't go forwards";

		put(to, "others_share", NULL, why);
		put(to, "steal_share", NULL, why);
		return;
	}
	put(to, "others_share", b->own_ns ? json_real(busy > own ? (busy - own) / total : 0) : NULL,
	    "this process's own CPU time can't be seen");
	put(to, "steal_share",
	    steal_known ? json_real((double)(b->steal - a->steal) / total) : NULL,
	    "the kernel's counter went backwards");
}

/* A core of several threads: "0,4" or "0-1", not "0". 1 yes, 0 no, -1 can't be seen. */
static int has_sibling(int cpu)
{
	char path[128], line[256];

	snprintf(path, sizeof(path), CPU "cpu%d/topology/thread_siblings_list", cpu);
	if (read_line(path, line, sizeof(line)))
		return -1;
	return strpbrk(line, ",-") != NULL;
}

static void put_siblings(json_t *to, const struct activity *s, bool asleep)
{
	const struct counters *a = &s->first, *b = &s->last;
	int cpus[MAX_CPUS], busy = 0;
	size_t n = sys_numbered(CPU, "cpu", cpus, MAX_CPUS);
	bool any = false;

	if (!asleep) {
		put(to, "busy_siblings", NULL, "dmabench itself was busy");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		int cpu = cpus[i], sibling;
		uint64_t total, used;

		if (cpu >= MAX_CPUS || b->cpu_total[cpu] <= a->cpu_total[cpu])
			continue;
		sibling = has_sibling(cpu);
		if (sibling < 0)
			continue;
		any = true;
		total = b->cpu_total[cpu] - a->cpu_total[cpu];
		used = b->cpu_busy[cpu] - a->cpu_busy[cpu];
		busy += sibling && (double)used > SIBLING_BUSY * (double)total;
	}
	put(to, "busy_siblings", any ? json_integer(busy) : NULL,
	    "no ticks of CPUs whose siblings are known");
}

json_t *activity_to_json(const struct activity *s, bool asleep)
{
	double seconds = (double)(s->last.when_ns - s->first.when_ns) / 1e9;
	json_t *json =
		json_pack("{s:f,s:i,s:{}}", "seconds", seconds, "looks", (int)s->looks, "unseen");

	if (s->load_max < 0)
		put_unseen(json, "load_1min", "/proc/loadavg");
	else
		put(json, "load_1min",
		    json_pack("{s:f,s:f}", "min", s->load_min, "max", s->load_max), NULL);
	if (s->khz_max == UNSEEN)
		put_unseen(json, "cpu_khz", CPU "cpufreq/policy*/scaling_cur_freq");
	else
		put(json, "cpu_khz",
		    json_pack("{s:I,s:I}", "min", (json_int_t)s->khz_min, "max",
			      (json_int_t)s->khz_max),
		    NULL);
	put(json, "cpu_word_ns",
	    s->core_max > 0 ? json_pack("{s:f,s:f}", "min", s->core_min, "max", s->core_max) : NULL,
	    s->no_core);
	put_shares(json, s);
	put_siblings(json, s, asleep);
	if (s->swap_used_bytes == UNSEEN)
		put_unseen(json, "swap_used_bytes", "SwapFree in /proc/meminfo");
	else
		put(json, "swap_used_bytes", json_integer(s->swap_used_bytes), NULL);
	put_events(json, s, seconds);
	return json;
}
