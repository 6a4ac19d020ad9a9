/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests: copies as the engine sees them, and how they end. */
#ifndef DMABENCH_REQUEST_H
#define DMABENCH_REQUEST_H

#include <linux/rcupdate.h>
#include <linux/wait.h>

#include "engine.h"
#include "slot.h"

/* A copy as the engine sees it: descriptors first..next-1 are in flight. */
struct dma_request {
	struct rcu_head rcu;
	struct engine *engine;
	struct list_head node; /* in engine->requests, once it has had a descriptor */
	struct hlist_node by_id;
	u32 id;
	bool poll;
	bool timed;		     /* somebody wants to know how long descriptors take */
	bool refused;		     /* by an idle channel, since: */
	unsigned long refused_since; /* jiffies */
	unsigned long base;	     /* the tag that the copy it is used for begins with */
	unsigned long failed;	     /* behind the last that a callback said so of; base: none */
	unsigned long called;	     /* when polling: behind the last that was called back */
	unsigned long timeout;	     /* jiffies, for each wait */
	wait_queue_head_t wait;
	unsigned long first; /* only the owner's, as next is: nobody else looks */
	unsigned long next;
	unsigned long mask; /* slots - 1 */
	struct slot slots[];
};

struct dma_request *request_new(struct engine *engine, u32 depth, bool poll, u32 timeout_ms);
struct dma_request *request_renew(struct dma_request *req, struct engine *engine, u32 depth,
				  bool poll, u32 timeout_ms);
bool request_renewable(const struct dma_request *req);
void request_free(struct dma_request *req);
bool request_end(struct dma_request *req, unsigned long tag, bool failed);
void request_call_back(const struct dma_request *req, struct dma_async_tx_descriptor *tx);
int request_add(struct dma_request *req, dma_addr_t dst, dma_addr_t src, size_t len);
void request_issue(struct dma_request *req, unsigned long from);
bool request_reap(struct dma_request *req, int *err, u64 *latency);
int request_wait(struct dma_request *req);
int request_settle(struct dma_request *req);
bool request_over(struct dma_request *req);
bool request_done(struct dma_request *req, unsigned long *seen);
int request_result(struct dma_request *req);

static inline struct slot *request_slot(struct dma_request *req, unsigned long number)
{
	return &req->slots[number & req->mask];
}

/* Does request_settle have anything to do? */
static inline bool request_settles(const struct dma_request *req)
{
	return req->poll && req->engine->ordered;
}

static inline unsigned long request_inflight(const struct dma_request *req)
{
	return req->next - req->first;
}

static inline bool request_failed(const struct dma_request *req)
{
	return tag_before(req->base, READ_ONCE(req->failed));
}

/* Was the last descriptor called back? */
static inline bool request_heard(const struct dma_request *req)
{
	/* Pairs with tag_advance in descriptor_callback: failed is set by then. */
	return smp_load_acquire(&req->called) == (req->next & TAG_MASK);
}

/* ---- quiesce.c ------------------------------------------------------------ */

int request_quiesce(struct dma_request *req, int why);
int requests_stop(struct engine *engine);

#endif /* DMABENCH_REQUEST_H */
