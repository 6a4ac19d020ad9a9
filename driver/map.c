// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings: areas as an engine sees them, by a scatter-gather list of bus addresses.
 *
 * A list of one segment is mapped as dma_map_page does it: what the DMA API says of the longest
 * segment is about lists only, and a sync then needs no walk.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "area.h"
#include "engine.h"

#define SEGMENTS_PER_MARK 64

static bool single(const struct area *area)
{
	return area->sgt.orig_nents == 1;
}

static int map_single(struct area *area)
{
	struct device *dev = area->engine->dev;
	struct scatterlist *sg = area->sgt.sgl;
	dma_addr_t addr = dma_map_page_attrs(dev, sg_page(sg), sg->offset, sg->length, area->dir,
					     DMA_ATTR_SKIP_CPU_SYNC);

	if (dma_mapping_error(dev, addr))
		return -ENOMEM;
	sg_dma_address(sg) = addr;
	sg_dma_len(sg) = sg->length;
	return 0;
}

static int map_list(struct area *area)
{
	int err = dma_map_sgtable(area->engine->dev, &area->sgt, area->dir, DMA_ATTR_SKIP_CPU_SYNC);

	/* EIO is dma_map's word for "no, and I don't know why": out of space. */
	return err == -EIO ? -ENOMEM : err;
}

static void sync_piece(const struct area *area, dma_addr_t addr, size_t len, bool for_device)
{
	struct device *dev = area->engine->dev;

	if (for_device)
		dma_sync_single_for_device(dev, addr, len, area->dir);
	else
		dma_sync_single_for_cpu(dev, addr, len, area->dir);
}

static void sync_all(struct area *area, bool for_device)
{
	if (for_device)
		dma_sync_sgtable_for_device(area->engine->dev, &area->sgt, area->dir);
	else
		dma_sync_sgtable_for_cpu(area->engine->dev, &area->sgt, area->dir);
}

/*
 * Under map_sem. Only the range, where each segment is one piece of memory. Where an IOMMU has
 * joined some, only the whole list, as it was mapped, says what is what; and all of it is quicker.
 */
void area_sync(struct area *area, u64 offset, u64 len, bool for_device)
{
	struct sg_table *sgt = &area->sgt;
	struct cursor cursor;

	if (single(area)) {
		sync_piece(area, sg_dma_address(sgt->sgl) + offset, len, for_device);
		return;
	}
	if (sgt->nents != sgt->orig_nents || len == area->len) {
		sync_all(area, for_device);
		return;
	}
	cursor_start(&cursor, area, offset);
	while (len) {
		size_t piece;

		cursor_fill(&cursor);
		piece = min_t(u64, cursor.left, len);
		sync_piece(area, cursor.addr, piece, for_device);
		cursor_advance(&cursor, piece);
		len -= piece;
	}
}

/*
 * Under map_sem. A caller can have the same memory mapped twice: registered twice, or
 * registered and copied to. Mapping and unmapping mustn't then do for the one what is the
 * other's turn, so what is owed to the caches is done by itself.
 */
static int map_pages(struct area *area)
{
	struct engine *engine = area->engine;
	int err = single(area) ? map_single(area) : map_list(area);

	if (err)
		return err;
	area_sync(area, 0, area->len, true);
	area->mapped = true;
	spin_lock(&engine->areas_lock);
	list_add(&area->node, &engine->areas);
	spin_unlock(&engine->areas_lock);
	return 0;
}

/*
 * Under map_sem. What isn't lent is the CPU's: its owner may have written to it since, and bytes
 * that the engine has of it, in a bounce buffer, are old.
 */
static void unmap_pages(struct area *area)
{
	struct engine *engine = area->engine;
	struct scatterlist *sg = area->sgt.sgl;

	spin_lock(&engine->areas_lock);
	list_del(&area->node);
	spin_unlock(&engine->areas_lock);
	if (area->lent)
		area_sync(area, area->lent_offset, area->lent, false);
	if (single(area))
		dma_unmap_page_attrs(engine->dev, sg_dma_address(sg), sg_dma_len(sg), area->dir,
				     DMA_ATTR_SKIP_CPU_SYNC);
	else
		dma_unmap_sgtable(engine->dev, &area->sgt, area->dir, DMA_ATTR_SKIP_CPU_SYNC);
	area->mapped = false;
}

/*
 * Our own memory in one block is one segment, if it may be mapped in one piece. A list is cut at
 * pages at least. Descriptors are cut to max_len later.
 */
static size_t longest_segment(const struct area *area)
{
	size_t segment = min_t(size_t, area->engine->max_map, UINT_MAX & PAGE_MASK);

	if (!area->mm && area->blocks == 1 && area->npages <= segment >> PAGE_SHIFT)
		return segment;
	segment = min_t(size_t, segment, dma_get_max_seg_size(area->engine->dev));
	return max_t(size_t, segment & PAGE_MASK, PAGE_SIZE);
}

/* lend: the engine may write to all of it until it is unmapped. */
int area_map(struct area *area, size_t offset, u64 len, enum dma_data_direction dir, bool lend)
{
	int err = sg_alloc_table_from_pages_segment(&area->sgt, area->pages, area->npages, offset,
						    len, longest_segment(area),
						    area_gfp(area, area->npages));

	if (err)
		return err;
	area->dir = dir;
	area->len = len;
	area->lent_offset = 0;
	area->lent = lend ? len : 0;
	map_lock(area->engine);
	err = engine_usable(area->engine) ? map_pages(area) : -ENODEV;
	map_unlock(area->engine);
	if (err)
		sg_free_table(&area->sgt);
	return err;
}

/*
 * Marks in the list of what is mapped for more than one copy, so that the way to any place in it
 * is short. One at each so many segments, and at the first.
 */
int area_mark(struct area *area)
{
	unsigned int count = DIV_ROUND_UP(area->sgt.nents, SEGMENTS_PER_MARK);
	struct scatterlist *sg;
	u64 offset = 0;
	int i;

	if (count <= 1)
		return 0;
	area->marks = kvmalloc_array(count, sizeof(*area->marks), GFP_USER_MEMORY);
	if (!area->marks)
		return -ENOMEM;
	for_each_sgtable_dma_sg(&area->sgt, sg, i) {
		if (i % SEGMENTS_PER_MARK == 0)
			area->marks[area->nmarks++] = (struct mark){ sg, offset };
		offset += sg_dma_len(sg);
	}
	return 0;
}

/* To where offset bytes of the mapped ones are before it. */
void cursor_start(struct cursor *cursor, const struct area *area, u64 offset)
{
	struct scatterlist *sg = area->sgt.sgl;
	unsigned int low = 0, high = area->nmarks;

	/* The last mark that isn't behind it. */
	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (area->marks[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	if (area->nmarks) {
		sg = area->marks[low].sg;
		offset -= area->marks[low].offset;
	}
	while (offset >= sg_dma_len(sg)) {
		offset -= sg_dma_len(sg);
		sg = sg_next(sg);
	}
	cursor->sg = sg;
	cursor->addr = sg_dma_address(sg) + offset;
	cursor->left = sg_dma_len(sg) - offset;
}

void area_unmap(struct area *area)
{
	if (!area->sgt.sgl)
		return;
	map_lock(area->engine);
	if (area->mapped)
		unmap_pages(area);
	map_unlock(area->engine);
	sg_free_table(&area->sgt);
}

/* Under map_sem. Hand bytes to the engine; write: it may change them. */
void area_lend(struct area *area, u64 offset, u64 len, bool write)
{
	if (area->mapped)
		area_sync(area, offset, len, true);
	if (write) {
		area->lent_offset = offset;
		area->lent = len;
	}
}

/*
 * Under map_sem. What was lent to be written, back to the CPU, as the engine left it if it has
 * written at all.
 */
void area_take_back(struct area *area, bool written)
{
	if (area->mapped && written)
		area_sync(area, area->lent_offset, area->lent, false);
	area->lent = 0;
}

/*
 * The provider goes, and nothing is in flight. Under map_sem, for writing. The lists
 * stay: who walks along one finds addresses that the channel won't take any more.
 */
void areas_withdraw(struct engine *engine)
{
	struct area *area, *next;

	list_for_each_entry_safe(area, next, &engine->areas, node)
		unmap_pages(area);
}
