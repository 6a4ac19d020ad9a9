// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a word takes from one CPU's cache to another's: by that it shows whether the two are
 * under one last-level cache or two, which a hypervisor may change from one second to the next.
 * Prints ns, one way: the least of some stretches of 2 ms, since whatever disturbs makes it longer.
 *
 * usage: word CPU CPU
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STRETCHES 5

static _Alignas(64) atomic_ulong word;
static _Alignas(64) atomic_bool over;

struct player {
	int cpu;
	unsigned long parity; /* whose turn it is when the word is so */
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void *play(void *arg)
{
	const struct player *self = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(self->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		exit(1);
	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		unsigned long n = atomic_load_explicit(&word, memory_order_acquire);

		if (n % 2 == self->parity)
			atomic_store_explicit(&word, n + 1, memory_order_release);
	}
	return NULL;
}

/* ns for each time that the word changed while this thread slept. */
static double stretch(void)
{
	const struct timespec sleep = { 0, 2000000 };
	unsigned long first = atomic_load(&word), last;
	double start = now_ns();

	nanosleep(&sleep, NULL);
	last = atomic_load(&word);
	return (now_ns() - start) / (double)(last - first);
}

int main(int argc, char **argv)
{
	struct player players[2];
	pthread_t threads[2];
	double least = 0;

	if (argc != 3)
		return 2;
	for (unsigned long i = 0; i < 2; i++) {
		players[i] = (struct player){ atoi(argv[i + 1]), i };
		if (pthread_create(&threads[i], NULL, play, &players[i]))
			return 1;
	}
	stretch();
	for (int i = 0; i < STRETCHES; i++) {
		double ns = stretch();

		if (!i || ns < least)
			least = ns;
	}
	atomic_store(&over, true);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%.0f\n", least);
	return 0;
}
