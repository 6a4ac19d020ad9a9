// SPDX-License-Identifier: GPL-2.0-only
#include "room.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "files.h"
#include "nodes.h"
#include "path.h"

/* Of what is available; the rest is for page tables, the harness and everybody else. */
static bool fits(unsigned long long need, unsigned long long available)
{
	return need <= available / 10 * 9;
}

/* Paths with memory of their own need as much again. */
static unsigned long long side_bytes(const struct bench_case *c)
{
	return (c->path->push ? 2ull : 1ull) * path_pairs(c->path, &c->params) * c->params.size;
}

static int check_machine(const struct bench_case *c, char *why, size_t len)
{
	unsigned long long kib, need = 2 * side_bytes(c);

	if (read_key("/proc/meminfo", "MemAvailable:", &kib) || fits(need, kib * 1024))
		return 0;
	snprintf(why, len, "needs %llu bytes of memory, %llu are available", need, kib * 1024);
	return -ENOMEM;
}

/* A bound allocation gets nothing from elsewhere, so each node must have it all. */
static int check_node(const struct bench_case *c, int node, char *why, size_t len)
{
	const struct case_params *p = &c->params;
	unsigned long long available;
	unsigned long long need = side_bytes(c) * (1 + (p->src_node == p->dst_node));

	if (node_available(node, &available) || fits(need, available))
		return 0;
	snprintf(why, len, "needs %llu bytes of memory on node %d, %llu are available there", need,
		 node, available);
	return -ENOMEM;
}

int room_check(const struct bench_case *c, char *why, size_t len)
{
	const struct case_params *p = &c->params;
	int ret = node_check_cpu(p->cpu_node, why, len);

	if (!ret)
		ret = node_check_memory(p->src_node, why, len);
	if (!ret)
		ret = node_check_memory(p->dst_node, why, len);
	/* Pages of a pool aren't in what is available; region_create says if they lack. */
	if (ret || p->pages == PAGES_2M || p->pages == PAGES_1G)
		return ret;
	ret = check_machine(c, why, len);
	/* With one node the machine's figure, which knows more, has said it. */
	if (ret || !node_last())
		return ret;
	ret = check_node(c, p->src_node, why, len);
	return ret ? ret : check_node(c, p->dst_node, why, len);
}
