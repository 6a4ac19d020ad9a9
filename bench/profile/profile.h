/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that a profile is, "dmabench-profile/1"; docs/profile.md. */
#ifndef DMABENCH_PROFILE_H
#define DMABENCH_PROFILE_H

#include <jansson.h>
#include <time.h>

#include "cost.h"
#include "counters.h"
#include "program.h"
#include "spawn.h"
#include "totals.h"

#define PROFILE_SCHEMA "dmabench-profile/1"

struct profile {
	const struct program *program;
	char **argv;
	const struct spawned *spawned;
	const struct cost *cost;
	time_t start;
	const struct counters *counters;
	struct totals totals;
	bool in_use; /* by processes that are still there */
};

/* All that was counted, into totals. 0 or -errno. */
int profile_collect(struct profile *p);

/* New reference. */
json_t *profile_json(const struct profile *p);

/* What a profile can't have in it, for people and for the file. */
extern const char *const profile_unseen[];

/* A profile that is whole and adds up; new reference, or NULL with why[]. */
json_t *profile_read(const char *path, char *why, size_t len);

#endif
