// SPDX-License-Identifier: GPL-2.0-only
#include "numa_matrix.h"

#include <errno.h>
#include <string.h>

#include "machine/nodes.h"

static int add_nodes(struct numbers *list, int (*check)(int node, char *why, size_t len))
{
	char why[128];

	if (list->n)
		return -EEXIST;
	for (int node = 0; node <= node_last(); node++) {
		if (!node_exists(node) || check(node, why, sizeof(why)))
			continue;
		if (list->n == MAX_VALUES)
			return -E2BIG;
		list->v[list->n++] = (uint64_t)node;
	}
	return list->n ? 0 : -ENODATA;
}

int numa_matrix_axes(struct axes *axes)
{
	int ret = add_nodes(&axes->cpu_node, node_check_cpu);

	if (!ret)
		ret = add_nodes(&axes->src_node, node_check_memory);
	if (!ret)
		ret = add_nodes(&axes->dst_node, node_check_memory);
	return ret;
}

static void add_label(struct labels *list, const char *label)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], label))
			return;
	if (list->n < sizeof(list->v) / sizeof(list->v[0]))
		memcpy(list->v[list->n++], label, ENGINE_LABEL_LEN);
}

static bool on_several_nodes(const struct dmabench_engine_info *engines, int count,
			     const char *driver)
{
	const struct dmabench_engine_info *first = NULL;

	for (int i = 0; i < count; i++) {
		if (strcmp(engines[i].driver, driver))
			continue;
		if (!first)
			first = &engines[i];
		if (engines[i].node != first->node)
			return true;
	}
	return false;
}

/* Is this the first of its provider's channels on its node? */
static bool first_there(const struct dmabench_engine_info *engines, int at)
{
	for (int i = 0; i < at; i++)
		if (!strcmp(engines[i].driver, engines[at].driver) &&
		    engines[i].node == engines[at].node)
			return false;
	return true;
}

void engines_choose(const struct dmabench_engine_info *engines, int count, bool each_node,
		    struct labels *list)
{
	for (int i = 0; i < count; i++) {
		if (!each_node || !on_several_nodes(engines, count, engines[i].driver))
			add_label(list, engines[i].driver);
		else if (first_there(engines, i))
			add_label(list, engines[i].name);
	}
}
