/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work of the caller's own while a copy is under way: a loop that needs nothing but the CPU,
 * in units of some 100 ns, so that looking for completions between two is no waste.
 */
#ifndef DMABENCH_OVERLAPPED_WORK_H
#define DMABENCH_OVERLAPPED_WORK_H

#include <stdint.h>

/* Sums over the samples' operations. */
struct overlapped_work {
	uint64_t units;
	double unit_ns;	 /* what one takes with nothing under way; 0: the path does none */
	double total_ns; /* of the samples */
};

void work_unit(void);

/* ns of one, the shortest of some trials. */
double work_unit_ns(void);

#endif
