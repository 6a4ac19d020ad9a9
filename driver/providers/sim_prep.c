// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the simulator's descriptors are had and submitted: or refused, or with the channel's lock
 * held in between.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "sim.h"

static bool holds;
module_param(holds, bool, 0644);
MODULE_PARM_DESC(holds, "a prepared descriptor holds the channel's spinlock until it is submitted");

static ulong held_wrongly;
module_param(held_wrongly, ulong, 0644);
MODULE_PARM_DESC(held_wrongly,
		 "sleeps while it was held, and descriptors that were asked for, until now");

static unsigned long switches_of(const struct task_struct *task)
{
	return task->nvcsw + task->nivcsw;
}

/*
 * As ioat and plx_dma do. Whoever asks for another descriptor while it has one would stop for ever
 * there; here that is counted, and refused.
 */
static bool hold(struct sim_chan *sc)
{
	if (READ_ONCE(sc->holder) == current) {
		WRITE_ONCE(held_wrongly, held_wrongly + 1);
		return false;
	}
	spin_lock_bh(&sc->prep_lock);
	/* For sparse, which looks at one function at a time. */
	__release(&sc->prep_lock);
	WRITE_ONCE(sc->holder, current);
	sc->switches = switches_of(current);
	return true;
}

static void let_go(struct sim_chan *sc)
{
	if (sc->holder != current || sc->switches != switches_of(current))
		WRITE_ONCE(held_wrongly, held_wrongly + 1);
	WRITE_ONCE(sc->holder, NULL);
	__acquire(&sc->prep_lock);
	spin_unlock_bh(&sc->prep_lock);
}

static dma_cookie_t sim_submit_fails(struct dma_async_tx_descriptor *tx)
{
	struct vchan *vc = to_vchan(tx->chan);
	struct vdesc *desc = container_of(tx, struct vdesc, tx);
	unsigned long flags;

	spin_lock_irqsave(&vc->lock, flags);
	list_del(&desc->node);
	spin_unlock_irqrestore(&vc->lock, flags);
	kfree(desc);
	return -EIO;
}

/* Of one that holds the lock: submitted, or refused, it lets go of it. */
static dma_cookie_t sim_submit_held(struct dma_async_tx_descriptor *tx)
{
	struct sim_chan *sc = to_sim_chan(tx->chan);
	struct vdesc *desc = container_of(tx, struct vdesc, tx);
	dma_cookie_t cookie = has_fault(desc, FAULT_NOSUBMIT) ? sim_submit_fails(tx)
							      : vchan_tx_submit(tx);

	let_go(sc);
	return cookie;
}

struct dma_async_tx_descriptor *sim_prep_memcpy(struct dma_chan *chan, dma_addr_t dst,
						dma_addr_t src, size_t len, unsigned long tx_flags)
{
	struct sim_chan *sc = to_sim_chan(chan);
	unsigned long faults = sim_faults_of_next(sc);
	struct dma_async_tx_descriptor *tx;
	struct vdesc *desc;
	bool held;

	if (faults & BIT(FAULT_NOPREP) || READ_ONCE(sc->lost) || !sim_takes(sc, len))
		return NULL;
	sim_limits_check(chan, dst, src, len);
	held = READ_ONCE(holds);
	if (held && !hold(sc))
		return NULL;
	tx = vchan_prep_memcpy(chan, dst, src, len, tx_flags);
	if (!tx) {
		if (held)
			let_go(sc);
		return NULL;
	}
	desc = container_of(tx, struct vdesc, tx);
	desc->faults = faults;
	if (held)
		tx->tx_submit = sim_submit_held;
	else if (has_fault(desc, FAULT_NOSUBMIT))
		tx->tx_submit = sim_submit_fails;
	return tx;
}
