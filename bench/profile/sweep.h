/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program that starts process after process would fill the memory with blocks of those that are
 * gone: their counts are taken and the blocks given back while it runs.
 */
#ifndef DMABENCH_SWEEP_H
#define DMABENCH_SWEEP_H

#include "counters.h"
#include "totals.h"

/* Chunks that are full before it is worth a look. */
#define SWEEP_CHUNKS 8u

struct sweep {
	const struct counters *counters;
	struct totals *totals; /* where the counts go */
	size_t full;	       /* chunks that were full and in use when it last looked */
};

/* To be called now and then. 0 or -errno: then the counts are worth nothing any more. */
int sweep(struct sweep *s);

#endif
