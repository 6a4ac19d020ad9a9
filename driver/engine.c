// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines: opening and closing dmaengine channels; channels.c finds them.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "engine.h"

struct wanted {
	const char *name;
	struct dma_chan_dev *chan_dev; /* referenced when found */
	bool look;		       /* only: none is taken */
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

	if (channel_stale(chan))
		return false;
	if (!wanted->look && !strcmp(dma_chan_name(chan), wanted->name)) {
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
	engine->ordered = !dma_has_cap(DMA_COMPLETION_NO_ORDER, chan->device->cap_mask);
	chan_limits(chan, &limits);
	engine->can_stop = limits.flags & DMABENCH_ENGINE_TERMINATE;
	engine->align = limits.align;
	engine->min_len = limits.min_len;
	engine->max_len = limits.max_len;
	engine->room = limits.room;
	engine->no_result = limits.no_result;
	engine->limited = limits.min_len > 1 || limits.room;
	engine->max_map = max_t(size_t, PAGE_SIZE,
				round_down(min_t(size_t, dma_max_mapping_size(engine->dev), SZ_1G),
					   PAGE_SIZE));
	engine->boundary = dma_get_seg_boundary(engine->dev);
	channel_describe(&engine->info, chan);
	watch_track(engine);
}

/* EBUSY: somebody else in the kernel has it, as far as that can be told. */
static int engine_absent(const char *name)
{
	struct wanted wanted = { .name = name, .look = true };

	channel_request(wanted_filter, &wanted);
	return wanted.seen ? -EBUSY : -ENODEV;
}

static int engine_attach(struct engine *engine, const char *name)
{
	struct wanted wanted = { .name = name };

	mutex_lock(&channels_lock);
	engine->chan = channel_request(wanted_filter, &wanted);
	if (engine->chan)
		take_channel(engine, wanted.chan_dev);
	mutex_unlock(&channels_lock);
	if (engine->chan)
		return 0;
	if (wanted.chan_dev)
		put_device(&wanted.chan_dev->device);
	return wanted.seen || wanted.chan_dev ? -EBUSY : -ENODEV;
}

/*
 * Who takes a channel away waits for channels_lock: until then it is there to be released. Returns
 * whether it was, or was before; else it is poisoned, perhaps at the last moment, and stays.
 */
static bool engine_detach(struct engine *engine)
{
	bool stays;

	mutex_lock(&channels_lock);
	stays = engine_poisoned(engine);
	if (!stays) {
		list_del_init(&engine->watch);
		if (!engine->detached)
			dma_release_channel(engine->chan);
	}
	mutex_unlock(&channels_lock);
	return !stays;
}

/* When nobody looks at it any more. It may never have had a channel. */
static void engine_free(struct engine *engine)
{
	put_device(engine->dev);
	put_device(engine->provider);
	if (engine->chan_dev)
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

struct any_class {
	typeof(((struct device *)NULL)->class) class;
};

static bool class_filter(struct dma_chan *chan, void *param)
{
	struct any_class *any = param;

	if (!channel_stale(chan))
		any->class = chan->dev->device.class;
	return false;
}

/* The class of all channels, by any of them; there's no other way to it. */
static int watch_any_class(void)
{
	struct any_class any = { NULL };

	if (watch_has_class())
		return 0;
	channel_request(class_filter, &any);
	return any.class ? watch_class(any.class) : 0;
}

struct provider {
	const char *name;   /* of the channel */
	struct device *dev; /* whose it is; referenced when found */
};

static bool provider_filter(struct dma_chan *chan, void *param)
{
	struct provider *provider = param;

	if (!provider->dev && !channel_stale(chan) && !strcmp(dma_chan_name(chan), provider->name))
		provider->dev = get_device(chan->device->dev);
	return false;
}

/*
 * Whoever unbinds the provider has its lock. So a channel is taken before that begins, and is
 * given back in time, or not at all.
 */
static int engine_take(struct engine *engine, const char *name)
{
	struct provider provider = { .name = name };
	int err;

	channel_request(provider_filter, &provider);
	/* None that is free: which error it is, a look that takes none tells. */
	if (!provider.dev)
		return engine_absent(name);
	device_lock(provider.dev);
	err = engine_attach(engine, name);
	if (!err) {
		err = watch_begin(engine);
		if (err)
			engine_detach(engine);
	}
	device_unlock(provider.dev);
	put_device(provider.dev);
	return err;
}

static struct engine *engine_request(const char *name)
{
	struct engine *engine;
	int err = watch_any_class();

	if (err)
		return ERR_PTR(err);
	engine = engine_new();
	if (!engine)
		return ERR_PTR(-ENOMEM);
	err = engine_take(engine, name);
	if (err) {
		engine_free(engine);
		return ERR_PTR(err);
	}
	list_add_tail(&engine->node, &engines);
	return engine;
}

struct engine *engine_get(const char *name)
{
	char first[DMABENCH_NAME_LEN] = "";
	struct engine *engine;

	if (!*name) {
		int err = engine_first_name(first, sizeof(first));

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

/* The channel first: it would be missed where it is still had and nobody watches any more. */
void engine_put(struct engine *engine)
{
	bool released;

	if (!refcount_dec_and_mutex_lock(&engine->opens, &engines_lock))
		return;
	released = engine_detach(engine);
	watch_end(engine);
	if (released) {
		list_del(&engine->node);
		engine_free(engine);
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
	/* 0: its last user is waiting in engine_detach, and looks then. */
	if (!refcount_inc_not_zero(&engine->opens))
		pr_debug("dmabench: poisoned while it is closed\n");
	__module_get(THIS_MODULE);
	dev_err(engine->dev, "dmabench: %s can't be stopped; it and its memory stay locked away\n",
		engine->info.name);
}
