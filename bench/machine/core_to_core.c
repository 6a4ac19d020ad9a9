// SPDX-License-Identifier: GPL-2.0-only
#include "core_to_core.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "nodes.h"
#include "platform.h"

#define STRETCHES 10 /* an idle CPU needs some to be as quick as it can */
#define STRETCH_NS 1000000u
/* Where others have the CPUs, both players may not run at the same time for long. */
#define MOST_STRETCHES 2000

struct game {
	_Alignas(64) atomic_ulong word;
	_Alignas(64) atomic_bool over;
	atomic_int err;
};

struct player {
	struct game *game;
	int cpu;
	unsigned long parity; /* whose turn it is when the word is so */
};

static void *play(void *arg)
{
	const struct player *self = arg;
	struct game *game = self->game;
	int err = pin_to_cpu(self->cpu);

	leave_real_time();
	if (err)
		atomic_store(&game->err, err);
	while (!err && !atomic_load_explicit(&game->over, memory_order_relaxed)) {
		unsigned long n = atomic_load_explicit(&game->word, memory_order_acquire);

		/* A store alone takes 28 ns at one time and 50 at another on an EPYC. */
		if (n % 2 == self->parity)
			atomic_fetch_add(&game->word, 1);
	}
	return NULL;
}

/* ns for each time that the word changed while this thread slept; 0: it never did. */
static double stretch(struct game *game)
{
	unsigned long first = atomic_load(&game->word), last;
	uint64_t start = now_ns();

	sleep_ns(STRETCH_NS);
	last = atomic_load(&game->word);
	return last == first ? 0 : (double)(now_ns() - start) / (double)(last - first);
}

static double least_of_stretches(struct game *game)
{
	double least = 0;

	for (int i = 0;
	     !atomic_load(&game->err) && (i < STRETCHES || (!(least > 0) && i < MOST_STRETCHES));
	     i++) {
		double ns = stretch(game);

		if (ns > 0 && (!(least > 0) || ns < least))
			least = ns;
	}
	return least;
}

int core_to_core_ns(int cpu, int other, double *ns, char *why, size_t len)
{
	struct game game = { 0 };
	struct player players[2] = { { &game, cpu, 0 }, { &game, other, 1 } };
	pthread_t threads[2];
	int started = 0, err = 0;

	while (started < 2 && !err) {
		err = -pthread_create(&threads[started], NULL, play, &players[started]);
		started += !err;
	}
	*ns = err ? 0 : least_of_stretches(&game);
	atomic_store(&game.over, true);
	for (int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (!err)
		err = atomic_load(&game.err);
	if (!err && !(*ns > 0))
		err = -ETIME;
	if (err)
		snprintf(why, len, "a word from CPU %d to CPU %d: %s", cpu, other, strerror(-err));
	return err;
}

int core_to_core_ns_usable(double *ns, char *why, size_t len)
{
	static int cpus[MAX_CPUS];
	unsigned int n = node_cpus(-1, cpus);

	if (n < 2) {
		snprintf(why, len, "one usable CPU");
		return -ENODATA;
	}
	/* Threads may take turns there, for as long as a word doesn't come through. */
	if (platform_emulated()) {
		snprintf(why, len, "an emulated machine's caches mean nothing");
		return -ENODATA;
	}
	return core_to_core_ns(cpus[0], cpus[n - 1], ns, why, len);
}
