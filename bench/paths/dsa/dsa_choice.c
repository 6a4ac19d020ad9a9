// SPDX-License-Identifier: GPL-2.0-only
/* Which queue a label means: by the rules that engines' labels have. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "paths/engines.h"
#include "dsa_path.h"
#include "dsa_place.h"
#include "dsa_queue.h"

/* Those that can be used, as engines of one provider. How many. */
static int as_engines(const struct dsa_queue_info *list, int count,
		      struct dmabench_engine_info *engines)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		struct dmabench_engine_info *e = &engines[n];

		if (list[i].why[0])
			continue;
		memset(e, 0, sizeof(*e));
		e->node = list[i].node;
		memcpy(e->name, list[i].name, sizeof(e->name));
		memcpy(e->driver, list[i].device, sizeof(e->driver));
		n++;
	}
	return n;
}

static void no_such(const struct dsa_queue_info *list, int count, const char *label, char *why,
		    size_t len)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(list[i].name, label)) {
			snprintf(why, len, "%s: %s", label, list[i].why);
			return;
		}
	snprintf(why, len, "no usable DSA queue \"%s\" among the %d there are", label, count);
}

int dsa_path_find(const struct case_params *p, struct dsa_queue_info *queue, char *why, size_t len)
{
	struct dsa_queue_info list[MAX_DSA_QUEUES];
	struct dmabench_engine_info engines[MAX_DSA_QUEUES];
	const char *label = *p->dsa_queue ? p->dsa_queue : "any";
	struct engine_wish wish = { label, 1, p->src_node, p->dst_node };
	struct engine_set set;
	int count = dsa_list(list, MAX_DSA_QUEUES);
	int usable = as_engines(list, count, engines);

	if (!usable && !strcmp(label, "any")) {
		dsa_none(list, count, why, len);
		return -ENODEV;
	}
	if (engines_pick(engines, usable, &wish, &set, why, len)) {
		if (count > 0)
			no_such(list, count, label, why, len);
		else
			dsa_none(list, count, why, len);
		return -ENODEV;
	}
	for (int i = 0; i < count; i++)
		if (!strcmp(list[i].name, set.v[0].name))
			*queue = list[i];
	return 0;
}

const char *dsa_path_provider(const struct dsa_queue_info *queue, enum dsa_submit wish, char *why,
			      size_t len)
{
	static const char *const providers[] = { [DSA_BY_MOVDIR64B] = "idxd-movdir64b",
						 [DSA_BY_ENQCMD] = "idxd-enqcmd",
						 [DSA_BY_WRITE] = "idxd-write" };
	struct dsa_queue q;

	if (dsa_queue_open(&q, queue, wish, why, len))
		return NULL;
	dsa_queue_close(&q);
	return providers[q.way];
}

/* The first usable queue of each node. */
static size_t one_a_node(const struct dsa_queue_info *list, int count,
			 char labels[][ENGINE_LABEL_LEN], size_t max)
{
	size_t n = 0;

	for (int i = 0; i < count && n < max; i++) {
		bool first = !list[i].why[0];

		for (int k = 0; k < i; k++)
			first = first && (list[k].why[0] || list[k].node != list[i].node);
		if (first)
			memcpy(labels[n++], list[i].name, ENGINE_LABEL_LEN);
	}
	return n;
}

size_t dsa_path_labels(bool each_node, char labels[][ENGINE_LABEL_LEN], size_t max)
{
	struct dsa_queue_info list[MAX_DSA_QUEUES];
	int count = each_node ? dsa_list(list, MAX_DSA_QUEUES) : 0;
	size_t n = count > 0 ? one_a_node(list, count, labels, max) : 0;

	/* A single one needs no name. */
	if (n < 2) {
		n = 1;
		strcpy(labels[0], "any");
	}
	return n;
}
