// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines: finding, listing, opening and closing dmaengine channels.
 *
 * dmaengine has no call that lists channels. A channel request whose filter
 * refuses every channel visits all free ones; those that our own sessions hold
 * come from our own list. No request here can return EPROBE_DEFER.
 */
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "dmabench.h"

#define MAX_LISTED 256
#define FEW_LISTED 16

static DEFINE_MUTEX(engines_lock);
static LIST_HEAD(engines);

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

static void describe(struct dmabench_engine_info *info, struct dma_chan *chan, u32 flags)
{
	struct device *dev = dmaengine_get_dma_device(chan);

	memset(info, 0, sizeof(*info));
	info->flags = flags;
	if (chan->device->device_terminate_all)
		info->flags |= DMABENCH_ENGINE_TERMINATE;
	info->node = dev_to_node(chan->device->dev);
	info->align = chan_align(chan);
	info->max_len = chan_max_len(chan);
	info->dma_mask = dma_get_mask(dev);
	info->iommu = engine_iommu(dev);
	strscpy(info->name, dma_chan_name(chan), sizeof(info->name));
	strscpy(info->driver, dev_driver_string(chan->device->dev), sizeof(info->driver));
	strscpy(info->device, dev_name(chan->device->dev), sizeof(info->device));
}

/* What a listing collects: names by their numbers, so that the order is stable. */
struct listing {
	unsigned int count; /* seen; there may have been no room for the last of them */
	unsigned int room;
	struct {
		int dev;
		int chan;
		struct dmabench_engine_info info;
	} entry[];
};

static void listing_add(struct listing *list, struct dma_chan *chan, u32 flags)
{
	unsigned int at = list->count;

	if (at == MAX_LISTED)
		return;
	list->count++;
	if (at >= list->room)
		return;
	list->entry[at].dev = chan->dev->dev_id;
	list->entry[at].chan = chan->chan_id;
	describe(&list->entry[at].info, chan, flags);
}

/*
 * dmaengine takes the channels of an unbound device away one by one, in the order of its
 * list, and lets go of the list mutex in between; it still visits them as long as the
 * device itself is there, which a held channel keeps. What the names of those that are gone
 * stood in is freed. Their number is all that tells: as chan->dev may be such memory,
 * none of a device that is on its way is looked at.
 */
static bool stale(const struct dma_chan *chan)
{
	return chan->device->chancnt < list_count_nodes(&chan->device->channels);
}

static bool listing_filter(struct dma_chan *chan, void *param)
{
	if (!stale(chan))
		listing_add(param, chan, 0);
	return false;
}

static int by_number(const void *a, const void *b)
{
	const typeof(((struct listing *)NULL)->entry[0]) *x = a, *y = b;

	return x->dev != y->dev ? x->dev - y->dev : x->chan - y->chan;
}

static struct dma_chan *request_memcpy(dma_filter_fn filter, void *param)
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
			listing_add(list, engine->chan,
				    DMABENCH_ENGINE_IN_USE |
					    (engine->poisoned ? DMABENCH_ENGINE_POISONED : 0));
	}
	request_memcpy(listing_filter, list);
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

struct wanted {
	const char *name;
	struct dma_chan_dev *chan_dev; /* referenced when found */
	bool seen;
};

/*
 * Called under dmaengine's list mutex, so the channel's device is still there
 * to be referenced. A channel that is taken isn't offered, but its free sibling
 * shows that it exists.
 */
static bool wanted_filter(struct dma_chan *chan, void *param)
{
	struct wanted *wanted = param;
	struct dma_chan *sibling;

	if (stale(chan))
		return false;
	if (!strcmp(dma_chan_name(chan), wanted->name)) {
		get_device(&chan->dev->device);
		wanted->chan_dev = chan->dev;
		return true;
	}
	list_for_each_entry(sibling, &chan->device->channels, device_node) {
		if (sibling->client_count && !strcmp(dma_chan_name(sibling), wanted->name))
			wanted->seen = true;
	}
	return false;
}

static void engine_release(struct engine *engine)
{
	dma_release_channel(engine->chan);
	put_device(engine->dev);
	put_device(&engine->chan_dev->device);
	kfree(engine);
}

static struct engine *engine_request(const char *name)
{
	struct engine *engine = kzalloc(sizeof(*engine), GFP_KERNEL);
	struct wanted wanted = { .name = name };
	int err;

	if (!engine)
		return ERR_PTR(-ENOMEM);
	engine->chan = request_memcpy(wanted_filter, &wanted);
	if (!engine->chan) {
		if (wanted.chan_dev)
			put_device(&wanted.chan_dev->device);
		kfree(engine);
		return ERR_PTR(wanted.seen || wanted.chan_dev ? -EBUSY : -ENODEV);
	}
	engine->chan_dev = wanted.chan_dev;
	engine->dev = get_device(dmaengine_get_dma_device(engine->chan));
	mutex_init(&engine->submit_lock);
	mutex_init(&engine->coherent_lock);
	init_rwsem(&engine->map_sem);
	spin_lock_init(&engine->areas_lock);
	INIT_LIST_HEAD(&engine->areas);
	INIT_LIST_HEAD(&engine->coherent);
	INIT_LIST_HEAD(&engine->requests);
	INIT_LIST_HEAD(&engine->quarantine);
	engine->align = chan_align(engine->chan);
	engine->max_len = chan_max_len(engine->chan);
	engine->max_map = max_t(size_t, PAGE_SIZE,
				round_down(min_t(size_t, dma_max_mapping_size(engine->dev), SZ_1G),
					   PAGE_SIZE));
	engine->boundary = dma_get_seg_boundary(engine->dev);
	engine->opens = 1;
	err = unbind_watch(engine);
	if (err) {
		engine_release(engine);
		return ERR_PTR(err);
	}
	list_add_tail(&engine->node, &engines);
	return engine;
}

/* The first that is listed and can be used. */
static int first_name(char *name, size_t size)
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

struct engine *engine_get(const char *name)
{
	char first[DMABENCH_NAME_LEN] = "";
	struct engine *engine;

	if (!*name) {
		int err = first_name(first, sizeof(first));

		if (err)
			return ERR_PTR(err);
		name = first;
	}
	mutex_lock(&engines_lock);
	list_for_each_entry(engine, &engines, node) {
		if (!READ_ONCE(engine->chan_dev->chan) || strcmp(dma_chan_name(engine->chan), name))
			continue;
		if (!engine_usable(engine))
			engine = ERR_PTR(-ENODEV);
		else
			engine->opens++;
		goto out;
	}
	engine = engine_request(name);
out:
	mutex_unlock(&engines_lock);
	return engine;
}

void engine_put(struct engine *engine)
{
	mutex_lock(&engines_lock);
	/* A poisoned engine keeps one for ever. */
	if (--engine->opens == 0) {
		list_del(&engine->node);
		unbind_unwatch(engine);
		engine_release(engine);
	}
	mutex_unlock(&engines_lock);
}

/*
 * The engine may still write to memory, and call back into this module, at any
 * time from now on: neither the channel nor the module goes away again.
 */
void engine_poison(struct engine *engine)
{
	mutex_lock(&engines_lock);
	if (!engine->poisoned) {
		WRITE_ONCE(engine->poisoned, true);
		engine->opens++;
		__module_get(THIS_MODULE);
		dev_err(engine->dev,
			"dmabench: %s can't be stopped; it and its memory stay locked away\n",
			dma_chan_name(engine->chan));
	}
	mutex_unlock(&engines_lock);
}
