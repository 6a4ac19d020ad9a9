/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths that are wrong or slow on purpose, to see that the harness sees it. They are
 * measured like any other path and are in no list that people choose from.
 */
#ifndef DMABENCH_CHECKS_H
#define DMABENCH_CHECKS_H

#include "paths/path.h"

/* Each breaks what a copy promises, in one way; verification must fail all of them. */
extern const struct copy_path *const faulty_paths[];
extern const size_t faulty_paths_count;

/*
 * memcpy that does the same work once more in each SLOWED_…_PERIOD-th operation: the same
 * bytes between the same buffers, which are as hot as before. It takes 100 / PERIOD
 * percent longer and nothing else is different. Both periods divide SLOWED_BATCH, so that
 * every timing of that many operations holds exactly its share.
 */
#define SLOWED_BATCH 16
#define SLOWED_LITTLE_PERIOD 16
#define SLOWED_MUCH_PERIOD 4
extern const struct copy_path path_slowed_little, path_slowed_much;

/* A checking path by its name, NULL if there is none. */
const struct copy_path *check_find(const char *name);

#endif
