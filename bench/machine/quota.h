/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_QUOTA_H
#define DMABENCH_QUOTA_H

#include <stdbool.h>

/*
 * Threads that can run on a node's CPUs all at the same time: as many as it has usable ones, and
 * no more than the CPU quota of the control groups allows; one at least where there is a CPU.
 */
unsigned int quota_threads(int node);

/* Is there a quota that so many threads on CPUs of their own would use up? */
bool quota_lacks(unsigned int threads);

/* The quota in CPUs if that is less than so many, else 0. */
double quota_below(unsigned int cpus);

#endif
