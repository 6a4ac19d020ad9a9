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
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>

#include "sim.h"

static unsigned int channels = 2;
module_param(channels, uint, 0444);
MODULE_PARM_DESC(channels, "number of channels, 1 to 64 (default 2)");

static bool unordered;
module_param(unordered, bool, 0644);
MODULE_PARM_DESC(unordered, "channels say that they complete out of order; read when bound");

static bool unstoppable;
module_param(unstoppable, bool, 0644);
MODULE_PARM_DESC(unstoppable, "channels have no way to be terminated; read when bound");

static enum dma_status sim_tx_status(struct dma_chan *chan, dma_cookie_t cookie,
				     struct dma_tx_state *state)
{
	enum dma_status status = vchan_tx_status(chan, cookie, state);

	if (dma_has_cap(DMA_COMPLETION_NO_ORDER, chan->device->cap_mask))
		return DMA_OUT_OF_ORDER;
	if (status == DMA_COMPLETE && cookie == READ_ONCE(to_sim_chan(chan)->failed))
		return DMA_ERROR;
	return status;
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

static void stop_work(struct sim_chan *sc)
{
	vchan_terminate(&sc->vc.chan);
	wake_up_all(&sc->work);
	wake_up_all(&sc->idle);
}

static int sim_terminate_all(struct dma_chan *chan)
{
	struct sim_chan *sc = to_sim_chan(chan);

	if (READ_ONCE(sc->lost) || sim_fault_now(sc, FAULT_NOTERM))
		return -EIO;
	if (sim_runs_on())
		sim_drop_waiting(sc);
	else
		stop_work(sc);
	return 0;
}

/* The thread drops a cancelled descriptor at once, or after moving its bytes. */
static void wait_idle(struct sim_chan *sc)
{
	wait_event(sc->idle, vchan_idle(&sc->vc));
}

static void sim_synchronize(struct dma_chan *chan)
{
	if (!sim_runs_on())
		wait_idle(to_sim_chan(chan));
}

static void sim_free_resources(struct dma_chan *chan)
{
	struct sim_chan *sc = to_sim_chan(chan);
	unsigned long flags;

	stop_work(sc);
	wait_idle(sc);
	vchan_free_resources(chan);
	/* Whom it would call may be gone soon. */
	spin_lock_irqsave(&sc->vc.lock, flags);
	sc->stray.callback = NULL;
	spin_unlock_irqrestore(&sc->vc.lock, flags);
}

static void sim_free(struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < MAX_CHANNELS; i++)
		kfree(sim->chan[i]);
	kfree(sim);
}

static void free_at_last(struct deferred_free *later)
{
	sim_free(container_of(later, struct sim, later));
}

static void sim_release(struct dma_device *dma)
{
	deferred_free_put(&container_of(dma, struct sim, dma)->later);
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

static void stop_thread(struct sim_chan *sc)
{
	vchan_abort(&sc->vc);
	wake_up_all(&sc->idle);
	if (!IS_ERR_OR_NULL(sc->thread))
		kthread_stop(sc->thread);
}

static void stop_threads(struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < MAX_CHANNELS; i++) {
		if (sim->chan[i])
			stop_thread(sim->chan[i]);
	}
}

static DEFINE_MUTEX(bound_lock);
static struct sim *bound; /* under bound_lock */
static int retired = -1;  /* the latest; likewise */

static void sim_unbind(void *data)
{
	struct sim *sim = data;

	mutex_lock(&bound_lock);
	bound = NULL;
	mutex_unlock(&bound_lock);
	dma_async_device_unregister(&sim->dma);
	stop_threads(sim);
	if (sim->dma.device_release)
		deferred_free_put(&sim->later);
	else
		sim_free(sim);
}

struct leaving {
	struct dma_chan *chan;
	bool unlisted;
};

static bool unlist(struct dma_chan *chan, void *param)
{
	struct leaving *leaving = param;

	/* Its own pointers stay: who is visiting the channels goes on from here. */
	if (chan == leaving->chan) {
		__list_del_entry(&chan->device_node);
		leaving->unlisted = true;
	}
	return false;
}

/*
 * dmaengine goes through a device's channels under its list mutex, and has no call that takes one
 * of them out under it. A filter is called under it.
 */
static void unlist_channel(struct dma_chan *chan)
{
	struct leaving leaving = { .chan = chan };

	visit_channels(unlist, &leaving);
	/* Somebody still has it, and only free ones are visited. */
	if (!leaving.unlisted)
		list_del(&chan->device_node);
}

/*
 * Takes a channel away alone, as idxd does with that of a work queue which is disabled: its device
 * stays, and its memory is gone at once.
 */
static int retire_set(const char *text, const struct kernel_param *kp)
{
	struct sim_chan *sc;
	unsigned int number;
	int err = kstrtouint(text, 0, &number);

	if (err)
		return err;
	mutex_lock(&bound_lock);
	sc = bound && number < MAX_CHANNELS ? bound->chan[number] : NULL;
	if (sc) {
		bound->chan[number] = NULL;
		dma_async_device_channel_unregister(&bound->dma, &sc->vc.chan);
		unlist_channel(&sc->vc.chan);
		stop_thread(sc);
		kfree(sc);
		retired = number;
	}
	mutex_unlock(&bound_lock);
	return sc ? 0 : -ENODEV;
}

static const struct kernel_param_ops retire_ops = { .set = retire_set, .get = param_get_int };
module_param_cb(retire, &retire_ops, &retired, 0644);
MODULE_PARM_DESC(retire, "number of a channel that goes, until the device is bound again");

static void sim_describe(struct dma_device *dma, struct device *dev)
{
	vchan_describe(dma, dev);
	if (unordered)
		dma_cap_set(DMA_COMPLETION_NO_ORDER, dma->cap_mask);
	dma->device_prep_dma_memcpy = sim_prep_memcpy;
	dma->device_tx_status = sim_tx_status;
	dma->device_issue_pending = sim_issue_pending;
	if (!unstoppable)
		dma->device_terminate_all = sim_terminate_all;
	dma->device_synchronize = sim_synchronize;
	dma->device_free_chan_resources = sim_free_resources;
	if (!sim_is_classic())
		dma->device_release = sim_release;
	sim_describe_modes(dma);
}

static int start_channel(struct sim *sim, struct device *dev, unsigned int i)
{
	struct sim_chan *sc = kzalloc(sizeof(*sc), GFP_KERNEL);

	if (!sc)
		return -ENOMEM;
	sim->chan[i] = sc;
	sc->dev = dev;
	sc->number = i;
	init_waitqueue_head(&sc->work);
	init_waitqueue_head(&sc->idle);
	spin_lock_init(&sc->prep_lock);
	vchan_init(&sc->vc, &sim->dma);
	sc->thread = kthread_run(sim_thread, sc, "dmabench_sim/%u", i);
	return PTR_ERR_OR_ZERO(sc->thread);
}

static int sim_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	unsigned int i;
	struct sim *sim;
	int err;

	err = check_direct(dev);
	if (err)
		return err;
	free_deferred();
	sim = kzalloc(sizeof(*sim), GFP_KERNEL);
	if (!sim)
		return -ENOMEM;
	deferred_free_init(&sim->later, free_at_last);
	sim_describe(&sim->dma, dev);
	err = sim_limits_apply(&sim->dma, dev);
	if (err)
		goto stop;
	for (i = 0; i < channels && !err; i++)
		err = start_channel(sim, dev, i);
	if (err)
		goto stop;
	err = dma_async_device_register(&sim->dma);
	if (err)
		goto stop;
	if (sim->dma.device_release)
		refcount_inc(&sim->later.users);
	mutex_lock(&bound_lock);
	bound = sim;
	mutex_unlock(&bound_lock);
	return devm_add_action_or_reset(dev, sim_unbind, sim);
stop:
	stop_threads(sim);
	sim_free(sim);
	return err;
}

static const struct platform_device_id sim_ids[] = { { .name = KBUILD_MODNAME }, {} };

/* Its device has the simulator's name whatever its driver is called. */
static struct platform_driver sim_driver = {
	.driver.name = KBUILD_MODNAME,
	.id_table = sim_ids,
	.probe = sim_probe,
};

/* Tests of what dmabench knows of a provider have it go by that one's name. */
#ifdef DMABENCH_SIM_DISGUISE
static char *driver = KBUILD_MODNAME;
module_param(driver, charp, 0444);
MODULE_PARM_DESC(driver, "name of the provider that it plays");

static void put_on_disguise(void)
{
	sim_driver.driver.name = driver;
}
#else
static void put_on_disguise(void)
{
}
#endif

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
	put_on_disguise();
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
	free_deferred();
}
module_exit(sim_exit);

MODULE_DESCRIPTION("A software dmaengine provider with exact times");
MODULE_AUTHOR("The dmabench authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(DMABENCH_VERSION);
