// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmabench_sim: a dmaengine provider in software, with an exact time model.
 *
 * A CPU moves the bytes, so nothing here says anything about a DMA engine's
 * speed, and nothing here checks a mapping or the caches: a CPU reads what a CPU
 * wrote, whatever was forgotten. What it gives is a device whose times are known.
 *
 * The model: a descriptor of len bytes starts when it is issued or when the one
 * before it ends, whichever is later, and ends latency_ns + len / bandwidth after
 * that (rounded up to a nanosecond). It is never reported earlier. It is reported
 * later by at most the clock's resolution and the callback's way, as long as the
 * CPU's own copy is done by then and the thread isn't kept off its CPU. A late
 * report doesn't move the model's ends, so a sum of many errs no more than one.
 */
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/hrtimer.h>
#include <linux/iommu.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/refcount.h>
#include <linux/wait.h>

#include "vchan.h"

/*
 * Sleep while the end is further away than this, then spin: exact, yet idle. A
 * timer may fire 50 us late by its slack, and waking takes its time.
 */
#define SPIN_NS (150 * NSEC_PER_USEC)
#define MAX_CHANNELS 64
#define MAX_DESCRIPTOR SZ_4M

static unsigned int channels = 2;
module_param(channels, uint, 0444);
MODULE_PARM_DESC(channels, "number of channels, 1 to 64 (default 2)");

static ulong bandwidth;
module_param(bandwidth, ulong, 0644);
MODULE_PARM_DESC(bandwidth, "bytes per second of each channel, 0: no limit (default 0)");

static ulong latency_ns;
module_param(latency_ns, ulong, 0644);
MODULE_PARM_DESC(latency_ns, "nanoseconds added to each descriptor (default 0)");

struct sim_chan {
	struct vchan vc;
	struct device *dev;
	struct task_struct *thread;
	wait_queue_head_t work; /* something was issued */
	wait_queue_head_t idle; /* nothing is current */
	u64 end;		/* of the latest descriptor, by the model */
};

struct sim {
	struct dma_device dma;
	refcount_t users; /* the bound device, and dmaengine until its last client */
	unsigned int count;
	struct sim_chan chan[];
};

static struct sim_chan *to_sim_chan(struct dma_chan *chan)
{
	return container_of(to_vchan(chan), struct sim_chan, vc);
}

static u64 model_end(u64 start, size_t len)
{
	ulong rate = READ_ONCE(bandwidth);
	u64 end = start + READ_ONCE(latency_ns);

	if (rate)
		end += DIV64_U64_ROUND_UP((u64)len * NSEC_PER_SEC, (u64)rate);
	return end;
}

/* Bus address to page; without an IOMMU it is a physical one, perhaps shifted. */
static struct page *page_at(struct device *dev, dma_addr_t addr)
{
	phys_addr_t phys = dma_to_phys(dev, addr);

	return pfn_valid(PHYS_PFN(phys)) ? pfn_to_page(PHYS_PFN(phys)) : NULL;
}

static bool move(struct sim_chan *sc, const struct vdesc *desc)
{
	size_t done = 0;

	while (done < desc->len) {
		dma_addr_t src = desc->src + done, dst = desc->dst + done;
		size_t len = min3(desc->len - done, (size_t)(PAGE_SIZE - offset_in_page(src)),
				  (size_t)(PAGE_SIZE - offset_in_page(dst)));
		struct page *from = page_at(sc->dev, src);
		struct page *to = page_at(sc->dev, dst);

		if (!from || !to)
			return false;
		memcpy_page(to, offset_in_page(dst), from, offset_in_page(src), len);
		done += len;
		cond_resched();
	}
	return true;
}

static bool cut_short(struct sim_chan *sc)
{
	return READ_ONCE(sc->vc.cancelled) || kthread_should_stop();
}

static void wait_until(struct sim_chan *sc, u64 end)
{
	u64 now;

	for (;;) {
		now = ktime_get_ns();
		if (now >= end || cut_short(sc))
			return;
		if (end - now > SPIN_NS) {
			/* Terminating and unbinding wake us. */
			wait_event_interruptible_hrtimeout(sc->work, cut_short(sc),
							   ns_to_ktime(end - SPIN_NS - now));
		} else {
			cpu_relax();
		}
	}
}

static void work_on(struct sim_chan *sc, struct vdesc *desc)
{
	struct vchan *vc = &sc->vc;
	bool moved;

	sc->end = model_end(max(desc->issued, sc->end), desc->len);
	moved = move(sc, desc);
	wait_until(sc, sc->end);
	spin_lock_irq(&vc->lock);
	/* A descriptor that was cut off gives its time back. */
	if (vc->cancelled)
		sc->end = ktime_get_ns();
	desc = vchan_take(vc);
	spin_unlock_irq(&vc->lock);
	if (desc)
		vchan_finish(vc, desc, moved);
	wake_up_all(&sc->idle);
}

static bool has_work(struct sim_chan *sc)
{
	return kthread_should_stop() || !list_empty_careful(&sc->vc.issued);
}

static int sim_thread(void *data)
{
	struct sim_chan *sc = data;

	while (!kthread_should_stop()) {
		struct vdesc *desc;

		wait_event_interruptible(sc->work, has_work(sc));
		spin_lock_irq(&sc->vc.lock);
		desc = vchan_next(&sc->vc);
		spin_unlock_irq(&sc->vc.lock);
		if (desc)
			work_on(sc, desc);
	}
	return 0;
}

static void sim_issue_pending(struct dma_chan *chan)
{
	struct sim_chan *sc = to_sim_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&sc->vc.lock, flags);
	vchan_issue(&sc->vc);
	spin_unlock_irqrestore(&sc->vc.lock, flags);
	wake_up_all(&sc->work);
}

static int sim_terminate_all(struct dma_chan *chan)
{
	struct sim_chan *sc = to_sim_chan(chan);

	vchan_terminate(chan);
	wake_up_all(&sc->work);
	return 0;
}

/* The thread drops a cancelled descriptor at once, or after moving its bytes. */
static void sim_synchronize(struct dma_chan *chan)
{
	struct sim_chan *sc = to_sim_chan(chan);

	wait_event(sc->idle, vchan_idle(&sc->vc));
}

static void sim_free_resources(struct dma_chan *chan)
{
	sim_terminate_all(chan);
	sim_synchronize(chan);
	vchan_free_resources(chan);
}

static void sim_put(struct sim *sim)
{
	if (refcount_dec_and_test(&sim->users))
		kfree(sim);
}

static void sim_release(struct dma_device *dma)
{
	sim_put(container_of(dma, struct sim, dma));
}

/* The simulator can follow bus addresses only where nothing translates them. */
static int check_direct(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if ((domain && domain->type != IOMMU_DOMAIN_IDENTITY) || get_dma_ops(dev))
		return dev_err_probe(dev, -EOPNOTSUPP,
				     "behind an IOMMU: the simulator can't follow its addresses\n");
	return 0;
}

static void stop_threads(struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < sim->count; i++) {
		vchan_abort(&sim->chan[i].vc);
		if (!IS_ERR_OR_NULL(sim->chan[i].thread))
			kthread_stop(sim->chan[i].thread);
	}
}

static void sim_unbind(void *data)
{
	struct sim *sim = data;

	dma_async_device_unregister(&sim->dma);
	stop_threads(sim);
	sim_put(sim);
}

static void sim_describe(struct dma_device *dma, struct device *dev)
{
	vchan_describe(dma, dev);
	dma->device_issue_pending = sim_issue_pending;
	dma->device_terminate_all = sim_terminate_all;
	dma->device_synchronize = sim_synchronize;
	dma->device_free_chan_resources = sim_free_resources;
	dma->device_release = sim_release;
}

static int start_channel(struct sim *sim, struct device *dev, unsigned int i)
{
	struct sim_chan *sc = &sim->chan[i];

	sc->dev = dev;
	init_waitqueue_head(&sc->work);
	init_waitqueue_head(&sc->idle);
	vchan_init(&sc->vc, &sim->dma);
	sc->thread = kthread_run(sim_thread, sc, "dmabench_sim/%u", i);
	return PTR_ERR_OR_ZERO(sc->thread);
}

static int sim_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct sim *sim;
	int err;

	err = check_direct(dev);
	if (err)
		return err;
	sim = kzalloc(struct_size(sim, chan, channels), GFP_KERNEL);
	if (!sim)
		return -ENOMEM;
	refcount_set(&sim->users, 1);
	dma_set_max_seg_size(dev, MAX_DESCRIPTOR);
	sim_describe(&sim->dma, dev);
	while (sim->count < channels) {
		err = start_channel(sim, dev, sim->count++);
		if (err)
			goto stop;
	}
	err = dma_async_device_register(&sim->dma);
	if (err)
		goto stop;
	refcount_inc(&sim->users);
	return devm_add_action_or_reset(dev, sim_unbind, sim);
stop:
	stop_threads(sim);
	sim_put(sim);
	return err;
}

static struct platform_driver sim_driver = {
	.driver.name = KBUILD_MODNAME,
	.probe = sim_probe,
};

static struct platform_device *sim_device;

static int __init sim_init(void)
{
	const struct platform_device_info info = {
		.name = KBUILD_MODNAME,
		.id = PLATFORM_DEVID_NONE,
		.dma_mask = DMA_BIT_MASK(64),
	};
	int err;

	if (!channels || channels > MAX_CHANNELS) {
		pr_err("%s: channels=%u: 1 to %u\n", KBUILD_MODNAME, channels, MAX_CHANNELS);
		return -EINVAL;
	}
	err = platform_driver_register(&sim_driver);
	if (err)
		return err;
	sim_device = platform_device_register_full(&info);
	if (IS_ERR(sim_device))
		platform_driver_unregister(&sim_driver);
	return PTR_ERR_OR_ZERO(sim_device);
}
module_init(sim_init);

static void __exit sim_exit(void)
{
	platform_device_unregister(sim_device);
	platform_driver_unregister(&sim_driver);
}
module_exit(sim_exit);

MODULE_DESCRIPTION("A software dmaengine provider with exact times");
MODULE_AUTHOR("The dmabench authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(DMABENCH_VERSION);
