// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread of a channel: takes one descriptor after the other, moves its bytes
 * with the CPU and reports it at its time, or as wrongly as was asked for.
 */
#include <linux/dma-direct.h>
#include <linux/highmem.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>

#include "sim.h"

/*
 * Sleep while the end is further away than this, then spin: exact, yet idle. A
 * timer may fire 50 us late by its slack, and waking takes its time.
 */
#define SPIN_NS (150 * NSEC_PER_USEC)

static ulong bandwidth;
module_param(bandwidth, ulong, 0644);
MODULE_PARM_DESC(bandwidth, "bytes per second of each channel, 0: no limit (default 0)");

static ulong latency_ns;
module_param(latency_ns, ulong, 0644);
MODULE_PARM_DESC(latency_ns, "nanoseconds added to each descriptor (default 0)");

static ulong results;
module_param(results, ulong, 0444);
MODULE_PARM_DESC(results, "descriptors done that wanted to be told a result");

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

static bool move(struct sim_chan *sc, const struct vdesc *desc, size_t bytes)
{
	size_t done = 0;

	while (done < bytes) {
		dma_addr_t src = desc->src + done, dst = desc->dst + done;
		size_t len = min3(bytes - done, (size_t)(PAGE_SIZE - offset_in_page(src)),
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

static bool hangs(const struct vdesc *desc)
{
	return has_fault(desc, FAULT_NEVER) || has_fault(desc, FAULT_STRAY) ||
	       has_fault(desc, FAULT_LOST);
}

/* What the descriptor lacks when it is reported. */
static u32 residue_of(const struct vdesc *desc)
{
	return has_fault(desc, FAULT_RESIDUE) ? DIV_ROUND_UP(desc->len, 2) : 0;
}

/* One that fails and says nothing lacks as much as one that says so. */
static size_t moved_of(const struct vdesc *desc)
{
	return has_fault(desc, FAULT_MUTE) ? desc->len / 2 : desc->len - residue_of(desc);
}

/* Returns whether the bytes are there, or are said to be. */
static bool carry_out(struct sim_chan *sc, const struct vdesc *desc)
{
	size_t bytes = moved_of(desc);
	bool moved;

	sc->end = model_end(max(desc->issued, sc->end), desc->len);
	if (has_fault(desc, FAULT_LOST))
		WRITE_ONCE(sc->lost, true);
	if (hangs(desc)) {
		wait_until(sc, KTIME_MAX);
		return false;
	}
	if (has_fault(desc, FAULT_LATE)) {
		/* The bytes are late too: whoever gave up by then must still own their place. */
		sc->end += sim_fault_ns();
		wait_until(sc, sc->end);
		return !cut_short(sc) && move(sc, desc, bytes);
	}
	moved = move(sc, desc, bytes);
	wait_until(sc, sc->end);
	return moved && !has_fault(desc, FAULT_ERROR) && !has_fault(desc, FAULT_STATUS);
}

static void report(struct sim_chan *sc, struct vdesc *desc, bool good)
{
	struct dmaengine_result result = {
		.result = good ? DMA_TRANS_NOERROR : DMA_TRANS_WRITE_FAILED,
		.residue = residue_of(desc),
	};

	if (!has_fault(desc, FAULT_SILENT) || READ_ONCE(sc->vc.gone))
		vchan_tell(&sc->vc, desc, &result);
	if (has_fault(desc, FAULT_TWICE))
		vchan_tell(&sc->vc, desc, &result);
	kfree(desc);
}

static void work_on(struct sim_chan *sc, struct vdesc *desc)
{
	struct vchan *vc = &sc->vc;
	bool good = carry_out(sc, desc);

	spin_lock_irq(&vc->lock);
	if (vc->cancelled) {
		/* A descriptor that was cut off gives its time back. */
		sc->end = ktime_get_ns();
		if (has_fault(desc, FAULT_STRAY))
			sc->stray =
				(struct stray){ desc->tx.callback_result, desc->tx.callback_param };
	} else if (has_fault(desc, FAULT_STATUS)) {
		WRITE_ONCE(sc->failed, desc->tx.cookie);
	}
	desc = vchan_take(vc);
	spin_unlock_irq(&vc->lock);
	if (desc && desc->tx.callback_result)
		WRITE_ONCE(results, READ_ONCE(results) + 1);
	if (desc)
		report(sc, desc, good);
	wake_up_all(&sc->idle);
}

/* Under lock: a descriptor out of order lets the one behind it pass. */
static void let_pass(struct vchan *vc)
{
	struct vdesc *desc = list_first_entry_or_null(&vc->issued, struct vdesc, node);

	if (!desc || !has_fault(desc, FAULT_DISORDER) || list_is_singular(&vc->issued))
		return;
	/* Where cookies count, this would be a lie that nobody can see through. */
	if (!dma_has_cap(DMA_COMPLETION_NO_ORDER, vc->chan.device->cap_mask))
		return;
	desc->faults &= ~BIT(FAULT_DISORDER);
	list_move(&desc->node, vc->issued.next->next);
}

static void call_stray(struct stray *stray)
{
	const struct dmaengine_result result = { .result = DMA_TRANS_NOERROR };

	if (stray->callback)
		stray->callback(stray->param, &result);
}

static bool has_work(struct sim_chan *sc)
{
	return kthread_should_stop() || !list_empty_careful(&sc->vc.issued);
}

int sim_thread(void *data)
{
	struct sim_chan *sc = data;

	while (!kthread_should_stop()) {
		struct stray stray = {};
		struct vdesc *desc;

		wait_event_interruptible(sc->work, has_work(sc));
		spin_lock_irq(&sc->vc.lock);
		let_pass(&sc->vc);
		desc = vchan_next(&sc->vc);
		if (desc)
			swap(stray, sc->stray);
		spin_unlock_irq(&sc->vc.lock);
		call_stray(&stray);
		if (desc)
			work_on(sc, desc);
	}
	return 0;
}

void sim_stop_thread(struct sim_chan *sc)
{
	vchan_abort(&sc->vc);
	wake_up_all(&sc->idle);
	if (!IS_ERR_OR_NULL(sc->thread))
		kthread_stop(sc->thread);
}
