/* SPDX-License-Identifier: GPL-2.0-only */
/* Paths that don't copy, measured where this machine has them. */
#ifndef NOT_COPYING_H
#define NOT_COPYING_H

#include "unit.h"

#include <string.h>

#include "machine/nodes.h"
#include "measure/measure.h"
#include "paths/path.h"
#include "lacking.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const moves[] = { "mremap", "uffd-move" };

static struct launch_result r;

/* Another node with memory, or -1. */
static inline int other_node(void)
{
	unsigned long long bytes;

	for (int node = 0; node <= node_last(); node++)
		if (node != node_here() && !node_bytes(node, &bytes) && bytes)
			return node;
	return -1;
}

/* All on this node, but what moves from one to another. */
static inline struct case_params placed(const struct copy_path *path,
					const struct case_params *asked)
{
	struct case_params p = *asked;

	p.cpu_node = p.src_node = p.dst_node = node_here();
	if (!strcmp(path->name, "migrate") && other_node() >= 0)
		p.dst_node = other_node();
	return p;
}

static inline void measure_path(const struct copy_path *path, const struct case_params *asked)
{
	struct bench_case c = { .path = path, .params = placed(path, asked) };
	struct measure_config config = {
		.samples = 2, .sample_ns = 1000000, .budget_ns = 60000000000ull, .seed = 3
	};

	measure(&c, &config, &r);
}

/* Where this machine, or whoever confines the test, doesn't have it. */
static inline bool usable(const struct copy_path *path, const struct case_params *asked)
{
	struct case_params p = placed(path, asked);

	return !lacking(path, &p);
}

#endif
