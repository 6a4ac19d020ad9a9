// SPDX-License-Identifier: GPL-2.0-only
#include "channel_threads.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/nodes.h"
#include "machine/pause.h"

/* Some 20 us, about what a sleep and a waking cost. */
#define SPINS 1000

struct member {
	pthread_t thread;
	struct channel_threads *workers;
	unsigned int rank;
	int err;
	_Alignas(64) atomic_uint done; /* rounds */
};

struct channel_threads {
	int (*share)(void *arg, unsigned int rank);
	void *arg;
	const int *cpus;
	unsigned int ncpus, threads, started;
	_Alignas(64) atomic_uint round; /* that may run */
	atomic_bool quit;
	struct member members[];
};

static void futex(atomic_uint *word, int op, unsigned int value)
{
	syscall(SYS_futex, word, op | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

/* Until the word is no longer old. */
static void await_change(atomic_uint *word, unsigned int old)
{
	for (int i = 0; i < SPINS; i++) {
		if (atomic_load_explicit(word, memory_order_acquire) != old)
			return;
		pause_cpu();
	}
	while (atomic_load_explicit(word, memory_order_acquire) == old)
		futex(word, FUTEX_WAIT, old);
}

static void announce(atomic_uint *word)
{
	atomic_fetch_add_explicit(word, 1, memory_order_release);
	futex(word, FUTEX_WAKE, 1u << 30);
}

static void *work(void *arg)
{
	struct member *self = arg;
	struct channel_threads *workers = self->workers;

	pin_to_cpu(workers->cpus[self->rank % workers->ncpus]);
	for (unsigned int round = 0;; round++) {
		await_change(&workers->round, round);
		if (atomic_load(&workers->quit))
			return NULL;
		self->err = workers->share(workers->arg, self->rank);
		announce(&self->done);
	}
}

struct channel_threads *channel_threads_start(unsigned int threads, const int *cpus,
					      unsigned int ncpus,
					      int (*share)(void *arg, unsigned int rank), void *arg)
{
	size_t bytes = sizeof(struct channel_threads) + threads * sizeof(struct member);
	struct channel_threads *workers = aligned_alloc(64, (bytes + 63) / 64 * 64);

	if (!workers)
		return NULL;
	memset(workers, 0, bytes);
	workers->share = share;
	workers->arg = arg;
	workers->cpus = cpus;
	workers->ncpus = ncpus;
	workers->threads = threads;
	for (unsigned int i = 1; i < threads; i++) {
		struct member *m = &workers->members[i];

		m->workers = workers;
		m->rank = i;
		if (pthread_create(&m->thread, NULL, work, m)) {
			channel_threads_stop(workers);
			return NULL;
		}
		workers->started = i;
	}
	return workers;
}

void channel_threads_go(struct channel_threads *workers)
{
	announce(&workers->round);
	workers->members[0].err = workers->share(workers->arg, 0);
}

int channel_threads_wait(struct channel_threads *workers)
{
	unsigned int round = atomic_load_explicit(&workers->round, memory_order_relaxed);
	int err = workers->members[0].err;

	for (unsigned int i = 1; i < workers->threads; i++) {
		await_change(&workers->members[i].done, round - 1);
		if (!err)
			err = workers->members[i].err;
	}
	return err;
}

void channel_threads_stop(struct channel_threads *workers)
{
	if (!workers)
		return;
	atomic_store(&workers->quit, true);
	announce(&workers->round);
	for (unsigned int i = 1; i <= workers->started; i++)
		pthread_join(workers->members[i].thread, NULL);
	free(workers);
}
