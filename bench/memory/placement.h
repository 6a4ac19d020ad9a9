/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory on a node: asked for, and looked up. Neither is taken for granted. */
#ifndef DMABENCH_PLACEMENT_H
#define DMABENCH_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/nodes.h"
#include "pages.h"

/* Where a buffer is, and in what pages. */
struct placement {
	size_t pages[MAX_NODES]; /* by node, counted in base pages */
	size_t elsewhere;	 /* pages on nodes ≥ MAX_NODES, or not there */
	bool sizes_known;
	struct pages_obtained sizes; /* from smaps */
};

/*
 * Look where the bytes are: by move_pages, or where that is refused by numa_maps, which tells
 * if all are on one node. 0; or -errno with why[], as of move_pages: it can't be seen.
 */
int placement_look(const void *at, size_t size, struct placement *where, char *why, size_t len);
/* Both together. */
void placement_add(struct placement *to, const struct placement *more);

/* Whole pages that nobody has touched are to come from this node alone. 0 or -errno of mbind. */
int placement_bind(void *at, size_t size, int node);

/*
 * After touching them: are they there, though binding them gave err? 0; or -ENODATA with why[].
 * Not asked where they could be bound (err 0): phase_placement looks at those.
 */
int placement_prove(const void *at, size_t size, int node, int err, char *why, size_t len);

/* The three together: bind, fill with zeroes, prove. */
int placement_put(void *at, size_t size, int node, char *why, size_t len);

#endif
