// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

static int collect_chunk(struct profile *p, size_t chunk)
{
	const struct block *first = counters_map(p->counters, chunk);
	int ret = 0;

	if (!first)
		return -ENOMEM;
	for (size_t i = 0; i < CHUNK_BLOCKS && !ret; i++)
		ret = totals_add(&p->totals,
				 (const struct block *)((const char *)first + i * BLOCK_SIZE));
	counters_unmap(first);
	return ret;
}

static bool same_module(const struct module *a, const struct module *b)
{
	return a->id_len == b->id_len && !memcmp(a->id, b->id, sizeof(a->id)) &&
	       !strncmp(a->path, b->path, sizeof(a->path));
}

/* One that was being written when its process ended says nothing. */
static void find_same(const struct region *r, uint32_t same[MODULES])
{
	for (uint32_t i = 0; i < MODULES; i++) {
		same[i] = r->module[i].state == 2 ? i : 0;
		for (uint32_t j = 1; j < i && same[i] == i; j++)
			if (same[j] == j && same_module(&r->module[i], &r->module[j]))
				same[i] = j;
	}
}

int profile_collect(struct profile *p)
{
	const struct region *r = p->counters->region;
	uint32_t *same = calloc(MODULES, sizeof(*same));
	int ret = same ? 0 : -ENOMEM;

	p->in_use = counters_in_use(p->counters);
	for (size_t i = 0; i < CHUNKS && !ret; i++)
		if (r->chunks[i].taken)
			ret = collect_chunk(p, i);
	if (!ret) {
		totals_add_shared(&p->totals, &r->shared);
		find_same(r, same);
		totals_sort(&p->totals, same);
	}
	free(same);
	return ret;
}
