// SPDX-License-Identifier: GPL-2.0-only
/*
 * Areas: pages with their scatter-gather list and their DMA mapping.
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
	}
	return 0;
}

/*
 * Under map_sem. A caller can have the same memory mapped twice: registered twice, or
 * registered and copied to. Mapping and unmapping mustn't then do for the one what is the
 * other's turn, so what is owed to the caches is done by itself.
 */
static int map_list(struct area *area)
{
	struct engine *engine = area->engine;
	int err = dma_map_sgtable(engine->dev, &area->sgt, area->dir, DMA_ATTR_SKIP_CPU_SYNC);

	/* EIO is dma_map's word for "no, and I don't know why": out of space. */
	if (err)
		return err == -EIO ? -ENOMEM : err;
	dma_sync_sgtable_for_device(engine->dev, &area->sgt, area->dir);
	area->mapped = true;
	spin_lock(&engine->areas_lock);
	list_add(&area->node, &engine->areas);
	spin_unlock(&engine->areas_lock);
	return 0;
}

/*
 * Under map_sem. Only the range, where each segment is one piece of memory. Where an IOMMU has
 * joined some, only the whole list, as it was mapped, says what is what; and all of it is quicker.
 */
static void sync_range(struct area *area, u64 offset, u64 len, bool for_device)
{
	struct device *dev = area->engine->dev;
	struct sg_table *sgt = &area->sgt;
	struct cursor cursor;

	if (sgt->nents != sgt->orig_nents || len == area->len) {
		if (for_device)
			dma_sync_sgtable_for_device(dev, sgt, area->dir);
		else
			dma_sync_sgtable_for_cpu(dev, sgt, area->dir);
		return;
	}
	cursor_start(&cursor, sgt, offset);
	while (len) {
		size_t piece;

		cursor_fill(&cursor);
		piece = min_t(u64, cursor.left, len);
		if (for_device)
			dma_sync_single_for_device(dev, cursor.addr, piece, area->dir);
		else
			dma_sync_single_for_cpu(dev, cursor.addr, piece, area->dir);
		cursor_advance(&cursor, piece);
		len -= piece;
	}
}

/*
 * Under map_sem. What isn't lent is the CPU's: its owner may have written to it since, and bytes
 * that the engine has of it, in a bounce buffer, are old.
 */
static void unmap_list(struct area *area)
{
	struct engine *engine = area->engine;

	spin_lock(&engine->areas_lock);
	list_del(&area->node);
	spin_unlock(&engine->areas_lock);
	if (area->lent)
		sync_range(area, area->lent_offset, area->lent, false);
	dma_unmap_sgtable(engine->dev, &area->sgt, area->dir, DMA_ATTR_SKIP_CPU_SYNC);
	area->mapped = false;
}

/* lend: the engine may write to all of it until it is unmapped. */
int area_map(struct area *area, size_t offset, u64 len, enum dma_data_direction dir, bool lend)
{
	/* The list is cut at pages at least; descriptors are cut to max_len later. */
	size_t segment = min_t(size_t, area->engine->max_map, UINT_MAX & PAGE_MASK);
	int err;

	segment = min_t(size_t, segment, dma_get_max_seg_size(area->engine->dev));
	segment = max_t(size_t, segment & PAGE_MASK, PAGE_SIZE);
	err = sg_alloc_table_from_pages_segment(&area->sgt, area->pages, area->npages, offset, len,
						segment, GFP_KERNEL);
	if (err)
		return err;
	area->dir = dir;
	area->len = len;
	area->lent_offset = 0;
	area->lent = lend ? len : 0;
	down_read(&area->engine->map_sem);
	err = engine_usable(area->engine) ? map_list(area) : -ENODEV;
	up_read(&area->engine->map_sem);
	if (err)
		sg_free_table(&area->sgt);
	return err;
}

void area_unmap(struct area *area)
{
	if (!area->sgt.sgl)
		return;
	down_read(&area->engine->map_sem);
	if (area->mapped)
		unmap_list(area);
	up_read(&area->engine->map_sem);
	sg_free_table(&area->sgt);
}

/* Hand bytes to the engine, where that needs anything; write: it may change them. */
void area_lend(struct area *area, u64 offset, u64 len, bool write)
{
	down_read(&area->engine->map_sem);
	if (area->mapped)
		sync_range(area, offset, len, true);
	if (write) {
		area->lent_offset = offset;
		area->lent = len;
	}
	up_read(&area->engine->map_sem);
}

/* What was lent to be written, back to the CPU, as the engine left it if it has written at all. */
void area_take_back(struct area *area, bool written)
{
	down_read(&area->engine->map_sem);
	if (area->mapped && written)
		sync_range(area, area->lent_offset, area->lent, false);
	area->lent = 0;
	up_read(&area->engine->map_sem);
}

/*
 * The provider goes, and nothing is in flight. Under map_sem, for writing. The lists
 * stay: who walks along one finds addresses that the channel won't take any more.
 */
void areas_withdraw(struct engine *engine)
{
	struct area *area, *next;

	list_for_each_entry_safe(area, next, &engine->areas, node)
		unmap_list(area);
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
