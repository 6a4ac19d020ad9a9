// SPDX-License-Identifier: GPL-2.0-only
#include "ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "compare/input.h"

#define MOST_THREADS 8
#define SLOTS (MOST_THREADS + 2) /* results in memory, at most */

/* Of file i, in slot i % SLOTS, from when a thread begins it until it is handed over. */
struct slot {
	bool done;
	json_t *result;
	char why[AHEAD_WHY];
};

struct ahead {
	const char *const *paths;
	size_t n, window; /* files; of them, those that are in memory at a time */
	pthread_mutex_t lock;
	pthread_cond_t room, done;
	size_t begun, taken; /* files */
	bool stop;
	struct slot slot[SLOTS];
	pthread_t thread[MOST_THREADS];
	size_t threads;
};

/* The next file to read, once there is room for it; n: none. */
static size_t begin(struct ahead *a)
{
	size_t i;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->begun < a->n && a->begun >= a->taken + a->window)
		pthread_cond_wait(&a->room, &a->lock);
	i = a->stop ? a->n : a->begun;
	if (i < a->n)
		a->begun++;
	pthread_mutex_unlock(&a->lock);
	return i;
}

static void *work(void *data)
{
	struct ahead *a = data;

	for (size_t i = begin(a); i < a->n; i = begin(a)) {
		struct slot *slot = &a->slot[i % SLOTS];
		/* The slot is this thread's alone until it says that it is done. */
		json_t *result = a->paths[i] ? input_read(a->paths[i], slot->why, sizeof(slot->why))
					     : NULL;

		pthread_mutex_lock(&a->lock);
		slot->result = result;
		slot->done = true;
		pthread_cond_signal(&a->done);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

struct ahead *ahead_start(const char *const *paths, size_t n)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct ahead *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->paths = paths;
	a->n = n;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->room, NULL);
	pthread_cond_init(&a->done, NULL);
	/* What the library of JSON sets up once isn't set up by several at a time. */
	json_object_seed(0);
	cpus = cpus < 1 ? 1 : cpus > MOST_THREADS ? MOST_THREADS : cpus;
	a->window = (size_t)cpus + 2;
	for (long i = 0; i < cpus; i++)
		a->threads += !pthread_create(&a->thread[a->threads], NULL, work, a);
	if (a->threads)
		return a;
	ahead_stop(a);
	return NULL;
}

json_t *ahead_next(struct ahead *a, char *why)
{
	struct slot *slot = &a->slot[a->taken % SLOTS];
	json_t *result;

	pthread_mutex_lock(&a->lock);
	while (!slot->done)
		pthread_cond_wait(&a->done, &a->lock);
	result = slot->result;
	snprintf(why, AHEAD_WHY, "%s", slot->why);
	slot->result = NULL;
	slot->done = false;
	a->taken++;
	pthread_cond_broadcast(&a->room);
	pthread_mutex_unlock(&a->lock);
	return result;
}

void ahead_stop(struct ahead *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_broadcast(&a->room);
	pthread_mutex_unlock(&a->lock);
	for (size_t i = 0; i < a->threads; i++)
		pthread_join(a->thread[i], NULL);
	for (size_t i = 0; i < SLOTS; i++)
		json_decref(a->slot[i].result);
	pthread_cond_destroy(&a->done);
	pthread_cond_destroy(&a->room);
	pthread_mutex_destroy(&a->lock);
	free(a);
}
