/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting what the CPUs and the kernel did for us, by perf_event_open(2): all threads of
 * this process, and whatever they fork meanwhile. Opened for one stretch and closed after it,
 * since an open event is inherited at each fork, which would be in other figures.
 */
#ifndef DMABENCH_EVENTS_H
#define DMABENCH_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event {
	EVENT_CYCLES,
	EVENT_INSTRUCTIONS,
	EVENT_CACHE_REFERENCES, /* of the last level, on most CPUs */
	EVENT_CACHE_MISSES,
	EVENT_PAGE_FAULTS,
	EVENT_CONTEXT_SWITCHES,
	EVENT_CPU_MIGRATIONS,
	EVENTS
};

struct event_kind {
	const char *name;
	bool software;	/* counted by the kernel: needs no PMU */
	bool in_kernel; /* happens there: without the kernel's part it would always be 0 */
};

extern const struct event_kind event_kinds[EVENTS];

/* One event over a stretch. */
struct event_count {
	bool have;
	bool user_only;	  /* the kernel's part isn't in it */
	double count;	  /* scaled up for the time it had no counter */
	double running;	  /* share of the time it had one; 1: exact */
	char reason[112]; /* why there is none */
};

struct events;

/*
 * Where QEMU translates this machine's code: keep an event of each kind until this process
 * ends, from the first call on. With the first to be opened and the last to be closed the
 * kernel patches its own code, and a CPU whose code is being translated just then may be left
 * with the breakpoint that stood there in between, for good (seen with QEMU 7.2).
 */
void events_hold(void);

/* Open what can be, for all present threads. NULL: no memory. */
struct events *events_open(void);

/* Count from start to stop. */
void events_start(const struct events *e);
void events_stop(const struct events *e);

/* What was counted, into counts[EVENTS], and the end of it. */
void events_close(struct events *e, struct event_count *counts);

/* A case's: those of its launches, added up. */
struct event_totals {
	uint64_t launches, ops;
	struct event_count of[EVENTS];
	char reason[96]; /* without launches: why */
};

void events_add(struct event_totals *to, const struct event_totals *from);

/* The "events" object of a case with operations of size bytes. New reference. */
json_t *events_json(const struct event_totals *t, uint64_t size);

/*
 * Events take turns where there are more than counters, and count for running of enabled ns.
 * The whole is estimated in proportion. 0, or -ENODATA if it never had its turn.
 */
int events_scale(uint64_t count, uint64_t enabled, uint64_t running, double *scaled);

/*
 * Why an event can't be counted: err is of perf_event_open, paranoid the sysctl. privileged: the
 * process has CAP_PERFMON or CAP_SYS_ADMIN, to which the sysctl means nothing.
 */
#define PARANOID_UNSEEN (-2)
void events_explain(int err, bool software, int paranoid, bool privileged, char *why, size_t len);

#endif
