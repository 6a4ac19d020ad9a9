/* SPDX-License-Identifier: GPL-2.0-only */
/* What the paths over DSA's work queues share: each is a way to cut an operation. */
#ifndef DMABENCH_DSA_PATH_H
#define DMABENCH_DSA_PATH_H

#include "paths/path.h"
#include "dsa_list.h"

#define DSA_PATH_AXES (AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET | AXIS_DSA)

/* How an operation is cut: so many copies of so many bytes, but for the last. */
struct dsa_cut {
	uint64_t bytes;
	uint32_t depth; /* in flight */
	bool lists;	/* handed over as lists */
};

typedef struct dsa_cut (*dsa_cutter)(const struct case_params *p,
				     const struct dsa_queue_info *queue);

int dsa_path_probe(const struct case_params *p, dsa_cutter cutter, char *why, size_t len);
int dsa_path_setup(struct copy_ctx *ctx, dsa_cutter cutter);
int dsa_path_submit(struct copy_ctx *ctx);
int dsa_path_wait(struct copy_ctx *ctx);
void dsa_path_teardown(struct copy_ctx *ctx);

/* The queue that the case means. 0, or -ENODEV with why[]. */
int dsa_path_find(const struct case_params *p, struct dsa_queue_info *queue, char *why, size_t len);

/*
 * How work would go to the queue: "idxd-movdir64b", "idxd-enqcmd", "idxd-write", which are
 * different figures; NULL with why[]: not at all.
 */
const char *dsa_path_provider(const struct dsa_queue_info *queue, enum dsa_submit wish, char *why,
			      size_t len);

/* The labels that a NUMA matrix takes: a queue of each node that has one. How many. */
size_t dsa_path_labels(bool each_node, char labels[][ENGINE_LABEL_LEN], size_t max);

#endif
