// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: who has descriptors in an engine, and how their callbacks find them.
 *
 * A callback carries no pointer but a number: the request's id, which counts up
 * from copy to copy, and the descriptor's tag. A callback that comes too late,
 * or twice, finds no such request or another tag in the slot, and changes nothing (see
 * slot.h). RCU keeps a request readable for a callback that found it in its last moment.
 */
#include <linux/delay.h>
#include <linux/hashtable.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "engine.h"
#include "request.h"

/*
 * By id, which nothing is allocated for: an array that grows with the numbers would make and
 * free its nodes with each copy. Read under RCU.
 */
static DEFINE_HASHTABLE(requests, 8);
static DEFINE_SPINLOCK(requests_lock);
static u32 last_id;

static struct dma_request *request_of(u32 id)
{
	struct dma_request *req;

	hash_for_each_possible_rcu(requests, req, by_id, id, lockdep_is_held(&requests_lock)) {
		if (req->id == id)
			return req;
	}
	return NULL;
}

/* Numbers wrap around some day: one that is still in use is passed over. */
static void request_number(struct dma_request *req)
{
	spin_lock(&requests_lock);
	do {
		req->id = ++last_id & TAG_MASK;
	} while (request_of(req->id));
	hash_add_rcu(requests, &req->by_id, req->id);
	spin_unlock(&requests_lock);
}

/* For the test that must see a descriptor be taken for the one before it. */
static void callback_delay(void)
{
#ifdef DMABENCH_CALLBACK_DELAY
	int i;

	for (i = 0; i < DMABENCH_CALLBACK_DELAY; i++)
		udelay(1);
#endif
}

/* Whether it was this descriptor's end. In any context, also for a descriptor of long ago. */
bool request_end(struct dma_request *req, unsigned long tag, bool failed)
{
	struct slot *slot = request_slot(req, tag);

	if (!slot_move(slot, tag, SLOT_CLAIMED))
		return false;
	callback_delay();
	/* Before the owner sees it as done: after that, the engine may go at any time. */
	atomic_dec(&req->engine->inflight);
	slot_finish(slot, tag, failed, req->timed ? ktime_get_ns() : 0);
	return true;
}

/* In any context, perhaps late, perhaps twice. */
static void descriptor_ended(void *param, bool failed)
{
	unsigned long number = (unsigned long)param;
	unsigned long tag = number & TAG_MASK;
	struct dma_request *req;

	rcu_read_lock();
	req = request_of(number >> TAG_BITS);
	if (req) {
		callback_delay();
		/* A poller may have taken it for good: that one learns it here. */
		if (failed)
			tag_advance(&req->failed, tag + 1);
		/* Who is about to sleep looks at the slot once more when it stands in the queue. */
		if (request_end(req, tag, failed) && wq_has_sleeper(&req->wait))
			wake_up(&req->wait);
		/* Pairs with the acquire in request_heard. */
		if (READ_ONCE(req->poll))
			tag_advance(&req->called, tag + 1);
	}
	rcu_read_unlock();
}

static void descriptor_callback(void *param, const struct dmaengine_result *result)
{
	descriptor_ended(param, result->result != DMA_TRANS_NOERROR || result->residue);
}

/* Of a provider that says no errors. */
static void descriptor_done(void *param)
{
	descriptor_ended(param, false);
}

/* What the next descriptor of a request needs to be known again by. */
void request_call_back(const struct dma_request *req, struct dma_async_tx_descriptor *tx)
{
	/* The other one isn't always as new: some other client's would be called instead. */
	if (req->engine->no_result) {
		tx->callback = descriptor_done;
		tx->callback_result = NULL;
	} else {
		tx->callback_result = descriptor_callback;
	}
	tx->callback_param = (void *)((unsigned long)req->id << TAG_BITS | (req->next & TAG_MASK));
}

/* Of an earlier copy, no callback matters any more. */
static void request_begin(struct dma_request *req, bool poll, u32 timeout_ms)
{
	req->timeout = msecs_to_jiffies(timeout_ms);
	req->refused = false;
	req->base = req->next & TAG_MASK;
	WRITE_ONCE(req->poll, poll);
	WRITE_ONCE(req->failed, req->base);
	WRITE_ONCE(req->called, req->base);
}

struct dma_request *request_new(struct engine *engine, u32 depth, bool poll, u32 timeout_ms)
{
	unsigned long slots = roundup_pow_of_two(depth);
	struct dma_request *req = kzalloc(struct_size(req, slots, slots), GFP_KERNEL);

	if (!req)
		return ERR_PTR(-ENOMEM);
	req->engine = engine;
	req->mask = slots - 1;
	request_begin(req, poll, timeout_ms);
	init_waitqueue_head(&req->wait);
	INIT_LIST_HEAD(&req->node);
	request_number(req);
	return req;
}

/*
 * Can it serve another copy? Numbers and tags go on from one to the next, and its id stays, so
 * that a callback which is late is told apart as it is within a copy. Here none should be
 * missing: nothing is in flight, and each descriptor was seen as done by its own callback, or
 * by a poller who has then seen the last one's.
 */
bool request_renewable(const struct dma_request *req)
{
	return !request_inflight(req) && !request_failed(req) &&
	       (!request_settles(req) || request_heard(req));
}

/* For another copy: that one, if it was one's for this engine and has the room. */
struct dma_request *request_renew(struct dma_request *req, struct engine *engine, u32 depth,
				  bool poll, u32 timeout_ms)
{
	if (req && (req->engine != engine || req->mask + 1 < depth)) {
		request_free(req);
		req = NULL;
	}
	if (!req)
		return request_new(engine, depth, poll, timeout_ms);
	request_begin(req, poll, timeout_ms);
	return req;
}

void request_free(struct dma_request *req)
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
