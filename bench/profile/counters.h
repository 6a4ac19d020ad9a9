/* SPDX-License-Identifier: GPL-2.0-only */
/* dmabench's side of the counters that profile/region.h describes. */
#ifndef DMABENCH_COUNTERS_H
#define DMABENCH_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "region.h"

struct counters {
	int fd;
	char path[64]; /* for REGION_VARIABLE */
	struct region *region;
};

/* 0 or -errno; to be closed then. Children that dmabench starts don't inherit the descriptor. */
int counters_open(struct counters *c);
void counters_close(struct counters *c);

/* Does any process still have them mapped, other than this one? */
bool counters_in_use(const struct counters *c);

/* The blocks of a chunk, mapped for reading; NULL: it can't be. */
const struct block *counters_map(const struct counters *c, size_t chunk);
void counters_unmap(const struct block *first);

/* Make all of a chunk zero, and give its memory back. 0 or -errno. */
int counters_empty(const struct counters *c, size_t chunk);

#endif
