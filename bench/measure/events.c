// SPDX-License-Identifier: GPL-2.0-only
#include "events.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/files.h"
#include "machine/platform.h"

#define PARANOID "/proc/sys/kernel/perf_event_paranoid"

const struct event_kind event_kinds[EVENTS] = {
	[EVENT_CYCLES] = { "cycles", false, false },
	[EVENT_INSTRUCTIONS] = { "instructions", false, false },
	[EVENT_CACHE_REFERENCES] = { "cache_references", false, false },
	[EVENT_CACHE_MISSES] = { "cache_misses", false, false },
	[EVENT_PAGE_FAULTS] = { "page_faults", true, false },
	[EVENT_CONTEXT_SWITCHES] = { "context_switches", true, true },
	[EVENT_CPU_MIGRATIONS] = { "cpu_migrations", true, true },
};

static const uint64_t configs[EVENTS] = {
	[EVENT_CYCLES] = PERF_COUNT_HW_CPU_CYCLES,
	[EVENT_INSTRUCTIONS] = PERF_COUNT_HW_INSTRUCTIONS,
	[EVENT_CACHE_REFERENCES] = PERF_COUNT_HW_CACHE_REFERENCES,
	[EVENT_CACHE_MISSES] = PERF_COUNT_HW_CACHE_MISSES,
	[EVENT_PAGE_FAULTS] = PERF_COUNT_SW_PAGE_FAULTS,
	[EVENT_CONTEXT_SWITCHES] = PERF_COUNT_SW_CONTEXT_SWITCHES,
	[EVENT_CPU_MIGRATIONS] = PERF_COUNT_SW_CPU_MIGRATIONS,
};

struct thread_events {
	int fd[EVENTS]; /* -1: not this one */
};

struct events {
	int err[EVENTS]; /* 0, or why not: -errno of the first thread that had none */
	bool user_only[EVENTS];
	size_t n;
	struct thread_events *threads;
};

int events_scale(uint64_t count, uint64_t enabled, uint64_t running, double *scaled)
{
	if (!running)
		return -ENODATA;
	*scaled = (double)count;
	if (running < enabled)
		*scaled *= (double)enabled / (double)running;
	return 0;
}

void events_explain(int err, bool software, int paranoid, bool privileged, char *why, size_t len)
{
	switch (-err) {
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		snprintf(why, len, "%s",
			 software ? "this kernel doesn't count it"
				  : "no PMU of this (virtual?) machine counts it");
		break;
	case EACCES:
	case EPERM:
		if (!privileged && paranoid == PARANOID_UNSEEN)
			snprintf(why, len, "perf_event_open: %s; perf_event_paranoid can't be seen",
				 strerror(-err));
		else if (!privileged && paranoid > 1)
			snprintf(why, len, "perf_event_paranoid is %d: not without CAP_PERFMON",
				 paranoid);
		else
			snprintf(why, len, "perf_event_open: %s, by whatever confines this process",
				 strerror(-err));
		break;
	case ENOSYS:
		snprintf(why, len, "%s",
			 paranoid == PARANOID_UNSEEN
				 ? "this kernel has no perf events"
				 : "perf_event_open is refused by what confines this process");
		break;
	case EMFILE:
	case ENFILE:
		snprintf(why, len, "too many threads for the limit of open files");
		break;
	case ENODATA:
		snprintf(why, len, "it never had its turn on a counter");
		break;
	default:
		snprintf(why, len, "perf_event_open: %s", strerror(-err));
	}
}

static bool is_privileged(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	uint64_t effective;

	if (syscall(SYS_capget, &header, data))
		return false;
	effective = data[0].effective | (uint64_t)data[1].effective << 32;
	return effective & (1ull << CAP_PERFMON | 1ull << CAP_SYS_ADMIN);
}

/* inherited: what the thread forks is counted too. */
static int open_one(pid_t tid, enum event event, bool user_only, bool inherited)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = event_kinds[event].software ? PERF_TYPE_SOFTWARE : PERF_TYPE_HARDWARE,
		.config = configs[event],
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
		.inherit = inherited,
		.exclude_kernel = user_only,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

void events_hold(void)
{
	static bool held;

	if (held || strcmp(platform_name(), "vm-tcg"))
		return;
	held = true;
	for (int i = 0; i < EVENTS; i++)
		open_one(0, i, false, false);
}

/* With the kernel's part if that may be seen. */
static void open_thread(struct events *e, pid_t tid)
{
	struct thread_events *t = &e->threads[e->n++];

	for (int i = 0; i < EVENTS; i++) {
		t->fd[i] = open_one(tid, i, e->user_only[i], true);
		if ((t->fd[i] == -EACCES || t->fd[i] == -EPERM) && !event_kinds[i].in_kernel &&
		    e->n == 1) {
			e->user_only[i] = true;
			t->fd[i] = open_one(tid, i, true, true);
		}
		/* One thread short is a wrong count: none at all then. */
		if (t->fd[i] < 0 && !e->err[i] && t->fd[i] != -ESRCH)
			e->err[i] = t->fd[i];
	}
}

struct events *events_open(void)
{
	struct events *e = calloc(1, sizeof(*e));
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;

	while (e && tasks && (entry = readdir(tasks))) {
		struct thread_events *grown;

		if (entry->d_name[0] == '.')
			continue;
		grown = realloc(e->threads, (e->n + 1) * sizeof(*grown));
		if (!grown)
			break;
		e->threads = grown;
		open_thread(e, atoi(entry->d_name));
	}
	if (tasks)
		closedir(tasks);
	for (int i = 0; e && !e->n && i < EVENTS; i++)
		e->err[i] = -ESRCH;
	return e;
}

static void switch_all(const struct events *e, unsigned long request)
{
	for (size_t t = 0; t < e->n; t++)
		for (int i = 0; i < EVENTS; i++)
			if (e->threads[t].fd[i] >= 0)
				ioctl(e->threads[t].fd[i], request, 0);
}

void events_start(const struct events *e)
{
	switch_all(e, PERF_EVENT_IOC_ENABLE);
}

void events_stop(const struct events *e)
{
	switch_all(e, PERF_EVENT_IOC_DISABLE);
}

/* The sum over threads of one event; their children's counts are in theirs. */
static int sum(const struct events *e, int event, uint64_t *total)
{
	for (size_t t = 0; t < e->n; t++) {
		uint64_t now[3];

		if (e->threads[t].fd[event] < 0)
			continue;
		if (read(e->threads[t].fd[event], now, sizeof(now)) != sizeof(now))
			return -EIO;
		for (int i = 0; i < 3; i++)
			total[i] += now[i];
	}
	return e->err[event];
}

void events_close(struct events *e, struct event_count *counts)
{
	char text[16];
	int paranoid = read_line(PARANOID, text, sizeof(text)) ? PARANOID_UNSEEN : atoi(text);
	bool privileged = is_privileged();

	for (int i = 0; i < EVENTS; i++) {
		uint64_t total[3] = { 0 }; /* count, time enabled, time running */
		int err = sum(e, i, total);

		counts[i] = (struct event_count){ .user_only = e->user_only[i] };
		if (!err)
			err = events_scale(total[0], total[1], total[2], &counts[i].count);
		counts[i].have = !err;
		if (!err)
			counts[i].running = (double)total[2] / (double)total[1];
		else
			events_explain(err, event_kinds[i].software, paranoid, privileged,
				       counts[i].reason, sizeof(counts[i].reason));
	}
	for (size_t t = 0; t < e->n; t++)
		for (int i = 0; i < EVENTS; i++)
			if (e->threads[t].fd[i] >= 0)
				close(e->threads[t].fd[i]);
	free(e->threads);
	free(e);
}
