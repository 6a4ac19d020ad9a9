/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A channel whose descriptors wait in lists: what our two providers share.
 *
 * A descriptor is prepared, submitted, issued, current, and freed after its
 * callback. It can't be used twice. A device that is gone (unbound while a
 * client held the channel) prepares nothing any more.
 */
#ifndef DMABENCH_VCHAN_H
#define DMABENCH_VCHAN_H

#include <linux/dmaengine.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct vdesc {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	dma_addr_t src;
	dma_addr_t dst;
	size_t len;
	u64 issued;	      /* ktime, ns */
	unsigned long faults; /* what is to go wrong with it; see sim_fault.c */
};

struct vchan {
	struct dma_chan chan;
	spinlock_t lock; /* the lists, the cookies and current */
	struct list_head prepared;
	struct list_head submitted;
	struct list_head issued;
	struct vdesc *current_desc; /* the provider works on it */
	bool cancelled;		    /* current_desc is to be dropped */
	bool gone;
};

static inline struct vchan *to_vchan(struct dma_chan *chan)
{
	return container_of(chan, struct vchan, chan);
}

static inline void vchan_init(struct vchan *vc, struct dma_device *dma)
{
	vc->chan.cookie = DMA_MIN_COOKIE;
	vc->chan.completed_cookie = DMA_MIN_COOKIE;
	spin_lock_init(&vc->lock);
	INIT_LIST_HEAD(&vc->prepared);
	INIT_LIST_HEAD(&vc->submitted);
	INIT_LIST_HEAD(&vc->issued);
	vc->chan.device = dma;
	list_add_tail(&vc->chan.device_node, &dma->channels);
}

static inline dma_cookie_t vchan_tx_submit(struct dma_async_tx_descriptor *tx)
{
	struct vdesc *desc = container_of(tx, struct vdesc, tx);
	struct vchan *vc = to_vchan(tx->chan);
	unsigned long flags;

	spin_lock_irqsave(&vc->lock, flags);
	if (vc->gone) {
		list_del(&desc->node);
		spin_unlock_irqrestore(&vc->lock, flags);
		kfree(desc);
		return -ENODEV;
	}
	if (++vc->chan.cookie < DMA_MIN_COOKIE)
		vc->chan.cookie = DMA_MIN_COOKIE;
	tx->cookie = vc->chan.cookie;
	list_move_tail(&desc->node, &vc->submitted);
	spin_unlock_irqrestore(&vc->lock, flags);
	return tx->cookie;
}

static inline struct dma_async_tx_descriptor *vchan_prep_memcpy(struct dma_chan *chan,
								dma_addr_t dst, dma_addr_t src,
								size_t len, unsigned long tx_flags)
{
	struct vchan *vc = to_vchan(chan);
	struct vdesc *desc;
	unsigned long flags;

	if (!len)
		return NULL;
	desc = kzalloc(sizeof(*desc), GFP_NOWAIT | __GFP_NOWARN);
	if (!desc)
		return NULL;
	dma_async_tx_descriptor_init(&desc->tx, chan);
	desc->tx.flags = tx_flags;
	desc->tx.tx_submit = vchan_tx_submit;
	desc->src = src;
	desc->dst = dst;
	desc->len = len;
	spin_lock_irqsave(&vc->lock, flags);
	if (vc->gone) {
		kfree(desc);
		desc = NULL;
	} else {
		list_add_tail(&desc->node, &vc->prepared);
	}
	spin_unlock_irqrestore(&vc->lock, flags);
	return desc ? &desc->tx : NULL;
}

/* Under lock. */
static inline void vchan_issue(struct vchan *vc)
{
	u64 now = ktime_get_ns();
	struct vdesc *desc;

	list_for_each_entry(desc, &vc->submitted, node)
		desc->issued = now;
	list_splice_tail_init(&vc->submitted, &vc->issued);
}

/* Under lock. Makes the next issued descriptor the current one. */
static inline struct vdesc *vchan_next(struct vchan *vc)
{
	vc->current_desc = list_first_entry_or_null(&vc->issued, struct vdesc, node);
	if (vc->current_desc)
		list_del(&vc->current_desc->node);
	vc->cancelled = false;
	return vc->current_desc;
}

/* Under lock. The current descriptor is over: returns it for vchan_finish, or NULL. */
static inline struct vdesc *vchan_take(struct vchan *vc)
{
	struct vdesc *desc = vc->current_desc;

	vc->current_desc = NULL;
	if (vc->cancelled) {
		kfree(desc);
		return NULL;
	}
	vc->chan.completed_cookie = desc->tx.cookie;
	return desc;
}

/* Without lock. On a device that went meanwhile, nothing ends well. */
static inline void vchan_tell(struct vchan *vc, struct vdesc *desc, struct dmaengine_result *result)
{
	struct dma_async_tx_descriptor *tx = &desc->tx;

	if (READ_ONCE(vc->gone))
		result->result = DMA_TRANS_ABORTED;
	dma_descriptor_unmap(tx);
	if (tx->callback_result)
		tx->callback_result(tx->callback_param, result);
	else if (tx->callback)
		tx->callback(tx->callback_param);
}

static inline void vchan_finish(struct vchan *vc, struct vdesc *desc, bool good)
{
	struct dmaengine_result result = {
		.result = good ? DMA_TRANS_NOERROR : DMA_TRANS_READ_FAILED,
	};

	vchan_tell(vc, desc, &result);
	kfree(desc);
}

static inline enum dma_status vchan_tx_status(struct dma_chan *chan, dma_cookie_t cookie,
					      struct dma_tx_state *state)
{
	dma_cookie_t completed = READ_ONCE(chan->completed_cookie);
	dma_cookie_t used = READ_ONCE(chan->cookie);

	if (state) {
		state->last = completed;
		state->used = used;
		state->residue = 0;
		state->in_flight_bytes = 0;
	}
	return dma_async_is_complete(cookie, completed, used);
}

static inline void vchan_free_list(struct list_head *list)
{
	struct vdesc *desc, *next;

	list_for_each_entry_safe(desc, next, list, node)
		kfree(desc);
}

/* Under lock. What isn't at work yet, to a list of the caller's. */
static inline void vchan_take_waiting(struct vchan *vc, struct list_head *list)
{
	list_splice_tail_init(&vc->issued, list);
	list_splice_tail_init(&vc->submitted, list);
}

/*
 * Drop all that isn't at work, and mark what is. The dropped descriptors get no
 * callback, as dmaengine has it for a terminated channel.
 */
static inline int vchan_terminate(struct dma_chan *chan)
{
	struct vchan *vc = to_vchan(chan);
	unsigned long flags;
	LIST_HEAD(dropped);

	spin_lock_irqsave(&vc->lock, flags);
	vchan_take_waiting(vc, &dropped);
	if (vc->current_desc)
		vc->cancelled = true;
	spin_unlock_irqrestore(&vc->lock, flags);
	vchan_free_list(&dropped);
	return 0;
}

/* The device goes: those who wait are told, and nothing new is taken on. */
static inline void vchan_abort(struct vchan *vc)
{
	struct vdesc *desc, *next;
	unsigned long flags;
	LIST_HEAD(aborted);

	spin_lock_irqsave(&vc->lock, flags);
	vc->gone = true;
	vchan_take_waiting(vc, &aborted);
	spin_unlock_irqrestore(&vc->lock, flags);
	list_for_each_entry_safe(desc, next, &aborted, node)
		vchan_finish(vc, desc, false);
}

static inline bool vchan_idle(struct vchan *vc)
{
	return !READ_ONCE(vc->current_desc);
}

/* The last client is gone; nothing is at work. */
static inline void vchan_free_resources(struct dma_chan *chan)
{
	struct vchan *vc = to_vchan(chan);
	unsigned long flags;
	LIST_HEAD(unused);

	spin_lock_irqsave(&vc->lock, flags);
	list_splice_tail_init(&vc->prepared, &unused);
	spin_unlock_irqrestore(&vc->lock, flags);
	vchan_free_list(&unused);
}

/* What all our providers say about themselves. */
static inline void vchan_describe(struct dma_device *dma, struct device *dev)
{
	dma->dev = dev;
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	/* For those who ask for it by name: not for the kernel's own copies. */
	dma_cap_set(DMA_PRIVATE, dma->cap_mask);
	dma->device_prep_dma_memcpy = vchan_prep_memcpy;
	dma->device_tx_status = vchan_tx_status;
	INIT_LIST_HEAD(&dma->channels);
}

#endif /* DMABENCH_VCHAN_H */
