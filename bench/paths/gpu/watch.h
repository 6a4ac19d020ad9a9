/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An end to waiting inside calls that have none: a thread sees that what was begun doesn't end.
 * To whoever is watched it costs two stores.
 */
#ifndef DMABENCH_WATCH_H
#define DMABENCH_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct watch {
	atomic_ulong turns;   /* odd: something is under way; by whoever is watched alone */
	atomic_uint patience; /* seconds, of the process's own: one that is stopped loses none */
	void (*stuck)(void *data);
	void *data;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool running, stop;
};

/* stuck(data) is called by the thread, once, if a turn takes longer. 0 or -errno. */
int watch_start(struct watch *w, unsigned int patience, void (*stuck)(void *data), void *data);
void watch_stop(struct watch *w);

static inline void watch_turn(struct watch *w)
{
	atomic_store_explicit(&w->turns, atomic_load_explicit(&w->turns, memory_order_relaxed) + 1,
			      memory_order_relaxed);
}

#define watch_begin watch_turn
#define watch_end watch_turn

#endif
