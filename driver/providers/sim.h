/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of dmabench_sim.ko share. */
#ifndef DMABENCH_SIM_H
#define DMABENCH_SIM_H

#include <linux/bits.h>
#include <linux/dmaengine.h>
#include <linux/wait.h>

#include "deferred_free.h"
#include "vchan.h"

#define MAX_CHANNELS 64

/* A callback that comes though its descriptor was terminated. */
struct stray {
	dma_async_tx_callback_result callback;
	void *param;
};

struct sim_chan {
	struct vchan vc;
	struct device *dev;
	struct task_struct *thread;
	unsigned int number;
	wait_queue_head_t work; /* something was issued */
	wait_queue_head_t idle; /* nothing is current any more */
	u64 end;		/* of the latest descriptor, by the model */
	struct stray stray;	/* under vc.lock */
	dma_cookie_t failed;	/* the latest that tx_status calls an error */
	bool lost;		/* until the device is bound again */
	spinlock_t prep_lock;	/* from preparing to submitting, where asked for */
	struct task_struct *holder;
	unsigned long switches; /* of the holder, when it took the lock */
};

struct sim {
	struct dma_device dma;
	struct deferred_free later;
	struct sim_chan *chan[MAX_CHANNELS]; /* NULL: none, or retired */
};

static inline struct sim_chan *to_sim_chan(struct dma_chan *chan)
{
	return container_of(to_vchan(chan), struct sim_chan, vc);
}

/* ---- sim_modes.c: kinds of providers that it can play ------------------- */

bool sim_is_classic(void);
void sim_describe_modes(struct dma_device *dma);
bool sim_takes(struct sim_chan *sc, size_t len);
bool sim_runs_on(void);
void sim_drop_waiting(struct sim_chan *sc);

/* ---- sim_prep.c: how descriptors are had ------------------------------- */

struct dma_async_tx_descriptor *sim_prep_memcpy(struct dma_chan *chan, dma_addr_t dst,
						dma_addr_t src, size_t len, unsigned long tx_flags);

/* ---- sim_work.c: the thread of a channel ------------------------------ */

int sim_thread(void *data);
void sim_stop_thread(struct sim_chan *sc);

/* ---- sim_calls.c: what dmaengine calls -------------------------------- */

void sim_describe(struct dma_device *dma, struct device *dev);

/* ---- sim_retire.c: a channel that goes alone -------------------------- */

/* NULL: from none. */
void sim_retire_from(struct sim *sim);

/* ---- sim_fault.c: what is to go wrong --------------------------------- */

enum sim_fault {
	FAULT_LATE,
	FAULT_NEVER,
	FAULT_TWICE,
	FAULT_DISORDER,
	FAULT_ERROR,
	FAULT_STATUS,
	FAULT_RESIDUE,
	FAULT_SILENT,
	FAULT_STRAY,
	FAULT_NOPREP,
	FAULT_NOSUBMIT,
	FAULT_NOTERM,
	FAULT_LOST,
	FAULT_MUTE,
	FAULTS,
};

unsigned long sim_faults_of_next(const struct sim_chan *sc);
bool sim_fault_now(const struct sim_chan *sc, enum sim_fault fault);
u64 sim_fault_ns(void);

static inline bool has_fault(const struct vdesc *desc, enum sim_fault fault)
{
	return desc->faults & BIT(fault);
}

/* ---- sim_limits.c: what a descriptor may be --------------------------- */

int sim_limits_apply(struct dma_device *dma, struct device *dev);
void sim_limits_check(const struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len);

#endif /* DMABENCH_SIM_H */
