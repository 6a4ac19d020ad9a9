// SPDX-License-Identifier: GPL-2.0-only
/* What dmaengine calls of the simulator's channels, but for preparing. */
#include <linux/module.h>

#include "sim.h"

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

void sim_describe(struct dma_device *dma, struct device *dev)
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
	sim_describe_modes(dma);
}
