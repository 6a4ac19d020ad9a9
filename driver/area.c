// SPDX-License-Identifier: GPL-2.0-only
/*
 * Areas: pages that are copied from or to; how they are mapped is in map.c.
 *
 * The pages are a caller's (see pin.c) or the kernel's own, which are charged to the caller's
 * control group. Order of life: pin or alloc, map; and back: unmap, release, free. Each way
 * back may be called at any stage.
 */
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "area.h"
#include "engine.h"

void area_free(struct area *area)
{
	kvfree(area->pages);
	area->pages = NULL;
	area->room = 0;
	kvfree(area->marks);
	area->marks = NULL;
}

/* Of a block, what is needed; the rest goes back at once. Each page stands alone. */
static void take_pages(struct area *area, struct page *page, unsigned int order,
		       unsigned long npages)
{
	unsigned long i;

	split_page(page, order);
	for (i = 0; i < 1UL << order; i++) {
		if (area->npages < npages)
			area->pages[area->npages++] = page + i;
		else
			__free_page(page + i);
	}
}

/*
 * Blocks as large as can be had without effort, down to single pages: what an
 * engine is usually given. A buffer of up to 2 MiB is in one if there is one.
 */
int area_alloc(struct area *area, struct engine *engine, u64 size, int node)
{
	unsigned long npages = DIV_ROUND_UP(size, PAGE_SIZE);
	gfp_t gfp = GFP_USER_MEMORY | __GFP_ZERO;
	unsigned int order = get_order(SZ_2M);

	if (node != NUMA_NO_NODE)
		gfp |= __GFP_THISNODE;
	area->engine = engine;
	area->lasting = true;
	area->npages = 0;
	area->blocks = 0;
	area->pages = kvcalloc(npages, sizeof(*area->pages), GFP_USER_MEMORY);
	if (!area->pages)
		return -ENOMEM;
	area->room = npages;
	while (area->npages < npages) {
		struct page *page;

		order = min_t(unsigned int, order, order_base_2(npages - area->npages));
		page = alloc_pages_node(node, order ? gfp | __GFP_NORETRY : gfp, order);
		if (!page && order) {
			order--;
			continue;
		}
		if (!page || fatal_signal_pending(current)) {
			if (page)
				__free_pages(page, order);
			area_release(area, false);
			return -ENOMEM;
		}
		take_pages(area, page, order, npages);
		area->blocks++;
	}
	return 0;
}

/* Give the pages back. written: the engine was told to write to them. */
void area_release(struct area *area, bool written)
{
	unsigned long i;

	if (!area->npages)
		return;
	if (area->mm) {
		area_unpin(area, written);
	} else {
		for (i = 0; i < area->npages; i++)
			__free_page(area->pages[i]);
	}
	area->npages = 0;
}
