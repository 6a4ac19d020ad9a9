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

static void describe(struct dmabench_engine_info *info, struct dma_chan *chan)
{
	struct device *dev = dmaengine_get_dma_device(chan);
	struct chan_limits limits;

	chan_limits(chan, &limits);
	memset(info, 0, sizeof(*info));
	if (chan->device->device_terminate_all)
		info->flags |= DMABENCH_ENGINE_TERMINATE;
	info->node = dev_to_node(chan->device->dev);
	info->align = limits.align;
	info->min_len = limits.min_len;
	info->max_len = limits.max_len;
	info->room = limits.room;
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
	describe(&entry->info, chan);
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
static bool stale(const struct dma_chan *chan)
{
	return chan->device->chancnt < list_count_nodes(&chan->device->channels);
}

static bool listing_filter(struct dma_chan *chan, void *param)
{
	if (!stale(chan))
		listing_add_free(param, chan);
	return false;
}

static int by_number(const void *a, const void *b)
{
	const struct listing_entry *x = a, *y = b;

	return x->number[0] != y->number[0] ? x->number[0] - y->number[0]
					    : x->number[1] - y->number[1];
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
			listing_add_open(list, engine);
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

/*
 * Under channels_lock, so that nobody takes the channel away before we watch it, and with it all
 * that is to be known of it.
 */
static void take_channel(struct engine *engine, struct dma_chan_dev *chan_dev)
{
	struct dma_chan *chan = engine->chan;
	struct chan_limits limits;

	engine->chan_dev = chan_dev;
	engine->provider = get_device(chan->device->dev);
	engine->dev = get_device(dmaengine_get_dma_device(chan));
	engine->number[0] = chan_dev->dev_id;
	engine->number[1] = chan->chan_id;
	engine->can_stop = chan->device->device_terminate_all;
	engine->ordered = !dma_has_cap(DMA_COMPLETION_NO_ORDER, chan->device->cap_mask);
	chan_limits(chan, &limits);
	engine->align = limits.align;
	engine->min_len = limits.min_len;
	engine->max_len = limits.max_len;
	engine->room = limits.room;
	engine->max_map = max_t(size_t, PAGE_SIZE,
				round_down(min_t(size_t, dma_max_mapping_size(engine->dev), SZ_1G),
					   PAGE_SIZE));
	engine->boundary = dma_get_seg_boundary(engine->dev);
	describe(&engine->info, chan);
	unbind_track(engine);
}

static int engine_attach(struct engine *engine, const char *name)
{
	struct wanted wanted = { .name = name };

	mutex_lock(&channels_lock);
	engine->chan = request_memcpy(wanted_filter, &wanted);
	if (engine->chan)
		take_channel(engine, wanted.chan_dev);
	mutex_unlock(&channels_lock);
	if (engine->chan)
		return 0;
	if (wanted.chan_dev)
		put_device(&wanted.chan_dev->device);
	return wanted.seen || wanted.chan_dev ? -EBUSY : -ENODEV;
}

/* Who takes a channel away waits for channels_lock: until then it is there to be released. */
static void engine_release(struct engine *engine)
{
	mutex_lock(&channels_lock);
	list_del_init(&engine->watch);
	if (!engine->detached)
		dma_release_channel(engine->chan);
	mutex_unlock(&channels_lock);
	put_device(engine->dev);
	put_device(engine->provider);
	put_device(&engine->chan_dev->device);
	kfree(engine);
}

static struct engine *engine_new(void)
{
	struct engine *engine = kzalloc(sizeof(*engine), GFP_KERNEL_ACCOUNT);

	if (!engine)
		return NULL;
	refcount_set(&engine->opens, 1);
	mutex_init(&engine->submit_lock);
	mutex_init(&engine->coherent_lock);
	init_rwsem(&engine->map_sem);
	spin_lock_init(&engine->areas_lock);
	INIT_LIST_HEAD(&engine->areas);
	INIT_LIST_HEAD(&engine->coherent);
	INIT_LIST_HEAD(&engine->requests);
	INIT_LIST_HEAD(&engine->quarantine);
	return engine;
}

static bool class_filter(struct dma_chan *chan, void *param)
{
	if (!stale(chan))
		*(typeof(&chan->dev->device.class))param = chan->dev->device.class;
	return false;
}

/* The class of all channels, by any of them; there's no other way to it. */
static int watch_class(void)
{
	typeof(((struct device *)NULL)->class) class = NULL;

	if (unbind_class_watched())
		return 0;
	request_memcpy(class_filter, &class);
	return class ? unbind_watch_class(class) : 0;
}

static struct engine *engine_request(const char *name)
{
	struct engine *engine;
	int err = watch_class();

	if (err)
		return ERR_PTR(err);
	engine = engine_new();
	if (!engine)
		return ERR_PTR(-ENOMEM);
	err = engine_attach(engine, name);
	if (err) {
		kfree(engine);
		return ERR_PTR(err);
	}
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
		if (!READ_ONCE(engine->chan_dev->chan) || strcmp(engine->info.name, name))
			continue;
		if (!engine_usable(engine))
			engine = ERR_PTR(-ENODEV);
		else
			refcount_inc(&engine->opens);
		goto out;
	}
	engine = engine_request(name);
out:
	mutex_unlock(&engines_lock);
	return engine;
}

void engine_put(struct engine *engine)
{
	if (!refcount_dec_and_mutex_lock(&engine->opens, &engines_lock))
		return;
	unbind_unwatch(engine);
	/* When it was about to be unbound it may have been poisoned, at the last moment. */
	if (!engine_poisoned(engine)) {
		list_del(&engine->node);
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
	if (xchg(&engine->poisoned, true))
		return;
	/* 0: its last user is waiting in unbind_unwatch, and looks then. */
	if (!refcount_inc_not_zero(&engine->opens))
		pr_debug("dmabench: poisoned while it is closed\n");
	__module_get(THIS_MODULE);
	dev_err(engine->dev, "dmabench: %s can't be stopped; it and its memory stay locked away\n",
		engine->info.name);
}
