/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_CACHE_H
#define DMABENCH_CACHE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether programs can do that on this architecture; no case asks for it where they can't. */
bool cache_can_evict(void);

/* Push every cache line of the range out of all levels, and wait until that is done. */
void cache_evict(const void *start, size_t len);

/* Bring the range in by reading it. */
void cache_touch(const void *start, size_t len);

#endif
