/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which engines a label means. A label is a channel ("dma0chan0"), a provider ("ioatdma") or
 * "any", the first provider that has one; "/1" after it keeps to engines on node 1, "/near" to
 * those nearest to source and destination.
 */
#ifndef DMABENCH_ENGINES_H
#define DMABENCH_ENGINES_H

#include <stddef.h>

#include "dmabench_uapi.h"

#define MAX_ENGINES 128

struct engine_set {
	unsigned int n;
	struct dmabench_engine_info v[MAX_ENGINES];
};

/* What a case asks for. */
struct engine_wish {
	const char *label;
	unsigned int channels; /* of one provider; 0: as many as there are */
	int src_node, dst_node;
};

/* 0, -EINVAL (no such form) or -ENODEV (no such NUMA node). */
int engine_label_check(const char *label);

/*
 * The usable engines of the wish among those listed, the named channel first. 0, or -ENODEV
 * with why[]: none, or too few. Never of two providers: one figure is of one kind of engine.
 */
int engines_pick(const struct dmabench_engine_info *all, int count, const struct engine_wish *wish,
		 struct engine_set *set, char *why, size_t len);

#endif
