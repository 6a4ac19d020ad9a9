/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results read ahead by several threads, and handed over one by one in their order: reading is
 * nearly all of the work. A few are in memory at a time, whatever their number.
 */
#ifndef DMABENCH_FLEET_AHEAD_H
#define DMABENCH_FLEET_AHEAD_H

#include <jansson.h>
#include <stddef.h>

#define AHEAD_WHY 512

struct ahead;

/*
 * paths[n] are the caller's, and stay until ahead_stop(); NULL: nothing is read for it. NULL: no
 * memory, or no thread.
 */
struct ahead *ahead_start(const char *const *paths, size_t n);

/* The next one's, as input_read() gives it: new reference, or NULL with why[AHEAD_WHY]. Once a path. */
json_t *ahead_next(struct ahead *a, char *why);

/* Ends the threads; what wasn't asked for is dropped. */
void ahead_stop(struct ahead *a);

#endif
