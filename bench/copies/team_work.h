/* SPDX-License-Identifier: GPL-2.0-only */
/* What a team of threads is given to copy. */
#ifndef DMABENCH_TEAM_WORK_H
#define DMABENCH_TEAM_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "copy_pair.h"

struct team_work {
	struct copy_pair *pairs; /* one; with a queue one for each thread; both ways two */
	size_t size;		 /* bytes of an operation */
	const int *cpus;	 /* as many as there are threads; the caller is on the first */
	unsigned int threads;	 /* the caller among them */
	unsigned int queue;	 /* operations that may be in flight, at least 1 */
	bool both_ways; /* each half of the threads, an even number, has a pair to copy between */
};

#endif
