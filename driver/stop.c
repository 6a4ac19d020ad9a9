// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stopping: how a channel gets quiet, so that memory may be let go of.
 *
 * The channel can be shared. Stopping it stops everybody's descriptors, so the
 * requests on it are then marked as aborted, under submit_lock.
 */
#include <linux/dmaengine.h>
#include <linux/wait.h>

#include "dmabench.h"

/* Signals don't shorten this: the engine must be quiet before memory is let go. */
static bool drain(struct request *req)
{
	unsigned long end = jiffies + req->timeout;

	while (!request_done_all(req)) {
		if (time_after(jiffies, end))
			return false;
		wait_event_timeout(req->wait, request_done_all(req),
				   min(req->timeout, HZ / 100 + 1UL));
	}
	return true;
}

static bool busy(const struct engine *engine)
{
	const struct request *req;

	list_for_each_entry(req, &engine->requests, node) {
		if (request_inflight(req) && !req->aborted)
			return true;
	}
	return engine->poisoned;
}

/* Stop the channel and tell all that had descriptors on it. Under submit_lock. */
int requests_stop(struct engine *engine)
{
	struct request *req;
	int err;

	if (!busy(engine))
		return 0;
	err = dmaengine_terminate_sync(engine->chan);
	if (err)
		return err;
	list_for_each_entry(req, &engine->requests, node) {
		if (!request_inflight(req))
			continue;
		WRITE_ONCE(req->aborted, true);
		wake_up(&req->wait);
	}
	return 0;
}

/*
 * After an error: see to it that the engine is done with all of our memory.
 * An error here means that it isn't and can't be made to; then the engine is
 * poisoned and the caller must never let go of that memory.
 */
int request_quiesce(struct request *req, int why)
{
	struct engine *engine = req->engine;
	int err = 0;

	if (!request_inflight(req))
		return 0;
	/* After a timeout there's no point in waiting for what can be stopped. */
	if (!(why == -ETIMEDOUT && engine_can_stop(engine)) && drain(req))
		return 0;
	mutex_lock(&engine->submit_lock);
	if (!req->aborted)
		err = engine_usable(engine) ? requests_stop(engine) : -ENODEV;
	mutex_unlock(&engine->submit_lock);
	/* What can't be stopped may still come to its end. */
	if (err && drain(req))
		err = 0;
	if (err)
		engine_poison(engine);
	return err;
}
