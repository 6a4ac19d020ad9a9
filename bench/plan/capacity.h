/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_CAPACITY_H
#define DMABENCH_CAPACITY_H

#include <stddef.h>

#include "case.h"

/*
 * Can the CPU and the buffers of this case be had on the nodes that it names, within all limits
 * that hold? Asked before the first launch: without asking, the kernel may end some process to
 * make room, perhaps ours. 0, -ENODATA (a node lacks what is asked of it) or -ENOMEM with why[].
 */
int capacity_check(const struct bench_case *c, char *why, size_t len);

/* Would so many bytes beside those of the case fit? Or without a case (NULL). */
int capacity_beside(const struct bench_case *c, unsigned long long bytes, char *why, size_t len);

#endif
