/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_ATTACH_H
#define DMABENCH_ATTACH_H

#include <stdbool.h>

#include "thread.h"

/* Find who copies and map the counters, once in a program. Whether they are there. */
bool attach(void);

/* The counters; NULL: they aren't there, and nothing is counted. */
struct region *attached(void);

/* A block for this thread, which it has from now on; NULL: there is none. */
struct block *block_for_thread(void);

#endif
