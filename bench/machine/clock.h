/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_CLOCK_H
#define DMABENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC, not _RAW: on old kernels only the former is read without a system call. */
static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

struct clock_info {
	double cost_ns;	      /* one reading, median of many */
	double resolution_ns; /* smallest step seen between two readings that differ */
	char source[32];      /* the kernel's clock source, "tsc" */
};

/* Well under a millisecond with a fine clock, some steps with a coarse one. */
void clock_examine(struct clock_info *info);

/* Cost and resolution of any clock; one that never steps has a resolution of a second. */
void clock_examine_by(struct clock_info *info, uint64_t (*now)(void));

/* What the clock may be of a timed window: 2 %. */
#define CLOCK_SHARE 0.02

/*
 * How long, in ns, a timed window must be. Two readings bound it: one of them lies within (the
 * cost), and their difference is off by less than one step (the resolution).
 */
double clock_window_ns(const struct clock_info *info);

/* The share (0 … 1) of a window of ns that the clock may be: the larger of both. */
double clock_share(const struct clock_info *info, double ns);

/* CPU time of this process and of the children it has waited for, ns; -errno where it is refused. */
int cpu_time_ns(uint64_t *ns);

/* Not at all where the kernel refuses it. */
void sleep_ns(uint64_t ns);

#endif
