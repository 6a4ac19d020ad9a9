// SPDX-License-Identifier: GPL-2.0-only
/*
 * A channel is taken away under us: it can be at any time, whoever uses it.
 *
 * After that its mappings and its coherent memory can't be given back properly any
 * more, and most providers free the channel itself. So all of it is given back before:
 * the channel is stopped, who waits is woken, the areas are unmapped (their pages stay),
 * coherent memory is taken out of all page tables and freed, and the channel released.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/rcupdate.h>

#include "area.h"
#include "buffer.h"
#include "engine.h"
#include "request.h"

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
void engine_withdraw(struct engine *engine)
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
