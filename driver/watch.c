// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines whose channel may be taken away at any time: who is told of it, and how.
 *
 * There are two signs. The bus of the provider's device tells that its driver is about to be
 * unbound, while all is still as it was. And the class of all channels tells that one of them is
 * being removed, which also happens to single ones: idxd's go with their work queue, on a bus of
 * its own, and then this is the only sign. Their memory is still there when it comes.
 */
#include <linux/device.h>
#include <linux/notifier.h>

#include "compat.h"
#include "engine.h"

/* Held by who takes a channel, releases it, or is told that it goes. */
DEFINE_MUTEX(channels_lock);
static LIST_HEAD(watched); /* engines that have a channel; under channels_lock */
/* Gives back what an engine has, under channels_lock, while its provider is still there. */
static void (*withdraw)(struct engine *engine);

void watch_init(void (*going)(struct engine *engine))
{
	withdraw = going;
}

/* Under channels_lock: engines that have a channel. */
void watch_track(struct engine *engine)
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

bool watch_has_class(void)
{
	return channels.class;
}

/* Under engines_lock, once, before the first engine is opened. */
int watch_class(typeof(channels.class) class)
{
	int err;

	channels.class = class;
	err = class_interface_register(&channels);
	if (err)
		channels.class = NULL;
	return err;
}

void watch_exit(void)
{
	if (channels.class)
		class_interface_unregister(&channels);
}

/* Under the lock of the provider's device, so that none has begun which we weren't told of. */
int watch_begin(struct engine *engine)
{
	int err;

	engine->notifier.notifier_call = on_bus_event;
	if (!engine->provider->bus)
		return 0;
	err = bus_register_notifier(engine->provider->bus, &engine->notifier);
	if (err || !READ_ONCE(engine->gone))
		return err;
	watch_end(engine);
	return -ENODEV;
}

/* When this returns, nothing of it runs any more. */
void watch_end(struct engine *engine)
{
	if (engine->provider->bus)
		bus_unregister_notifier(engine->provider->bus, &engine->notifier);
}
