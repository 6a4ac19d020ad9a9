// SPDX-License-Identifier: GPL-2.0-only
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

/* A second, or less if it is to stop. */
static bool tick(struct watch *w)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&w->lock);
	while (!w->stop && pthread_cond_timedwait(&w->wake, &w->lock, &until) != ETIMEDOUT)
		;
	stop = w->stop;
	pthread_mutex_unlock(&w->lock);
	return !stop;
}

static void *look(void *data)
{
	struct watch *w = data;
	unsigned long seen = 0;
	unsigned int same = 0;

	while (tick(w)) {
		unsigned long turns = atomic_load_explicit(&w->turns, memory_order_relaxed);

		same = turns == seen && turns % 2 ? same + 1 : 0;
		seen = turns;
		if (same >= atomic_load(&w->patience)) {
			w->stuck(w->data);
			break;
		}
	}
	return NULL;
}

int watch_start(struct watch *w, unsigned int patience, void (*stuck)(void *data), void *data)
{
	pthread_condattr_t monotonic;
	sigset_t all, before;
	int ret;

	atomic_init(&w->turns, 0);
	atomic_init(&w->patience, patience);
	w->stuck = stuck;
	w->data = data;
	w->stop = false;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* Signals are for the thread that works. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = -pthread_create(&w->thread, NULL, look, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	w->running = !ret;
	return ret;
}

void watch_stop(struct watch *w)
{
	if (!w->running)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	w->running = false;
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
}
