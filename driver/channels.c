// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channels: which there are that can copy memory, and what is to be said of them.
 *
 * dmaengine has no call that lists channels. A channel request whose filter
 * refuses every channel visits all free ones; those that our own sessions hold
 * come from our own list. No request here can return EPROBE_DEFER.
 */
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "compat.h"
#include "engine.h"

/* The open ones, and which engines there are at all. */
DEFINE_MUTEX(engines_lock);
LIST_HEAD(engines);

#define MAX_LISTED 256
#define FEW_LISTED 16

u32 engine_iommu(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!domain)
		return DMABENCH_IOMMU_NONE;
	switch (domain->type) {
	case IOMMU_DOMAIN_IDENTITY:
		return DMABENCH_IOMMU_IDENTITY;
	case IOMMU_DOMAIN_DMA:
		return DMABENCH_IOMMU_STRICT;
	case IOMMU_DOMAIN_DMA_FQ:
		return DMABENCH_IOMMU_LAZY;
	default:
		return DMABENCH_IOMMU_OTHER;
	}
}

void channel_describe(struct dmabench_engine_info *info, struct dma_chan *chan)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	struct chan_limits limits;

	chan_limits(chan, &limits);
	memset(info, 0, sizeof(*info));
	info->flags = limits.flags;
	info->node = dev_to_node(chan->device->dev);
	info->align = limits.align;
	info->min_len = limits.min_len;
	info->max_len = limits.max_len;
	info->room = limits.room;
	info->align_by = limits.align_by;
	info->min_len_by = limits.min_len_by;
	info->max_len_by = limits.max_len_by;
	info->room_by = limits.room_by;
	info->dma_mask = dma_get_mask(dev);
	info->iommu = engine_iommu(dev);
	strscpy(info->name, dma_chan_name(chan), sizeof(info->name));
	strscpy(info->driver, dev_driver_string(chan->device->dev), sizeof(info->driver));
	strscpy(info->device, dev_name(chan->device->dev), sizeof(info->device));
}

/* What a listing collects: names by their numbers, so that the order is stable. */
struct listing_entry {
	int number[2]; /* of the device and of the channel */
	struct dmabench_engine_info info;
};

struct listing {
	unsigned int count; /* seen; there may have been no room for the last of them */
	unsigned int room;
	struct listing_entry entry[];
};

/* Room for one more, or none. */
static struct listing_entry *listing_next(struct listing *list)
{
	unsigned int at = list->count;

	if (at == MAX_LISTED)
		return NULL;
	list->count++;
	return at < list->room ? &list->entry[at] : NULL;
}

static void listing_add_free(struct listing *list, struct dma_chan *chan)
{
	struct listing_entry *entry = listing_next(list);

	if (!entry)
		return;
	entry->number[0] = chan->dev->dev_id;
	entry->number[1] = chan->chan_id;
	channel_describe(&entry->info, chan);
}

/* Of ours, the channel isn't looked at: it may go at any moment. */
static void listing_add_open(struct listing *list, const struct engine *engine)
{
	struct listing_entry *entry = listing_next(list);

	if (!entry)
		return;
	memcpy(entry->number, engine->number, sizeof(entry->number));
	entry->info = engine->info;
	entry->info.flags |= DMABENCH_ENGINE_IN_USE;
	if (engine_poisoned(engine))
		entry->info.flags |= DMABENCH_ENGINE_POISONED;
}

/*
 * dmaengine takes the channels of an unbound device away one by one, in the order of its
 * list, and lets go of the list mutex in between; it still visits them as long as the
 * device itself is there, which a held channel keeps. What the names of those that are gone
 * stood in is freed. Their number is all that tells: as chan->dev may be such memory,
 * none of a device that is on its way is looked at.
 */
bool channel_stale(const struct dma_chan *chan)
{
	return chan->device->chancnt < list_count_nodes(&chan->device->channels);
}

static bool listing_filter(struct dma_chan *chan, void *param)
{
	if (!channel_stale(chan))
		listing_add_free(param, chan);
	return false;
}

static int by_number(const void *a, const void *b)
{
	const struct listing_entry *x = a, *y = b;

	return x->number[0] != y->number[0] ? x->number[0] - y->number[0]
					    : x->number[1] - y->number[1];
}

struct dma_chan *channel_request(dma_filter_fn filter, void *param)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	return dma_request_channel(mask, filter, param);
}

static struct listing *listing_collect(unsigned int room)
{
	struct listing *list = kvzalloc(struct_size(list, entry, room), GFP_KERNEL);
	struct engine *engine;

	if (!list)
		return NULL;
	list->room = room;
	mutex_lock(&engines_lock);
	list_for_each_entry(engine, &engines, node) {
		if (READ_ONCE(engine->chan_dev->chan) && !READ_ONCE(engine->gone))
			listing_add_open(list, engine);
	}
	channel_request(listing_filter, list);
	mutex_unlock(&engines_lock);
	return list;
}

/* Most machines have a few engines; where there are more, or one came just now, once more. */
static struct listing *listing_new(void)
{
	struct listing *list;
	unsigned int count;

	for (list = listing_collect(FEW_LISTED); list && list->count > list->room;
	     list = listing_collect(count)) {
		count = list->count;
		kvfree(list);
	}
	if (list)
		sort(list->entry, list->count, sizeof(list->entry[0]), by_number, NULL);
	return list;
}

int engine_count(u32 *count)
{
	struct listing *list = listing_new();

	if (!list)
		return -ENOMEM;
	*count = list->count;
	kvfree(list);
	return 0;
}

int engine_list(struct dmabench_engine_info *info)
{
	struct listing *list = listing_new();
	u32 index = info->index;
	int err = -ENOENT;

	if (!list)
		return -ENOMEM;
	if (index < list->count) {
		*info = list->entry[index].info;
		info->index = index;
		err = 0;
	}
	kvfree(list);
	return err;
}

/* The first that is listed and can be used. */
int engine_first_name(char *name, size_t size)
{
	struct listing *list = listing_new();
	unsigned int i;

	if (!list)
		return -ENOMEM;
	for (i = 0; i < list->count; i++) {
		if (!(list->entry[i].info.flags & DMABENCH_ENGINE_POISONED))
			break;
	}
	if (i < list->count)
		strscpy(name, list->entry[i].info.name, size);
	kvfree(list);
	return *name ? 0 : -ENODEV;
}
