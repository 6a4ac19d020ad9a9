/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel counts from its start, read at one moment. */
#ifndef DMABENCH_COUNTERS_H
#define DMABENCH_COUNTERS_H

#include <stdint.h>

#include "nodes.h"

/* Events, counted by the kernel from its start. */
enum counter {
	COUNT_THROTTLES,    /* CPU clocks lowered because of heat, summed over CPUs */
	COUNT_SWAP_IN,	    /* pages */
	COUNT_SWAP_OUT,	    /* pages */
	COUNT_QUOTA_STOPS,  /* times that a control group's CPU quota stopped it */
	COUNT_MEMORY_STALL, /* us in which some task waited for memory */
	COUNTERS
};

#define UNSEEN (-1ll)

struct counters {
	/* Now; CPU time of this process and its ended children, 0 where that can't be seen. */
	uint64_t when_ns, own_ns;
	/* Ticks of all CPUs together, and of each: busy is neither idle nor stolen. */
	uint64_t total, busy, steal;
	uint64_t cpu_total[MAX_CPUS], cpu_busy[MAX_CPUS];
	long long events[COUNTERS]; /* or UNSEEN */
};

/* Names of the events in a result, and where they would be seen. */
struct counter_row {
	const char *name, *where;
	long long (*read)(void);
};

extern const struct counter_row counter_rows[COUNTERS];

void counters_read(struct counters *c);

#endif
