/* SPDX-License-Identifier: GPL-2.0-only */
/* Engines: dmaengine channels that are open, what is known of them, who is told when one goes. */
#ifndef DMABENCH_ENGINE_H
#define DMABENCH_ENGINE_H

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include "dmabench.h"

/* ---- engine.c ---------------------------------------------------------- */

struct engine {
	struct list_head node;	/* in the list of open engines */
	refcount_t opens;	/* one more, for ever, when it is poisoned */
	struct list_head watch; /* those whose channel may go; under channels_lock */
	/* Not to be used without submit_lock, but by engine_status; nor after detached. */
	struct dma_chan *chan;
	struct dma_chan_dev *chan_dev; /* referenced; its chan is NULL once unregistered */
	struct device *provider;       /* whose channel it is; referenced */
	struct device *dev;	       /* the one that masters the bus; referenced */
	struct notifier_block notifier;
	struct dmabench_engine_info info; /* as it was when it was opened */
	int number[2];			  /* of the device and of the channel, as in its name */
	struct mutex submit_lock;	  /* see above */
	struct list_head requests;	  /* running on it, under submit_lock */
	struct list_head quarantine;	  /* what it may still write to; under submit_lock */
	atomic_t inflight;		  /* descriptors, on behalf of whomever */
	bool stopping;			  /* the channel is being stopped; under submit_lock */
	int poisoned;			  /* couldn't be stopped; never comes back */
	bool gone;			  /* is going, or went; under submit_lock */
	bool detached; /* the channel is the provider's again; under submit_lock */
	bool can_stop;
	bool ordered; /* cookies are completed in order, so they can be asked for */
	struct rw_semaphore map_sem;
	spinlock_t areas_lock;	/* the list below */
	struct list_head areas; /* mapped for it, under areas_lock */
	struct mutex coherent_lock;
	struct list_head coherent; /* buffers, under coherent_lock */
	unsigned int unheard;	   /* polled copies in a row without a last callback */
	size_t align;
	size_t min_len;		/* of one descriptor */
	size_t max_len;		/* likewise */
	unsigned int room;	/* for descriptors in flight; 0: a full channel says so itself */
	bool limited;		/* by min_len or room, as few are */
	bool no_result;		/* its descriptors mustn't be given a callback_result */
	size_t max_map;		/* of what is mapped in one piece */
	unsigned long boundary; /* mask no descriptor may cross */
};

struct engine *engine_get(const char *name);
void engine_put(struct engine *engine);
void engine_poison(struct engine *engine);

/* ---- channels.c -------------------------------------------------------- */

extern struct mutex engines_lock;
extern struct list_head engines; /* that are open; under engines_lock */

int engine_count(u32 *count);
int engine_list(struct dmabench_engine_info *info);
int engine_first_name(char *name, size_t size);
u32 engine_iommu(struct device *dev);
bool channel_stale(const struct dma_chan *chan);
struct dma_chan *channel_request(dma_filter_fn filter, void *param);
void channel_describe(struct dmabench_engine_info *info, struct dma_chan *chan);

static inline bool engine_poisoned(const struct engine *engine)
{
	return READ_ONCE(engine->poisoned);
}

static inline bool engine_usable(const struct engine *engine)
{
	return !engine_poisoned(engine) && !READ_ONCE(engine->gone);
}

/*
 * Locks that are free most of the time, without the look for others who want this CPU that
 * mutex_lock and down_read begin with: that is most of what they cost.
 */
static inline void lock_quickly(struct mutex *lock)
{
	might_lock(lock);
	if (!mutex_trylock(lock))
		mutex_lock(lock);
}

static inline void map_lock(struct engine *engine)
{
	might_lock_read(&engine->map_sem);
	if (!down_read_trylock(&engine->map_sem))
		down_read(&engine->map_sem);
}

static inline void map_unlock(struct engine *engine)
{
	up_read(&engine->map_sem);
}

/* ---- watch.c ----------------------------------------------------------- */

extern struct mutex channels_lock;

void watch_init(void (*going)(struct engine *engine));
void watch_exit(void);
bool watch_has_class(void);
int watch_class(typeof(((struct class_interface *)NULL)->class) class);
void watch_track(struct engine *engine);
int watch_begin(struct engine *engine);
void watch_end(struct engine *engine);

/* ---- withdraw.c -------------------------------------------------------- */

void engine_withdraw(struct engine *engine);

/* ---- limits.c ---------------------------------------------------------- */

/* What a descriptor may be, and how many there may be at once; in bytes and descriptors. */
struct chan_limits {
	size_t align;	   /* of addresses and lengths; a power of two */
	size_t min_len;	   /* 0: any */
	size_t max_len;	   /* a multiple of align */
	unsigned int room; /* 0: not known, a full channel refuses */
	u8 align_by;	   /* DMABENCH_BY_*, as the three below */
	u8 min_len_by;
	u8 max_len_by;
	u8 room_by;
	u32 flags;	/* DMABENCH_ENGINE_* of its provider */
	bool no_result; /* its descriptors mustn't be given a callback_result */
};

void chan_limits(struct dma_chan *chan, struct chan_limits *limits);

#endif /* DMABENCH_ENGINE_H */
