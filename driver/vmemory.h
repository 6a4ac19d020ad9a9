/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a provider's memory, which comes when its device is unbound and its last client has
 * gone. dmaengine calls device_release then, and goes on looking at the channel until it lets go
 * of its mutex. So the memory is freed by somebody else, who waits for that mutex first.
 *
 * Included once in each provider's module, which opens it before its driver and closes it after.
 */
#ifndef DMABENCH_VMEMORY_H
#define DMABENCH_VMEMORY_H

#include <linux/dmaengine.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct vmemory {
	refcount_t users; /* the bound device, and dmaengine until its last client */
	struct work_struct work;
	void *memory; /* what this is a part of */
};

static struct workqueue_struct *vmemory_queue;

static inline int vmemory_open(void)
{
	vmemory_queue = alloc_workqueue(KBUILD_MODNAME, 0, 0);
	return vmemory_queue ? 0 : -ENOMEM;
}

/* Nothing is left to be freed by code that goes. */
static inline void vmemory_close(void)
{
	destroy_workqueue(vmemory_queue);
}

static inline bool vmemory_no_channel(struct dma_chan *chan, void *unused)
{
	return false;
}

static inline void vmemory_free(struct work_struct *work)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	/* Takes the mutex, and finds nothing. */
	dma_request_channel(mask, vmemory_no_channel, NULL);
	kfree(container_of(work, struct vmemory, work)->memory);
}

static inline void vmemory_init(struct vmemory *vmemory, void *memory)
{
	refcount_set(&vmemory->users, 1);
	INIT_WORK(&vmemory->work, vmemory_free);
	vmemory->memory = memory;
}

static inline void vmemory_get(struct vmemory *vmemory)
{
	refcount_inc(&vmemory->users);
}

static inline void vmemory_put(struct vmemory *vmemory)
{
	if (refcount_dec_and_test(&vmemory->users))
		queue_work(vmemory_queue, &vmemory->work);
}

#endif /* DMABENCH_VMEMORY_H */
