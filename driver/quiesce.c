// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stopping: how a channel gets quiet, so that memory may be let go of.
 *
 * The channel can be shared. Stopping it stops everybody's descriptors, which are then
 * marked as stopped, under submit_lock.
 */
#include <linux/dmaengine.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "engine.h"
#include "request.h"

/* What a caller who is being killed waits for before the channel is stopped. */
#define KILLED_JIFFIES (HZ / 10 + 1)

/*
 * Signals don't shorten this, as the engine must be quiet before memory is let go; but for the
 * hasty, who can stop it, there's no point in waiting when nobody is left who wants the bytes.
 */
static bool drain(struct dma_request *req, bool hasty)
{
	unsigned long end = jiffies + req->timeout;

	while (!request_over(req)) {
		if (hasty && fatal_signal_pending(current)) {
			hasty = false;
			if (time_after(end, jiffies + KILLED_JIFFIES))
				end = jiffies + KILLED_JIFFIES;
		}
		if (time_after(jiffies, end))
			return false;
		wait_event_timeout(req->wait, request_over(req), HZ / 100 + 1);
	}
	return true;
}

static bool busy(const struct engine *engine)
{
	return atomic_read(&engine->inflight) || engine_poisoned(engine);
}

static void mark_stopped(struct dma_request *req)
{
	unsigned long i;

	for (i = 0; i <= req->mask; i++) {
		if (slot_stop(&req->slots[i]))
			atomic_dec(&req->engine->inflight);
	}
	wake_up(&req->wait);
}

/* Stop the channel and tell all that had descriptors on it. Under submit_lock. */
int requests_stop(struct engine *engine)
{
	struct dma_request *req;
	int err;

	if (engine->detached)
		return -ENODEV;
	if (!busy(engine))
		return 0;
	/* Some say that they have stopped, and go on. */
	if (!engine->can_stop)
		return -EOPNOTSUPP;
	WRITE_ONCE(engine->stopping, true);
	/* Pairs with the one in engine_status. */
	smp_mb();
	err = dmaengine_terminate_sync(engine->chan);
	if (!err) {
		list_for_each_entry(req, &engine->requests, node)
			mark_stopped(req);
	}
	/* After the marks: from now on cookies are believed again. */
	smp_store_release(&engine->stopping, false);
	return err;
}

/*
 * After an error: see to it that the engine is done with all of our memory.
 * An error here means that it isn't and can't be made to; then the engine is
 * poisoned and the caller must never let go of that memory.
 */
int request_quiesce(struct dma_request *req, int why)
{
	struct engine *engine = req->engine;
	int err = 0;

	if (!request_inflight(req))
		return 0;
	/* After a timeout there's no point in waiting for what can be stopped. */
	if (!(why == -ETIMEDOUT && engine->can_stop) && drain(req, engine->can_stop))
		return 0;
	mutex_lock(&engine->submit_lock);
	/* Others' descriptors aren't cut off for one that has ended meanwhile. */
	if (!request_over(req))
		err = requests_stop(engine);
	mutex_unlock(&engine->submit_lock);
	/* What can't be stopped may still come to its end. */
	if (err && drain(req, false))
		err = 0;
	if (err)
		engine_poison(engine);
	return err;
}
