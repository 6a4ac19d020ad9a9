// SPDX-License-Identifier: GPL-2.0-only
#include "engines.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "machine/nodes.h"
#include "text/parse.h"

#define NEAR "near"
#define ANYWHERE (-2) /* -1 is the node of an engine that doesn't know its own */

/* "ioatdma/1": what comes before the stroke, and the node after it. */
static int split(const char *label, char *base, size_t len, int *node, bool *near)
{
	const char *stroke = strchr(label, '/');
	size_t used = stroke ? (size_t)(stroke - label) : strlen(label);
	uint64_t value;

	*node = ANYWHERE;
	*near = false;
	if (used >= len || (stroke && !used))
		return -EINVAL;
	memcpy(base, label, used);
	base[used] = '\0';
	if (!stroke)
		return 0;
	*near = !strcmp(stroke + 1, NEAR);
	if (*near)
		return 0;
	if (parse_u64(stroke + 1, MAX_NODES - 1, &value))
		return -EINVAL;
	*node = (int)value;
	return 0;
}

int engine_label_check(const char *label)
{
	char base[DMABENCH_NAME_LEN];
	bool near;
	int node, ret = split(label, base, sizeof(base), &node, &near);

	if (ret)
		return ret;
	return node == ANYWHERE || node_exists(node) ? 0 : -ENODEV;
}

/* From the engine to both buffers; an engine that doesn't know its node is far from all. */
static int distance(const struct dmabench_engine_info *e, const struct engine_wish *wish)
{
	if (e->node < 0)
		return INT_MAX;
	return node_distance(e->node, wish->src_node) + node_distance(e->node, wish->dst_node);
}

static bool named(const struct dmabench_engine_info *e, const char *base)
{
	return !*base || !strcmp(base, "any") || !strcmp(e->name, base) || !strcmp(e->driver, base);
}

static bool usable(const struct dmabench_engine_info *e, int node)
{
	return !(e->flags & DMABENCH_ENGINE_POISONED) && (node == ANYWHERE || e->node == node);
}

/* The first of the label; of those as near as can be had, where that was asked. -1: none. */
static int first_of(const struct dmabench_engine_info *all, int count, const char *base, int node,
		    bool near, const struct engine_wish *wish)
{
	int best = -1;

	for (int i = 0; i < count; i++) {
		if (!named(&all[i], base) || !usable(&all[i], node))
			continue;
		if (best < 0 || (near && distance(&all[i], wish) < distance(&all[best], wish)))
			best = i;
	}
	return best;
}

static void none(int count, const char *label, char *why, size_t len)
{
	if (count)
		snprintf(why, len, "no usable engine \"%s\" among the %d listed", label, count);
	else
		snprintf(why, len, "no DMA engine that can copy memory (no dmaengine provider)");
}

int engines_pick(const struct dmabench_engine_info *all, int count, const struct engine_wish *wish,
		 struct engine_set *set, char *why, size_t len)
{
	char base[DMABENCH_NAME_LEN];
	const struct dmabench_engine_info *first;
	bool near = false;
	int node, at = -1;

	set->n = 0;
	if (!split(wish->label, base, sizeof(base), &node, &near))
		at = first_of(all, count, base, node, near, wish);
	if (at < 0) {
		none(count, wish->label, why, len);
		return -ENODEV;
	}
	first = &all[at];
	set->v[set->n++] = *first;
	for (int i = 0; i < count && set->n != wish->channels; i++) {
		if (i == at || !usable(&all[i], node) || strcmp(all[i].driver, first->driver) ||
		    (near && distance(&all[i], wish) != distance(first, wish)))
			continue;
		set->v[set->n++] = all[i];
	}
	if (set->n >= wish->channels)
		return 0;
	snprintf(why, len, "\"%s\" has %u usable channels, not %u", wish->label, set->n,
		 wish->channels);
	return -ENODEV;
}
