/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs' caches, as the kernel tells of them. */
#ifndef DMABENCH_CACHES_H
#define DMABENCH_CACHES_H

#include <stdint.h>

/* Bytes of a CPU's last-level cache and how many CPUs share it; 0 and 1 where none is told of. */
uint64_t caches_last(int cpu, unsigned int *sharers);

/* Of all last-level caches together, each once; 0 where none is told of. */
uint64_t caches_last_of_all(void);

#endif
