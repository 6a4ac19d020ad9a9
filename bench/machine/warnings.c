// SPDX-License-Identifier: GPL-2.0-only
/* What spoils measurements, and what to do about it: tables. */
#include "warnings.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "platform.h"

#define TUNE "dmabench tune set"

enum show { SHOW_NOTHING, SHOW_VALUE, SHOW_RANGE, SHOW_PERCENT };

struct warning_row {
	const char *key; /* in conditions, or in a span of the state */
	bool (*bad)(const json_t *value, double limit);
	double limit;
	enum show show; /* of the value, behind what */
	const char *what, *why, *action;
};

static bool not_performance(const json_t *value, double limit)
{
	(void)limit;
	return json_is_string(value) && strcmp(json_string_value(value), "performance") != 0;
}

/* Settings come as the kernel's text: "on", or a number. */
static bool is_on(const json_t *value, double limit)
{
	const char *text = json_string_value(value);

	(void)limit;
	return text && (!strcmp(text, "on") || atoi(text) > 0);
}

static bool is_always(const json_t *value, double limit)
{
	(void)limit;
	return json_is_string(value) && !strcmp(json_string_value(value), "always");
}

static bool is_running(const json_t *value, double limit)
{
	(void)limit;
	return json_is_string(value) && !strcmp(json_string_value(value), "running");
}

static bool is_quota(const json_t *value, double limit)
{
	(void)limit;
	return json_is_string(value) && strcmp(json_string_value(value), "none") != 0;
}

/* Read in user space, without an exit to a hypervisor and without a slow device. */
static bool not_the_cpus_own(const json_t *value, double limit)
{
	const char *text = json_string_value(value);

	(void)limit;
	return text && strcmp(text, "tsc") != 0 && strcmp(text, "arch_sys_counter") != 0;
}

/* A number, or the greater of {min, max}. */
static bool above(const json_t *value, double limit)
{
	if (json_is_object(value))
		value = json_object_get(value, "max");
	return json_is_number(value) && json_number_value(value) > limit;
}

/* {min, max}, the one so many times the other. */
static bool wide(const json_t *value, double limit)
{
	double min = json_number_value(json_object_get(value, "min"));

	return min > 0 && json_number_value(json_object_get(value, "max")) >= limit * min;
}

static const struct warning_row condition_rows[] = {
	{ "governor", not_performance, 0, SHOW_VALUE,
	  "the CPU frequency governor isn't \"performance\" on all CPUs",
	  "copies speed up and slow down with the clock", TUNE },
	{ "turbo", is_on, 0, SHOW_NOTHING, "turbo is on",
	  "the clock depends on temperature and on what other cores do", TUNE },
	{ "smt", is_on, 0, SHOW_NOTHING, "SMT siblings are on",
	  "a busy sibling takes a large part of a core", TUNE " --smt" },
	{ "idle_latency_us", above, 20, SHOW_VALUE,
	  "CPUs enter deep idle states (longest wake-up, us)",
	  "waiting for an interrupt then takes as much longer, now and then", TUNE " --idle" },
	{ "thp", is_always, 0, SHOW_NOTHING, "transparent huge pages are on for all memory",
	  "the kernel compacts memory and joins pages of whoever runs meanwhile", TUNE },
	{ "numa_balancing", is_on, 0, SHOW_NOTHING, "automatic NUMA balancing is on",
	  "pages move and fault while they are measured", TUNE },
	{ "ksm", is_on, 0, SHOW_NOTHING, "kernel same-page merging is running",
	  "it takes CPU time and memory bandwidth", TUNE },
	{ "cpu_quota", is_quota, 0, SHOW_VALUE, "a control group limits CPU time",
	  "it stops everything in the group until its next period begins",
	  "run in a group without cpu.max" },
	{ "clocksource", not_the_cpus_own, 0, SHOW_VALUE, "the clock isn't the CPU's own counter",
	  "reading it costs more, or it steps with the host's",
	  "find out why the kernel won't use the TSC (dmesg | grep -i tsc)" },
	{ "irqbalance", is_running, 0, SHOW_NOTHING, "irqbalance is running",
	  "an engine's interrupts move to other CPUs during a run", "systemctl stop irqbalance" },
};

/* While dmabench slept, before the first launch: whatever ran was somebody else. */
static const struct warning_row idle_rows[] = {
	{ "load_1min", above, 0.5, SHOW_VALUE, "the machine is loaded (mean of a minute)",
	  "others take CPU time and bandwidth",
	  "stop what runs, or wait until the load is below 0.5" },
	{ "others_share", above, 0.05, SHOW_PERCENT, "others use the CPUs now",
	  "they take CPU time, caches and bandwidth", "stop what runs; top shows it" },
	{ "busy_siblings", above, 0, SHOW_VALUE, "CPUs that share a core with another are busy",
	  "a busy sibling takes a large part of a core", TUNE " --smt, or stop what runs" },
	{ "swap_used_bytes", above, 0, SHOW_VALUE, "memory is swapped out (bytes)",
	  "it comes back when its owner wakes up, and memory was short once",
	  "stop what uses so much memory; swapoff -a && swapon -a" },
};

static const struct warning_row run_rows[] = {
	{ "others_share", above, 0.1, SHOW_PERCENT,
	  "CPU time went to others than dmabench (interrupts and kernel threads are in this)",
	  "unless an engine's driver used it, somebody disturbed the run",
	  "stop what runs and measure again" },
	{ "cpu_word_ns", wide, 2, SHOW_RANGE,
	  "the CPUs moved (a word from the first to the last, ns)",
	  "where a hypervisor puts them under one last-level cache at one moment and under two at "
	  "the next, what is as large as these is copied at one speed or at another",
	  "give each virtual CPU a place of its own, or measure on the bare machine" },
};

/* Disturbances at any time. */
static const struct warning_row span_rows[] = {
	{ "steal_share", above, 0.02, SHOW_PERCENT,
	  "the hypervisor gave our CPUs to others (steal)",
	  "time passes in which nothing is copied",
	  "measure on the bare machine, or on one with CPUs of its own" },
	{ "throttle_events", above, 0, SHOW_VALUE, "CPUs were slowed down because of heat",
	  "the clock falls while figures are taken", "cool the machine; " TUNE " (turbo off)" },
	{ "swap_in_pages", above, 0, SHOW_VALUE, "pages were swapped in",
	  "somebody waited for a disk, and memory bandwidth was used", "free memory" },
	{ "swap_out_pages", above, 0, SHOW_VALUE, "pages were swapped out",
	  "memory is short: buffers may be next", "free memory; " TUNE " --swap" },
	{ "quota_stops", above, 0, SHOW_VALUE, "a control group's CPU quota stopped us",
	  "time passes in which nothing is copied", "run in a group without cpu.max" },
	{ "memory_stall_share", above, 0.01, SHOW_PERCENT, "tasks waited for memory",
	  "the kernel reclaims or compacts while figures are taken",
	  "free memory, or measure smaller sizes" },
};

__attribute__((format(printf, 1, 2))) static char *print(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return text;
}

static char *text_of(const json_t *value, enum show show)
{
	if (show == SHOW_RANGE)
		return print("%.3g to %.3g", json_number_value(json_object_get(value, "min")),
			     json_number_value(json_object_get(value, "max")));
	if (json_is_object(value))
		value = json_object_get(value, "max");
	if (show == SHOW_PERCENT)
		return print("%.1f %%", 100 * json_number_value(value));
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(3));
}

static void append(json_t *list, const char *id, const char *when, json_t *what, const char *why,
		   const char *action)
{
	json_array_append_new(list, json_pack("{s:s,s:s,s:o,s:s,s:s}", "id", id, "when", when,
					      "what", what, "why", why, "do", action));
}

static void apply(json_t *list, const struct warning_row *rows, size_t n, const json_t *to,
		  const char *when)
{
	for (size_t i = 0; i < n; i++) {
		const struct warning_row *row = &rows[i];
		const json_t *value = json_object_get(to, row->key);
		char *text = NULL;

		if (!value || !row->bad(value, row->limit))
			continue;
		if (row->show != SHOW_NOTHING)
			text = text_of(value, row->show);
		append(list, row->key, when,
		       text ? json_sprintf("%s: %s", row->what, text) : json_string(row->what),
		       row->why, row->action);
		free(text);
	}
}

#define APPLY(list, rows, to, when) apply(list, rows, sizeof(rows) / sizeof((rows)[0]), to, when)

static void apply_changes(json_t *list, const json_t *changed)
{
	json_t *change;
	size_t i;

	json_array_foreach(changed, i, change) {
		const char *name = json_string_value(json_object_get(change, "what"));
		char *from = text_of(json_object_get(change, "from"), SHOW_VALUE);
		char *to = text_of(json_object_get(change, "to"), SHOW_VALUE);

		append(list, name, "during",
		       json_sprintf("%s changed from %s to %s after %.0f s", name,
				    from ? from : "?", to ? to : "?",
				    json_number_value(json_object_get(change, "after_s"))),
		       "launches before and after it were measured on different machines, as it "
		       "were",
		       "leave the machine alone and measure again");
		free(from);
		free(to);
	}
}

static void apply_platform(json_t *list)
{
	const char *platform = platform_name(), *root = getenv(SYSROOT_VARIABLE);

	if (root && *root)
		append(list, "sysroot", "always",
		       json_sprintf("%s is set: settings are those of %s", SYSROOT_VARIABLE, root),
		       "what is said about this machine isn't about this machine",
		       "unset it: it is for tests");
	if (platform_emulated())
		append(list, "platform", "always", json_string("this machine is emulated"),
		       "its times mean nothing",
		       "use it to check that paths work; measure on real hardware");
	else if (!strcmp(platform, "vm-kvm"))
		append(list, "platform", "always", json_string("this is a virtual machine"),
		       "neighbours, steal time and a second level of page tables are in the "
		       "figures",
		       "measure on the bare machine if it is the machine that matters");
}

json_t *warnings_of(const json_t *conditions, const json_t *state)
{
	static const char *const spans[] = { "before", "during", "after" };
	json_t *list = json_array();

	APPLY(list, condition_rows, conditions, "always");
	for (size_t i = 0; i < 3; i++) {
		const json_t *span = json_object_get(state, spans[i]);

		if (!json_is_object(span))
			continue;
		if (i == 1)
			APPLY(list, run_rows, span, spans[i]);
		else if (i == 0)
			APPLY(list, idle_rows, span, spans[i]);
		APPLY(list, span_rows, span, spans[i]);
	}
	apply_changes(list, json_object_get(state, "changed"));
	apply_platform(list);
	return list;
}
