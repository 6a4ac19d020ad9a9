/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a provider's memory waits to be freed.
 *
 * It is dmaengine's until its last client is gone, and the driver's until it is unbound. The
 * last client of a device that is unbound already makes dmaengine call
 * device_release, in the midst of dma_release_channel: which looks at the channel,
 * and writes to it, after that. So what holds the channel can't be freed there, nor by an
 * unbinding that ends at that moment. It can when dmaengine's list mutex, held all the while,
 * was given up.
 */
#ifndef DMABENCH_DEFERRED_FREE_H
#define DMABENCH_DEFERRED_FREE_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

struct deferred_free {
	struct list_head node;
	refcount_t users; /* the bound device, and dmaengine until its last client */
	void (*free)(struct deferred_free *later); /* what this is a part of */
};

static LIST_HEAD(deferred);
static DEFINE_SPINLOCK(deferred_lock);

static inline void deferred_free_init(struct deferred_free *later,
				      void (*free)(struct deferred_free *later))
{
	refcount_set(&later->users, 1);
	later->free = free;
}

static inline void deferred_free_put(struct deferred_free *later)
{
	if (!refcount_dec_and_test(&later->users))
		return;
	spin_lock(&deferred_lock);
	list_add(&later->node, &deferred);
	spin_unlock(&deferred_lock);
}

/* Shows each free channel that copies memory to refuses, under the list mutex; it must refuse. */
static inline void visit_channels(dma_filter_fn refuses, void *param)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	dma_request_channel(mask, refuses, param);
}

static inline bool refuse(struct dma_chan *chan, void *param)
{
	return false;
}

/* For when the next device comes, and for the end of the module. */
static inline void free_deferred(void)
{
	struct deferred_free *later, *next;
	LIST_HEAD(list);

	spin_lock(&deferred_lock);
	list_splice_init(&deferred, &list);
	spin_unlock(&deferred_lock);
	if (list_empty(&list))
		return;
	/* Whoever asks for a channel takes and gives up the mutex. */
	visit_channels(refuse, NULL);
	list_for_each_entry_safe(later, next, &list, node)
		later->free(later);
}

#endif /* DMABENCH_DEFERRED_FREE_H */
