/* SPDX-License-Identifier: GPL-2.0-only */
/* From lists of parameters to cases, and the order in which launches run. */
#ifndef DMABENCH_PLAN_H
#define DMABENCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "paths/path.h"
#include "case.h"

#define MAX_VALUES 64

struct numbers {
	uint64_t v[MAX_VALUES];
	size_t n;
};

struct labels {
	char v[MAX_VALUES][ENGINE_LABEL_LEN];
	size_t n;
};

/* The axes of a group of cases: every combination of those that matter to each path. */
struct axes {
	const struct copy_path *paths[64];
	size_t npaths;
	struct numbers size, cpu_node, src_node, dst_node, pages, cache, offset, threads, share;
	struct numbers channels, batch, queue;
	struct numbers vector, prefetch, chunk, depth, wait;
	struct numbers dsa_submit, dsa_wait, dsa_fault, cc;
	struct numbers use, touch, direction, load;
	struct labels engine[ENGINE_FAMILIES]; /* by whose they are */
	struct labels dsa_queue;
	bool all_engines; /* every channel that is listed, each a case */
	bool numa_matrix; /* every node against every other; see numa_matrix.h */
};

struct plan {
	struct bench_case *cases;
	size_t n;
	uint64_t *hashes; /* of the cases' ids */
};

/* Where an empty list gets its one value: sizes 4K … 16M, the node we are on, 4K pages, hot … */
void axes_defaults(struct axes *axes);

/*
 * Add every case of the group. 0, -ENOMEM, or -EEXIST with the id in twice[] when a
 * case is already in the plan. Axes that don't matter to a path don't multiply it. A
 * NUMA matrix takes in what earlier groups have planned of it, instead of -EEXIST.
 */
int plan_add(struct plan *plan, const struct axes *axes, char *twice, size_t len);
/*
 * Keep the cases of these ids, "memcpy:size=4096,…" with or without "@env"; with no ids all.
 * NULL, or the first id that isn't planned: then nothing is changed.
 */
const char *plan_keep(struct plan *plan, const char *const *ids, size_t n, const char *env);

void plan_free(struct plan *plan);

#endif
