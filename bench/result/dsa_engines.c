// SPDX-License-Identifier: GPL-2.0-only
#include "dsa_engines.h"

#include "paths/dsa/dsa_path.h"
#include "paths/dsa/dsa_place.h"

json_t *dsa_engine_of(const struct case_params *p)
{
	struct dsa_queue_info q;
	const char *provider;
	char why[160];

	if (dsa_path_find(p, &q, why, sizeof(why)))
		return NULL;
	provider = dsa_path_provider(&q, p->dsa_submit, why, sizeof(why));
	if (!provider)
		return NULL;
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:s}", "name", q.name, "driver", provider, "device",
			 q.device, "kind", dsa_kind(), "node", q.node, "iommu", "sva");
}

static json_t *engine_json(const struct dsa_queue_info *q)
{
	const char *provider = NULL;
	char why[160];

	snprintf(why, sizeof(why), "%s", q->why);
	if (!*why)
		provider = dsa_path_provider(q, DSA_SUBMIT_ANY, why, sizeof(why));
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:n,s:I,s:i,s:I,s:b,s:s?,s:s,s:I,s:I,s:b}",
			 "name", q->name, "driver", provider ? provider : "idxd", "device",
			 q->device, "kind", dsa_kind(), "node", q->node, "iommu", "sva",
			 "iommu_group", "max_len", (json_int_t)q->max_transfer, "align", 1,
			 "dma_bits", (json_int_t)64, "usable", provider != NULL, "reason",
			 provider ? NULL : why, "mode", q->shared ? "shared" : "dedicated", "room",
			 (json_int_t)q->size, "max_batch",
			 (json_int_t)(q->batches ? q->max_batch : 0), "block_on_fault",
			 q->block_on_fault);
}

void dsa_engines_add(json_t *list)
{
	struct dsa_queue_info queues[MAX_DSA_QUEUES];
	int count = dsa_list(queues, MAX_DSA_QUEUES);

	for (int i = 0; i < count; i++)
		if (queues[i].user)
			json_array_append_new(list, engine_json(&queues[i]));
}
