// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors on their way through an engine: given to it, waited for, taken off.
 */
#include <linux/sched/signal.h>

#include "engine.h"
#include "request.h"

/* How long a callback may lag behind what a poller saw; how often it may be missing. */
#define SETTLE_JIFFIES (HZ / 10)
#define MAX_UNHEARD 2U
/* How long an idle channel may refuse a descriptor until it is believed to do so for good. */
#define REFUSED_JIFFIES (HZ / 10)

/* The error that a copy ends with when its engine has failed it. */
static int failure(const struct engine *engine)
{
	return engine_usable(engine) ? -EIO : -ENODEV;
}

/*
 * Under submit_lock. With descriptors in flight, on behalf of whomever, there may be room for
 * this one later. With none, a provider may still have been out of memory for a moment.
 */
static int refused(struct dma_request *req)
{
	if (atomic_read(&req->engine->inflight)) {
		req->refused = false;
		return -EAGAIN;
	}
	if (!req->refused) {
		req->refused = true;
		req->refused_since = jiffies;
	}
	return time_after(jiffies, req->refused_since + REFUSED_JIFFIES) ? -EINVAL : -EAGAIN;
}

/* A provider that is full may wait for room, and nobody could stop the channel meanwhile. */
static int within_limits(const struct engine *engine, size_t len)
{
	if (len < engine->min_len)
		return -EINVAL;
	return engine->room && atomic_read(&engine->inflight) >= engine->room ? -EAGAIN : 0;
}

/*
 * Prepare and submit one descriptor, under submit_lock. EAGAIN: none to be had now; EINVAL: the
 * engine never takes one like this.
 */
int request_add(struct dma_request *req, dma_addr_t dst, dma_addr_t src, size_t len)
{
	struct engine *engine = req->engine;
	/* A poller needs the interrupt only where cookies say nothing. */
	unsigned long flags = DMA_CTRL_ACK | (request_settles(req) ? 0 : DMA_PREP_INTERRUPT);
	unsigned long tag = req->next & TAG_MASK;
	struct slot *slot = request_slot(req, tag);
	struct dma_async_tx_descriptor *tx;

	if (!engine_usable(engine))
		return -ENODEV;
	if (engine->limited) {
		int err = within_limits(engine, len);

		if (err)
			return err;
	}
	if (list_empty(&req->node))
		list_add_tail(&req->node, &engine->requests);
	tx = dmaengine_prep_dma_memcpy(engine->chan, dst, src, len, flags);
	if (!tx)
		return refused(req);
	req->refused = false;
	request_call_back(req, tx);
	slot->issued = 0;
	atomic_inc(&engine->inflight);
	slot_open(slot, tag);
	slot->cookie = dmaengine_submit(tx);
	if (dma_submit_error(slot->cookie)) {
		slot_close(slot);
		atomic_dec(&engine->inflight);
		return -EIO;
	}
	req->next++;
	return 0;
}

/* Start what was added since from, under submit_lock. */
void request_issue(struct dma_request *req, unsigned long from)
{
	u64 now;

	if (from == req->next)
		return;
	now = req->timed ? ktime_get_ns() : 0;
	for (; req->timed && from != req->next; from++)
		request_slot(req, from)->issued = now;
	dma_async_issue_pending(req->engine->chan);
}

/*
 * What the engine says of a descriptor. While the channel is being stopped, those that it cuts
 * off may look as if they were done; after that they are marked as stopped, for good. And a
 * channel that was given back isn't asked: who gives it back waits for those who do.
 */
static enum dma_status engine_status(struct engine *engine, dma_cookie_t cookie)
{
	enum dma_status status = DMA_IN_PROGRESS;

	rcu_read_lock();
	if (!READ_ONCE(engine->detached))
		status = dma_async_is_tx_complete(engine->chan, cookie, NULL, NULL);
	rcu_read_unlock();
	/* Pairs with the barrier in requests_stop: if that is at work in the channel, it shows. */
	smp_rmb();
	/* Pairs with the release there: if it isn't any more, the marks show. */
	return smp_load_acquire(&engine->stopping) ? DMA_IN_PROGRESS : status;
}

/* An error that only a callback knows is seen later: request_settle. */
static noinline enum slot_state ask_engine(struct dma_request *req, unsigned long number)
{
	struct slot *slot = request_slot(req, number);
	enum dma_status status = engine_status(req->engine, slot->cookie);

	if (status == DMA_COMPLETE || status == DMA_ERROR)
		request_end(req, number & TAG_MASK, status == DMA_ERROR);
	return slot_state(slot);
}

/* Also by asking the engine, where it can say it; who needn't is spared a call. */
static inline enum slot_state descriptor_state(struct dma_request *req, unsigned long number)
{
	enum slot_state state = slot_state(request_slot(req, number));

	return state >= SLOT_DONE || !req->engine->ordered ? state : ask_engine(req, number);
}

static bool descriptor_over(struct dma_request *req, unsigned long number)
{
	return descriptor_state(req, number) >= SLOT_DONE;
}

/* Take the oldest descriptor off if it is done. An error: it won't be, or has failed. */
bool request_reap(struct dma_request *req, int *err, u64 *latency)
{
	struct slot *slot = request_slot(req, req->first);
	enum slot_state state;

	*err = 0;
	if (!request_inflight(req))
		return false;
	state = req->poll ? descriptor_state(req, req->first) : slot_state(slot);
	if (state != SLOT_DONE) {
		if (state == SLOT_STOPPED)
			*err = failure(req->engine);
		return false;
	}
	if (slot->failed || request_failed(req))
		*err = failure(req->engine);
	*latency = slot->done > slot->issued ? slot->done - slot->issued : 0;
	slot_close(slot);
	req->first++;
	return true;
}

/*
 * For who watches the queue instead of sleeping on it, under its lock: is there nothing to
 * wait for any more? seen goes from first on.
 */
bool request_done(struct dma_request *req, unsigned long *seen)
{
	while (*seen != req->next && slot_over(request_slot(req, *seen)))
		++*seen;
	return *seen == req->next;
}

/* Of a request of which nothing was reaped, when all of it is over. */
int request_result(struct dma_request *req)
{
	unsigned long number;

	for (number = req->first; number != req->next; number++) {
		struct slot *slot = request_slot(req, number);

		if (slot_state(slot) != SLOT_DONE || slot->failed)
			return failure(req->engine);
	}
	return 0;
}

static int wait_polling(struct dma_request *req)
{
	unsigned long end = jiffies + req->timeout;

	while (!descriptor_over(req, req->first)) {
		if (task_sigpending(current))
			return -EINTR;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		cond_resched();
		cpu_relax();
	}
	return 0;
}

/*
 * The thread has work to do for its io_uring, which keeps it from sleeping until a signal comes.
 * There's no end of such work where it comes faster than a copy is made, so it is what waits: a
 * signal is looked for now and then.
 */
static int wait_with_work(struct dma_request *req, struct slot *slot, unsigned long end)
{
	while (!wait_event_timeout(req->wait, slot_over(slot), HZ / 100 + 1)) {
		if (task_sigpending(current))
			return -EINTR;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
	}
	return 0;
}

/* Until the oldest descriptor is over. */
int request_wait(struct dma_request *req)
{
	struct slot *slot = request_slot(req, req->first);
	unsigned long end = jiffies + req->timeout;
	long left;

	if (req->poll)
		return wait_polling(req);
	left = wait_event_interruptible_timeout(req->wait, slot_over(slot), req->timeout);
	if (left > 0)
		return 0;
	if (!left)
		return -ETIMEDOUT;
	return task_sigpending(current) ? -EINTR : wait_with_work(req, slot, end);
}

/*
 * A poller has seen all descriptors as done; most providers tell only a callback that
 * one failed. They call back in order, so the last one's callback is waited for. Some
 * don't call back unless asked for an interrupt: with them, only a few times.
 */
int request_settle(struct dma_request *req)
{
	struct engine *engine = req->engine;
	unsigned long end = jiffies + SETTLE_JIFFIES;

	if (!request_settles(req))
		return 0;
	while (!request_heard(req) && READ_ONCE(engine->unheard) < MAX_UNHEARD &&
	       !time_after(jiffies, end)) {
		cond_resched();
		cpu_relax();
	}
	if (!request_heard(req))
		WRITE_ONCE(engine->unheard, min(READ_ONCE(engine->unheard) + 1, MAX_UNHEARD));
	else if (READ_ONCE(engine->unheard))
		WRITE_ONCE(engine->unheard, 0);
	return request_failed(req) ? failure(engine) : 0;
}

/* All that are in flight, by asking the engine too. */
bool request_over(struct dma_request *req)
{
	unsigned long number;

	for (number = req->first; number != req->next; number++) {
		if (!descriptor_over(req, number))
			return false;
	}
	return true;
}
