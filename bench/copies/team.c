// SPDX-License-Identifier: GPL-2.0-only
#include "team.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../nodes.h"
#include "share_out.h"

struct worker {
	pthread_t thread;
	struct team *team;
	unsigned int rank; /* 1 … threads-1; the caller is 0 */
	struct part part;
	_Alignas(64) atomic_size_t taken; /* bytes of the part that somebody copies or has copied */
	_Alignas(64) atomic_ulong done;	  /* rounds finished */
};

struct team {
	struct team_work work;
	struct copier copier;
	unsigned int started;
	size_t piece; /* bytes that are taken at a time; 0: too few, each copies its own part */
	_Alignas(64) atomic_ulong go; /* round that may run */
	atomic_bool quit;
	/* The caller's counts, on a line that nobody else reads: rounds handed over, those it
	 * has done its part of, and those that are known to be complete. */
	_Alignas(64) unsigned long round, own, complete;
	struct worker workers[];
};

/* Some 50 us: whoever waits longer has time for a system call, and the other may want the CPU. */
#define SPINS_BEFORE_YIELD (1u << 12)

static void pause_cpu(unsigned int *spins)
{
	if (++*spins % SPINS_BEFORE_YIELD == 0)
		sched_yield();
#if defined(__x86_64__)
	__builtin_ia32_pause();
#else
	__asm__ volatile("yield");
#endif
}

static void copy_bytes(const struct team *team, size_t from, size_t size)
{
	if (size)
		copier_run(&team->copier, team->work.dst + from, team->work.src + from, size);
}

/* What is left of a part, piece by piece; pieces meet where parts do, so no line is shared. */
static void copy_pieces(struct team *team, struct worker *owner)
{
	const struct part *part = &owner->part;

	while (atomic_load_explicit(&owner->taken, memory_order_relaxed) < part->size) {
		size_t at =
			atomic_fetch_add_explicit(&owner->taken, team->piece, memory_order_relaxed);

		if (at >= part->size)
			return;
		copy_bytes(team, part->from + at,
			   part->size - at < team->piece ? part->size - at : team->piece);
	}
}

/* A thread's share of a round: its own part first, which its caches know. */
static void copy_share(struct team *team, unsigned int rank)
{
	if (!team->piece) {
		copy_bytes(team, team->workers[rank].part.from, team->workers[rank].part.size);
		return;
	}
	for (unsigned int i = 0; i < team->work.threads; i++)
		copy_pieces(team, &team->workers[(rank + i) % team->work.threads]);
}

static void *work(void *arg)
{
	struct worker *self = arg;
	struct team *team = self->team;

	pin_to_cpu(team->work.cpus[self->rank]);
	for (unsigned long round = 1, go = 0;; round++) {
		unsigned int spins = 0;

		/* Looking takes the line from the caller, so not while there is work. */
		while (go < round) {
			go = atomic_load_explicit(&team->go, memory_order_acquire);
			if (go >= round)
				break;
			if (atomic_load_explicit(&team->quit, memory_order_relaxed))
				return NULL;
			pause_cpu(&spins);
		}
		copy_share(team, self->rank);
		atomic_store_explicit(&self->done, round, memory_order_release);
	}
}

void team_submit(struct team *team)
{
	/* Pieces are for one round at a time, and nobody looks at these between rounds. */
	for (unsigned int i = 0; team->piece && i < team->work.threads; i++)
		atomic_store_explicit(&team->workers[i].taken, 0, memory_order_relaxed);
	atomic_store_explicit(&team->go, ++team->round, memory_order_release);
}

/* Return when that round and all before it are complete. */
static void complete(struct team *team, unsigned long round)
{
	unsigned int spins = 0;

	for (; team->own < round; team->own++)
		copy_share(team, 0);
	for (unsigned int i = 1; i < team->work.threads; i++)
		while (atomic_load_explicit(&team->workers[i].done, memory_order_acquire) < round)
			pause_cpu(&spins);
	team->complete = round;
}

/* Half of it, so that the others have something to do while the caller fills it again. */
void team_wait(struct team *team)
{
	if (team->round - team->complete >= team->work.queue)
		complete(team, team->round - team->work.queue / 2);
}

void team_drain(struct team *team)
{
	complete(team, team->round);
}

bool team_idle(const struct team *team)
{
	return team->complete == team->round;
}

bool team_takes_pieces(const struct team *team)
{
	return team->piece;
}

void team_use(struct team *team, const struct copier *copier)
{
	team->copier = *copier;
}

void team_divide(struct team *team, size_t ahead)
{
	for (unsigned int i = 0; i < team->work.threads; i++)
		share_out(team->work.dst, team->work.size, team->work.threads, ahead, i,
			  &team->workers[i].part);
}

int team_start(const struct team_work *asked, struct team **made)
{
	size_t bytes = sizeof(struct team) + asked->threads * sizeof(struct worker);
	struct team *team = aligned_alloc(64, (bytes + 63) / 64 * 64);

	*made = team;
	if (!team)
		return -ENOMEM;
	memset(team, 0, bytes);
	team->work = *asked;
	team->piece = asked->queue > 1 ? 0 : piece_size(asked->size, asked->threads);
	team_divide(team, 0);
	for (unsigned int i = 1; i < asked->threads; i++) {
		int err;

		team->workers[i].team = team;
		team->workers[i].rank = i;
		err = pthread_create(&team->workers[i].thread, NULL, work, &team->workers[i]);
		if (err)
			return -err;
		team->started = i;
	}
	return 0;
}

void team_stop(struct team *team)
{
	if (!team)
		return;
	atomic_store(&team->quit, true);
	for (unsigned int i = 1; i <= team->started; i++)
		pthread_join(team->workers[i].thread, NULL);
	free(team);
}
