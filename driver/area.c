// SPDX-License-Identifier: GPL-2.0-only
/*
 * Areas: pages that are copied from or to; how they are mapped is in map.c.
 *
 * The pages are a caller's, charged to its user's RLIMIT_MEMLOCK before they are
 * pinned, or the kernel's own. Order of life: reserve, pin or alloc, map;
 * and back: unmap, release, free. Each way back may be called at any stage.
 */
#include <linux/backing-dev.h>
#include <linux/cred.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/sched/user.h>
#include <linux/slab.h>

#include "dmabench.h"

/* The page array is kept from chunk to chunk. */
int area_reserve(struct area *area, struct engine *engine, unsigned long npages)
{
	area->engine = engine;
	if (npages <= area->room)
		return 0;
	/* Before anything is charged: whoever asks for more than there is gets it refused. */
	if (npages > totalram_pages())
		return -ENOMEM;
	kvfree(area->pages);
	area->room = 0;
	area->pages = kvcalloc(npages, sizeof(*area->pages), GFP_KERNEL | __GFP_NOWARN);
	if (!area->pages)
		return -ENOMEM;
	area->room = npages;
	return 0;
}

void area_free(struct area *area)
{
	kvfree(area->pages);
	area->pages = NULL;
	area->room = 0;
}

/*
 * All that a user pins, here and elsewhere in the kernel, is one sum under one limit. Who
 * may lock without limit isn't charged, so it takes nothing from the user's others.
 */
static int charge(struct area *area, unsigned long npages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_user();

	if (!capable(CAP_IPC_LOCK)) {
		long sum = atomic_long_read(&user->locked_vm);

		do {
			if (npages > limit || sum > limit - npages)
				return -ENOMEM;
		} while (!atomic_long_try_cmpxchg(&user->locked_vm, &sum, sum + npages));
		area->user = get_uid(user);
	}
	/* For VmPin in /proc/PID/status. */
	atomic64_add(npages, &current->mm->pinned_vm);
	mmgrab(current->mm);
	area->mm = current->mm;
	return 0;
}

/* From the same owner, whoever makes us do it. */
static void uncharge(struct area *area, unsigned long npages)
{
	atomic64_sub(npages, &area->mm->pinned_vm);
	mmdrop(area->mm);
	area->mm = NULL;
	if (area->user) {
		atomic_long_sub(npages, &area->user->locked_vm);
		free_uid(area->user);
	}
	area->user = NULL;
}

static int pin_all(struct area *area, unsigned long addr, unsigned long npages, unsigned int flags)
{
	while (area->npages < npages) {
		int got = pin_user_pages_fast(addr + area->npages * PAGE_SIZE,
					      npages - area->npages, flags,
					      area->pages + area->npages);

		/* EOVERFLOW: its last page wraps, which no memory of a caller does. */
		if (got <= 0)
			return got == -EOVERFLOW ? -EFAULT : got ?: -EFAULT;
		area->npages += got;
	}
	return 0;
}

/*
 * Pages of a file that is written back mustn't stay pinned for an engine to write: its
 * file system wouldn't learn of it. Newer kernels refuse to pin such pages and say
 * EFAULT; older ones don't, so that answer is given here.
 */
static bool any_written_back(const struct area *area)
{
	bool found = false;
	unsigned long i;

	/* The file may be truncated and let go of meanwhile; its inode is freed by RCU. */
	rcu_read_lock();
	for (i = 0; i < area->npages && !found; i++) {
		struct folio *folio = page_folio(area->pages[i]);
		struct address_space *mapping = NULL;

		if (!folio_test_anon(folio))
			mapping = folio_mapping(folio);
		found = mapping && mapping_can_writeback(mapping);
	}
	rcu_read_unlock();
	return found;
}

int area_pin(struct area *area, u64 addr, u64 len, bool write, bool longterm)
{
	unsigned long npages = DIV_ROUND_UP(offset_in_page(addr) + len, PAGE_SIZE);
	unsigned int flags = (write ? FOLL_WRITE : 0) | (longterm ? FOLL_LONGTERM : 0);
	int err;

	if (npages > area->room)
		return -EINVAL;
	err = charge(area, npages);
	if (err)
		return err;
	area->npages = 0;
	area->write = write;
	err = pin_all(area, addr & PAGE_MASK, npages, flags);
	if (!err && write && longterm && any_written_back(area))
		err = -EFAULT;
	if (err) {
		unpin_user_pages(area->pages, area->npages);
		uncharge(area, npages);
		area->npages = 0;
	}
	return err;
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
int area_alloc(struct area *area, u64 size, int node)
{
	unsigned long npages = DIV_ROUND_UP(size, PAGE_SIZE);
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN;
	unsigned int order = get_order(SZ_2M);

	if (node != NUMA_NO_NODE)
		gfp |= __GFP_THISNODE;
	area->npages = 0;
	area->blocks = 0;
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
		unpin_user_pages_dirty_lock(area->pages, area->npages, area->write && written);
		uncharge(area, area->npages);
	} else {
		for (i = 0; i < area->npages; i++)
			__free_page(area->pages[i]);
	}
	area->npages = 0;
}
