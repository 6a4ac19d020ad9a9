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
#include <linux/platform_device.h>

#include "sim.h"

static unsigned int channels = 2;
module_param(channels, uint, 0444);
MODULE_PARM_DESC(channels, "number of channels, 1 to 64 (default 2)");

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

static void stop_threads(struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < MAX_CHANNELS; i++) {
		if (sim->chan[i])
			sim_stop_thread(sim->chan[i]);
	}
}

static void sim_unbind(void *data)
{
	struct sim *sim = data;

	sim_retire_from(NULL);
	dma_async_device_unregister(&sim->dma);
	stop_threads(sim);
	if (sim->dma.device_release)
		deferred_free_put(&sim->later);
	else
		sim_free(sim);
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
	if (!sim_is_classic())
		sim->dma.device_release = sim_release;
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
	sim_retire_from(sim);
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
