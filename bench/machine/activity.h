/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the machine did in a span of time: the difference of the kernel's counters at its
 * ends, and the extremes of what was seen at each look. Looking takes some milliseconds, nearly
 * all of them for a word between two CPUs, and is never done while something is measured.
 */
#ifndef DMABENCH_ACTIVITY_H
#define DMABENCH_ACTIVITY_H

#include <jansson.h>
#include <stdbool.h>

#include "counters.h"

struct activity {
	struct counters first, last;
	unsigned int looks;
	double load_min, load_max;  /* runnable tasks, mean of a minute; -1: can't be seen */
	long long khz_min, khz_max; /* of any CPU; or UNSEEN */
	long long swap_used_bytes;  /* the most there was; or UNSEEN */
	double core_min, core_max;  /* ns between two CPUs, see core_to_core.h; 0: can't be seen */
	char no_core[128];	    /* why */
};

void activity_begin(struct activity *s);
void activity_look(struct activity *s);

/* A span of its own in which this process sleeps. */
void activity_idle(struct activity *s, uint64_t ns);

/*
 * The figures, null for what can't be seen, with the reasons in "unseen". asleep: this
 * process did nothing meanwhile, so that each busy CPU is somebody else's. New reference.
 */
json_t *activity_to_json(const struct activity *s, bool asleep);

#endif
