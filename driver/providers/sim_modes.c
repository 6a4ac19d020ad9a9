// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kinds of providers that the simulator can play, for tests of those who use it: they differ in
 * what becomes of their channels, in whose device masters the bus, and in how they say no.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/string.h>

#include "sim.h"

static bool classic;
module_param(classic, bool, 0644);
MODULE_PARM_DESC(classic,
		 "channels are freed with their device, whoever has them; when it is bound");

static bool dma_dev;
module_param(dma_dev, bool, 0644);
MODULE_PARM_DESC(dma_dev, "a channel's own device does the DMA; when it is opened");

static unsigned int refuse_below;
module_param(refuse_below, uint, 0644);
MODULE_PARM_DESC(refuse_below, "bytes; shorter descriptors can't be had (default 0)");

static unsigned int refuse_above = UINT_MAX;
module_param(refuse_above, uint, 0644);
MODULE_PARM_DESC(refuse_above, "bytes; longer descriptors can't be had (default: no limit)");

static unsigned int room;
module_param(room, uint, 0644);
MODULE_PARM_DESC(room, "descriptors that a channel has room for, 0: no limit (default 0)");

static bool full_waits;
module_param(full_waits, bool, 0644);
MODULE_PARM_DESC(full_waits, "a full channel waits for room, without an end, instead of refusing");

static bool runs_on;
module_param(runs_on, bool, 0644);
MODULE_PARM_DESC(runs_on, "terminating says that it has, and leaves what is at work to go on");

static unsigned int most;
module_param(most, uint, 0644);
MODULE_PARM_DESC(most, "most descriptors that a channel was to have at once, until now");

/* As most providers are. */
bool sim_is_classic(void)
{
	return READ_ONCE(classic);
}

/* k3-udma does so where a channel goes a way of its own to memory. */
static int sim_alloc_resources(struct dma_chan *chan)
{
	struct device *dev = &chan->dev->device;

	chan->dev->chan_dma_dev = READ_ONCE(dma_dev);
	if (!chan->dev->chan_dma_dev)
		return 0;
	dev->dma_parms = dev->parent->dma_parms;
	return dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64));
}

void sim_describe_modes(struct dma_device *dma)
{
	dma->device_alloc_chan_resources = sim_alloc_resources;
}

/* Not every kernel counts a list for us. */
static unsigned int length(const struct list_head *list)
{
	const struct list_head *pos;
	unsigned int count = 0;

	list_for_each(pos, list) count++;
	return count;
}

static unsigned int taken(struct sim_chan *sc)
{
	struct vchan *vc = &sc->vc;
	unsigned long flags;
	unsigned int count;

	spin_lock_irqsave(&vc->lock, flags);
	count = length(&vc->prepared) + length(&vc->submitted) + length(&vc->issued) +
		!!vc->current_desc;
	spin_unlock_irqrestore(&vc->lock, flags);
	return count;
}

static bool has_room(struct sim_chan *sc)
{
	unsigned int limit = READ_ONCE(room), count;

	if (!limit || READ_ONCE(sc->vc.gone))
		return true;
	count = taken(sc);
	WRITE_ONCE(most, max(READ_ONCE(most), count + 1));
	return count < limit;
}

/* Does the channel take one more descriptor, of this length? */
bool sim_takes(struct sim_chan *sc, size_t len)
{
	if (len < READ_ONCE(refuse_below) || len > READ_ONCE(refuse_above))
		return false;
	if (!READ_ONCE(room))
		return true;
	if (READ_ONCE(full_waits))
		wait_event(sc->idle, has_room(sc));
	return has_room(sc);
}

bool sim_runs_on(void)
{
	return READ_ONCE(runs_on);
}

/* What ptdma and hisi_dma call terminating: what waits is dropped, what is at work goes on. */
void sim_drop_waiting(struct sim_chan *sc)
{
	struct vchan *vc = &sc->vc;
	unsigned long flags;
	LIST_HEAD(dropped);

	spin_lock_irqsave(&vc->lock, flags);
	vchan_take_waiting(vc, &dropped);
	if (vc->current_desc)
		vc->current_desc->faults |= BIT(FAULT_SILENT);
	spin_unlock_irqrestore(&vc->lock, flags);
	vchan_free_list(&dropped);
}
