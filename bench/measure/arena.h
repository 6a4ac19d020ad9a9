/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two buffers of a case, or several pairs of them, with their guards: filled, poisoned,
 * checked. What "verified" means is decided here and nowhere else.
 */
#ifndef DMABENCH_ARENA_H
#define DMABENCH_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "memory/region.h"
#include "paths/path.h"

struct arena_pair {
	struct region src, dst;
	uint64_t seed;		 /* of its patterns: no pair has another's bytes */
	const char *from, *into; /* what source and destination are called */
};

struct arena {
	struct arena_pair *of; /* ctx->npairs of them */
	const struct copy_path *path;
	struct copy_ctx *ctx;
};

/* Make all buffers as the case asks and fill source and guards. 0 or -errno with why[]. */
int arena_create(struct arena *a, const struct copy_path *path, struct copy_ctx *ctx, uint64_t seed,
		 char *why, size_t len);
void arena_destroy(struct arena *a);

/* Before a sample: every byte of each destination is wrong, the path has what it needs. */
int arena_poison(struct arena *a);

/* The destinations lie in pages that were never touched. 0 or -errno. */
int arena_renew(const struct arena *a);

/* Bring the sources into the caches. */
void arena_touch(const struct arena *a);

/*
 * After a sample: sources, destinations and all guards, each byte; where no operation was,
 * the destination must still be wrong. 0, -EBADMSG with why[] saying which byte of what differs,
 * or what the path's pull returned.
 */
int arena_verify(struct arena *a, char *why, size_t len);

#endif
