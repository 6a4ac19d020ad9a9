/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system calls of the driver that aren't a copy, one a path, so that they are measured
 * and recorded as paths are. They move no bytes, so nothing is verified but that the call gave
 * what it must; they are for comparing one driver with another and in no list that people
 * choose paths from. --path takes them by name.
 */
#ifndef DMABENCH_CALLS_H
#define DMABENCH_CALLS_H

#include "paths/path.h"

extern const struct copy_path *const call_paths[];
extern const size_t call_paths_count;

/* NULL if there is none of that name. */
const struct copy_path *call_find(const char *name);

#endif
