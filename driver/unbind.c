// SPDX-License-Identifier: GPL-2.0-only
/*
 * The provider's device is unbound under us: it can be at any time, whoever uses it.
 *
 * After that its mappings and its coherent memory can't be given back properly any
 * more. So all of it is given back before, while the device core tells that it is
 * about to unbind: the channel is stopped, who waits is woken, the areas are unmapped
 * (their pages stay), and coherent memory is taken out of all page tables and freed.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/notifier.h>

#include "dmabench.h"

/* For a channel that can't be stopped to come to its end. */
#define PATIENCE_MS 1000
#define PAUSE_MS 20

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
	} while (err && !READ_ONCE(engine->poisoned) && ++tries < PATIENCE_MS / PAUSE_MS);
	return !err;
}

static void withdraw(struct engine *engine)
{
	struct buffer *buffer, *next;

	if (!silence(engine)) {
		dev_warn(engine->dev, "dmabench: %s is unbound and can't be stopped\n",
			 dma_chan_name(engine->chan));
		return;
	}
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

static int on_bus_event(struct notifier_block *notifier, unsigned long event, void *data)
{
	struct engine *engine = container_of(notifier, struct engine, notifier);

	if (event == BUS_NOTIFY_UNBIND_DRIVER && data == engine->dev)
		withdraw(engine);
	return NOTIFY_DONE;
}

int unbind_watch(struct engine *engine)
{
	int err;

	engine->notifier.notifier_call = on_bus_event;
	if (!engine->dev->bus)
		return 0;
	err = bus_register_notifier(engine->dev->bus, &engine->notifier);
	if (err)
		return err;
	/* One that began before we watched has ended when it gives up this lock. */
	device_lock(engine->dev);
	device_unlock(engine->dev);
	if (READ_ONCE(engine->chan_dev->chan))
		return 0;
	unbind_unwatch(engine);
	return -ENODEV;
}

/* When this returns, nothing of it runs any more. */
void unbind_unwatch(struct engine *engine)
{
	if (engine->dev->bus)
		bus_unregister_notifier(engine->dev->bus, &engine->notifier);
}
