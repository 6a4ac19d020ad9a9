// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: descriptors on their way through an engine.
 *
 * A callback carries no pointer but a number: the request's id, which counts up
 * from copy to copy, and the descriptor's tag. A callback that comes too late,
 * or twice, finds no such request or another tag, and changes nothing. RCU keeps
 * a request readable for a callback that found it in its last moment.
 */
#include <linux/hashtable.h>
#include <linux/log2.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "dmabench.h"

#define TAG_BITS (BITS_PER_LONG / 2)
#define TAG_MASK ((1UL << TAG_BITS) - 1)
/* How long a callback may lag behind what a poller saw; how often it may be missing. */
#define SETTLE_JIFFIES (HZ / 10)
#define MAX_UNHEARD 2U

/*
 * By id, which nothing is allocated for: an array that grows with the numbers would make and
 * free its nodes with each copy. Read under RCU.
 */
static DEFINE_HASHTABLE(requests, 8);
static DEFINE_SPINLOCK(requests_lock);
static u32 last_id;

static struct request *request_of(u32 id)
{
	struct request *req;

	hash_for_each_possible_rcu(requests, req, by_id, id, lockdep_is_held(&requests_lock)) {
		if (req->id == id)
			return req;
	}
	return NULL;
}

/* Numbers wrap around some day: one that is still in use is passed over. */
static void request_number(struct request *req)
{
	spin_lock(&requests_lock);
	do {
		req->id = ++last_id & TAG_MASK;
	} while (request_of(req->id));
	hash_add_rcu(requests, &req->by_id, req->id);
	spin_unlock(&requests_lock);
}

static struct slot *slot_at(struct request *req, unsigned long number)
{
	return &req->slots[number & req->mask];
}

static bool slot_done(struct slot *slot)
{
	/* Pairs with the release in slot_finish: failed and done are set by then. */
	return smp_load_acquire(&slot->state) == SLOT_DONE;
}

/* Only the first to come may finish a slot. */
static bool slot_finish(const struct request *req, struct slot *slot, bool failed)
{
	u64 now = req->timed ? ktime_get_ns() : 0;

	if (READ_ONCE(slot->state) != SLOT_PENDING)
		return false;
	slot->done = now;
	slot->failed = failed;
	return cmpxchg_release(&slot->state, SLOT_PENDING, SLOT_DONE) == SLOT_PENDING;
}

/* In any context, perhaps late, perhaps twice. */
static void descriptor_callback(void *param, const struct dmaengine_result *result)
{
	bool failed = result->result != DMA_TRANS_NOERROR || result->residue;
	unsigned long number = (unsigned long)param;
	unsigned long tag = number & TAG_MASK;
	struct request *req;
	struct slot *slot;

	rcu_read_lock();
	req = request_of(number >> TAG_BITS);
	if (req) {
		slot = slot_at(req, tag);
		/* The request may be used for another copy by now. */
		if (failed && ((tag - READ_ONCE(req->base)) & TAG_MASK) <= TAG_MASK / 2)
			WRITE_ONCE(req->failed, true);
		/* Who is about to sleep looks at the slot once more when it stands in the queue. */
		if (READ_ONCE(slot->tag) == tag && slot_finish(req, slot, failed) &&
		    wq_has_sleeper(&req->wait))
			wake_up(&req->wait);
		/* Pairs with the acquire in last_called. */
		smp_store_release(&req->called, (tag + 1) & TAG_MASK);
	}
	rcu_read_unlock();
}

struct request *request_new(struct engine *engine, u32 depth, bool poll, u32 timeout_ms)
{
	unsigned long slots = roundup_pow_of_two(depth);
	struct request *req = kzalloc(struct_size(req, slots, slots), GFP_KERNEL);

	if (!req)
		return ERR_PTR(-ENOMEM);
	req->engine = engine;
	req->poll = poll;
	req->ordered = !dma_has_cap(DMA_COMPLETION_NO_ORDER, engine->chan->device->cap_mask);
	req->timeout = msecs_to_jiffies(timeout_ms);
	req->mask = slots - 1;
	init_waitqueue_head(&req->wait);
	INIT_LIST_HEAD(&req->node);
	request_number(req);
	return req;
}

static bool last_called(const struct request *req)
{
	/* Pairs with the release in descriptor_callback: failed is set by then. */
	return smp_load_acquire(&req->called) == (req->next & TAG_MASK);
}

/*
 * Can it serve another copy? Numbers and tags go on from one to the next, and its id stays, so
 * that a callback which is late is told apart as it is within a copy. Here none should be
 * missing: nothing is in flight, and each descriptor was seen as done by its own callback, or
 * by a poller who has then seen the last one's.
 */
bool request_renewable(const struct request *req)
{
	return !request_inflight(req) && !READ_ONCE(req->failed) && !READ_ONCE(req->aborted) &&
	       (!request_settles(req) || last_called(req));
}

/* For another copy: that one, if it was one's for this engine and has the room. */
struct request *request_renew(struct request *req, struct engine *engine, u32 depth, bool poll,
			      u32 timeout_ms)
{
	if (req && (req->engine != engine || req->mask + 1 < depth)) {
		request_free(req);
		req = NULL;
	}
	if (!req)
		return request_new(engine, depth, poll, timeout_ms);
	req->poll = poll;
	req->timeout = msecs_to_jiffies(timeout_ms);
	WRITE_ONCE(req->base, req->next);
	WRITE_ONCE(req->failed, false);
	return req;
}

void request_free(struct request *req)
{
	/* Only its owner puts it there, by its first descriptor. */
	if (!list_empty(&req->node)) {
		lock_quickly(&req->engine->submit_lock);
		list_del(&req->node);
		mutex_unlock(&req->engine->submit_lock);
	}
	spin_lock(&requests_lock);
	hash_del_rcu(&req->by_id);
	spin_unlock(&requests_lock);
	kfree_rcu(req, rcu);
}

/* Prepare and submit one descriptor, under submit_lock. EAGAIN: none to be had now. */
int request_add(struct request *req, dma_addr_t dst, dma_addr_t src, size_t len)
{
	struct dma_chan *chan = req->engine->chan;
	/* A poller needs the interrupt only where cookies say nothing. */
	unsigned long flags = DMA_CTRL_ACK | (req->poll && req->ordered ? 0 : DMA_PREP_INTERRUPT);
	struct slot *slot = slot_at(req, req->next);
	struct dma_async_tx_descriptor *tx;

	if (!engine_usable(req->engine))
		return -ENODEV;
	if (req->aborted)
		return -EIO;
	if (list_empty(&req->node))
		list_add_tail(&req->node, &req->engine->requests);
	tx = dmaengine_prep_dma_memcpy(chan, dst, src, len, flags);
	if (!tx)
		return -EAGAIN;
	slot->tag = req->next & TAG_MASK;
	slot->issued = 0;
	tx->callback_result = descriptor_callback;
	tx->callback_param = (void *)((unsigned long)req->id << TAG_BITS | slot->tag);
	/* Pairs with the callback: it may come as soon as the descriptor is submitted. */
	smp_store_release(&slot->state, SLOT_PENDING);
	slot->cookie = dmaengine_submit(tx);
	if (dma_submit_error(slot->cookie)) {
		WRITE_ONCE(slot->state, SLOT_FREE);
		return -EIO;
	}
	req->next++;
	return 0;
}

/* Start what was added since from, under submit_lock. */
void request_issue(struct request *req, unsigned long from)
{
	u64 now;

	if (from == req->next)
		return;
	now = req->timed ? ktime_get_ns() : 0;
	for (; req->timed && from != req->next; from++)
		slot_at(req, from)->issued = now;
	dma_async_issue_pending(req->engine->chan);
}

/* Ask the engine. An error that only a callback knows is seen later: request_settle. */
static bool slot_poll(struct request *req, struct slot *slot)
{
	enum dma_status status;

	if (slot_done(slot))
		return true;
	if (!req->ordered)
		return false;
	status = dma_async_is_tx_complete(req->engine->chan, slot->cookie, NULL, NULL);
	if (status == DMA_COMPLETE || status == DMA_ERROR)
		slot_finish(req, slot, status == DMA_ERROR);
	return slot_done(slot);
}

/* Take the oldest descriptor off if it is done. */
bool request_reap(struct request *req, int *err, u64 *latency)
{
	struct slot *slot = slot_at(req, req->first);

	*err = 0;
	if (READ_ONCE(req->aborted)) {
		*err = engine_usable(req->engine) ? -EIO : -ENODEV;
		return false;
	}
	if (!request_inflight(req) || !(req->poll ? slot_poll(req, slot) : slot_done(slot)))
		return false;
	if (slot->failed || READ_ONCE(req->failed))
		*err = engine_usable(req->engine) ? -EIO : -ENODEV;
	*latency = slot->done > slot->issued ? slot->done - slot->issued : 0;
	WRITE_ONCE(slot->state, SLOT_FREE);
	req->first++;
	return true;
}

/*
 * For who watches the queue instead of sleeping on it, under its lock: is there nothing to
 * wait for any more? seen goes from first on.
 */
bool request_done(struct request *req, unsigned long *seen)
{
	while (*seen != req->next && slot_done(slot_at(req, *seen)))
		++*seen;
	return *seen == req->next || READ_ONCE(req->aborted);
}

/* Of a request of which nothing was reaped: done, or aborted, perhaps after it was done. */
int request_result(struct request *req)
{
	unsigned long number;

	for (number = req->first; number != req->next; number++) {
		struct slot *slot = slot_at(req, number);

		if (!slot_done(slot) || slot->failed)
			return engine_usable(req->engine) ? -EIO : -ENODEV;
	}
	return 0;
}

static int wait_polling(struct request *req, struct slot *slot)
{
	unsigned long end = jiffies + req->timeout;

	while (!slot_poll(req, slot) && !READ_ONCE(req->aborted)) {
		if (signal_pending(current))
			return -EINTR;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		cond_resched();
		cpu_relax();
	}
	return 0;
}

static bool settled(struct request *req, struct slot *slot)
{
	return slot_done(slot) || READ_ONCE(req->aborted);
}

/* Until the oldest descriptor is done or the request is aborted. */
int request_wait(struct request *req)
{
	struct slot *slot = slot_at(req, req->first);
	long left;

	if (req->poll)
		return wait_polling(req, slot);
	left = wait_event_interruptible_timeout(req->wait, settled(req, slot), req->timeout);
	if (left > 0)
		return 0;
	return left ? -EINTR : -ETIMEDOUT;
}

/*
 * A poller has seen all descriptors as done; most providers tell only a callback that
 * one failed. They call back in order, so the last one's callback is waited for. Some
 * don't call back unless asked for an interrupt: with them, only a few times.
 */
int request_settle(struct request *req)
{
	struct engine *engine = req->engine;
	unsigned long end = jiffies + SETTLE_JIFFIES;

	if (!request_settles(req))
		return 0;
	while (!last_called(req) && READ_ONCE(engine->unheard) < MAX_UNHEARD &&
	       !time_after(jiffies, end)) {
		cond_resched();
		cpu_relax();
	}
	if (!last_called(req))
		WRITE_ONCE(engine->unheard, min(READ_ONCE(engine->unheard) + 1, MAX_UNHEARD));
	else if (READ_ONCE(engine->unheard))
		WRITE_ONCE(engine->unheard, 0);
	if (!READ_ONCE(req->failed))
		return 0;
	return engine_usable(engine) ? -EIO : -ENODEV;
}

/* All that are in flight; or the channel was stopped under them. */
bool request_done_all(struct request *req)
{
	unsigned long number;

	if (READ_ONCE(req->aborted))
		return true;
	for (number = req->first; number != req->next; number++) {
		if (!slot_poll(req, slot_at(req, number)))
			return false;
	}
	return true;
}
