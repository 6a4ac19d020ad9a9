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

/* Takes about a millisecond. */
void clock_examine(struct clock_info *info);

/* CPU time of this process and of the children it has waited for, ns. */
uint64_t cpu_time_ns(void);

void sleep_ns(uint64_t ns);

#endif
