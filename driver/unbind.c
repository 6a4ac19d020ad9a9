// SPDX-License-Identifier: GPL-2.0-only
/*
 * A channel is taken away under us: it can be at any time, whoever uses it.
 *
 * After that its mappings and its coherent memory can't be given back properly any
 * more, and most providers free the channel itself. So all of it is given back before:
 * the channel is stopped, who waits is woken, the areas are unmapped (their pages stay),
 * coherent memory is taken out of all page tables and freed, and the channel released.
 *
 * There are two signs. The bus of the provider's device tells that its driver is about to be
 * unbound, while all is still as it was. And the class of all channels tells that one of them is
 * being removed, which also happens to single ones: idxd's go with their work queue, on a bus of
 * its own, and then this is the only sign. Their memory is still there when it comes.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "dmabench.h"

/* For a channel that can't be stopped to come to its end. */
#define PATIENCE_MS 1000
#define PAUSE_MS 20

/* Held by who takes a channel, releases it, or is told that it goes. */
DEFINE_MUTEX(channels_lock);
static LIST_HEAD(watched); /* engines that have a channel; under channels_lock */

/* Nothing is submitted any more. Returns whether nothing is in flight either. */
static bool silence(struct engine *engine)
{
	int err, tries = 0;

	do {
		if (tries)
			msleep(PAUSE_MS);
		mutex_lock(&engine->submit_lock);
		WRITE_ONCE(engine->gone, true);
		err = requests_stop(engine);
		mutex_unlock(&engine->submit_lock);
	} while (err && !engine_poisoned(engine) && ++tries < PATIENCE_MS / PAUSE_MS);
	return !err;
}

static void take_memory_back(struct engine *engine)
{
	struct buffer *buffer, *next;

	mutex_lock(&engine->coherent_lock);
	/* Whoever maps an area, or a coherent buffer for its user, sees us coming or is done. */
	down_write(&engine->map_sem);
	areas_withdraw(engine);
	up_write(&engine->map_sem);
	list_for_each_entry_safe(buffer, next, &engine->coherent, engine_node) {
		buffer_zap(buffer);
		buffer_free_coherent(buffer);
	}
	mutex_unlock(&engine->coherent_lock);
}

/* Under channels_lock. After this the channel isn't touched any more. */
static void withdraw(struct engine *engine)
{
	bool quiet = silence(engine);

	list_del_init(&engine->watch);
	if (quiet) {
		take_memory_back(engine);
	} else {
		dev_warn(engine->dev, "dmabench: %s goes and can't be stopped\n",
			 engine->info.name);
		engine_poison(engine);
	}
	mutex_lock(&engine->submit_lock);
	WRITE_ONCE(engine->detached, true);
	mutex_unlock(&engine->submit_lock);
	/* Who asks the channel without that lock has seen the mark, or is done: engine_status. */
	synchronize_rcu();
	/* Releasing waits for what is at work, which may be for ever where it can't be stopped. */
	if (quiet)
		dma_release_channel(engine->chan);
}

/* Under channels_lock: engines that have a channel. */
void unbind_track(struct engine *engine)
{
	list_add(&engine->watch, &watched);
}

static int on_bus_event(struct notifier_block *notifier, unsigned long event, void *data)
{
	struct engine *engine = container_of(notifier, struct engine, notifier);

	if (event != BUS_NOTIFY_UNBIND_DRIVER || data != engine->provider)
		return NOTIFY_DONE;
	mutex_lock(&channels_lock);
	if (!list_empty(&engine->watch))
		withdraw(engine);
	mutex_unlock(&channels_lock);
	return NOTIFY_DONE;
}

static void channel_removed(struct device *dev)
{
	struct engine *engine;

	mutex_lock(&channels_lock);
	list_for_each_entry(engine, &watched, watch) {
		if (&engine->chan_dev->device != dev)
			continue;
		withdraw(engine);
		break;
	}
	mutex_unlock(&channels_lock);
}

DEFINE_REMOVE_DEV(on_removal, channel_removed)

static struct class_interface channels = { .remove_dev = on_removal };

bool unbind_class_watched(void)
{
	return channels.class;
}

/* Under engines_lock, once, before the first engine is opened. */
int unbind_watch_class(typeof(channels.class) class)
{
	int err;

	channels.class = class;
	err = class_interface_register(&channels);
	if (err)
		channels.class = NULL;
	return err;
}

void unbind_exit(void)
{
	if (channels.class)
		class_interface_unregister(&channels);
}

/* Under the lock of the provider's device, so that none has begun which we weren't told of. */
int unbind_watch(struct engine *engine)
{
	int err;

	engine->notifier.notifier_call = on_bus_event;
	if (!engine->provider->bus)
		return 0;
	err = bus_register_notifier(engine->provider->bus, &engine->notifier);
	if (err || !READ_ONCE(engine->gone))
		return err;
	unbind_unwatch(engine);
	return -ENODEV;
}

/* When this returns, nothing of it runs any more. */
void unbind_unwatch(struct engine *engine)
{
	if (engine->provider->bus)
		bus_unregister_notifier(engine->provider->bus, &engine->notifier);
}
