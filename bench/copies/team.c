// SPDX-License-Identifier: GPL-2.0-only
#include "team.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../clock.h"
#include "../nodes.h"
#include "../pause.h"
#include "share_out.h"

struct worker {
	pthread_t thread;
	struct team *team;
	unsigned int rank;		  /* 1 … threads-1; the caller is 0 */
	_Alignas(64) atomic_size_t taken; /* bytes of the part that somebody copies or has copied */
	_Alignas(64) atomic_ulong done;	  /* rounds finished */
	/* With a queue: the round that isn't there yet; since when, and how long such waits were. */
	atomic_ulong missing;
	uint64_t missing_since, idle_ns;
	uint64_t idle_before; /* the caller's: idle when this window began */
};

struct team {
	struct team_work work;
	struct copier copier;
	struct part *parts;
	double *busy; /* room for a figure of each thread */
	unsigned int started;
	size_t piece; /* bytes that are taken at a time; 0: too few, each copies its own part */
	_Alignas(64) atomic_ulong go; /* round that may run */
	atomic_bool quit;
	/* The caller's counts, on a line that nobody else reads: rounds handed over, those it
	 * has done its part of, and those that are known to be complete. */
	_Alignas(64) unsigned long round, own, complete;
	/* With a queue, a window is from the first round to the end of all. */
	unsigned long window_round;
	uint64_t window_ns;
	struct worker workers[];
};

/* Some 50 us: whoever waits longer has time for a system call, and the other may want the CPU. */
#define SPINS_BEFORE_YIELD (1u << 12)

static void pause_or_yield(unsigned int *spins)
{
	if (++*spins % SPINS_BEFORE_YIELD == 0)
		sched_yield();
	pause_cpu();
}

static void copy_bytes(const struct team *team, size_t from, size_t size)
{
	if (size)
		copier_run(&team->copier, team->work.dst + from, team->work.src + from, size);
}

/* What is left of a part, piece by piece; pieces meet where parts do, so no line is shared. */
static void copy_pieces(struct team *team, unsigned int of)
{
	const struct part *part = &team->parts[of];
	struct worker *owner = &team->workers[of];

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
		copy_bytes(team, team->parts[rank].from, team->parts[rank].size);
		return;
	}
	for (unsigned int i = 0; i < team->work.threads; i++)
		copy_pieces(team, (rank + i) % team->work.threads);
}

static bool has_queue(const struct team *team)
{
	return team->work.queue > 1;
}

/* The latest round that may run, which is that one at least; 0: there are no more. */
static unsigned long await_round(struct worker *self, unsigned long round)
{
	struct team *team = self->team;
	unsigned int spins = 0;
	unsigned long go;

	while ((go = atomic_load_explicit(&team->go, memory_order_acquire)) < round) {
		if (atomic_load_explicit(&team->quit, memory_order_relaxed))
			return 0;
		if (!spins && has_queue(team)) {
			self->missing_since = now_ns();
			atomic_store_explicit(&self->missing, round, memory_order_release);
		}
		pause_or_yield(&spins);
	}
	if (spins && has_queue(team))
		self->idle_ns += now_ns() - self->missing_since;
	return go;
}

static void *work(void *arg)
{
	struct worker *self = arg;
	struct team *team = self->team;

	pin_to_cpu(team->work.cpus[self->rank]);
	for (unsigned long round = 1, go = 0;; round++) {
		/* Looking takes the line from the caller, so not while there is work. */
		if (go < round)
			go = await_round(self, round);
		if (!go)
			return NULL;
		copy_share(team, self->rank);
		atomic_store_explicit(&self->done, round, memory_order_release);
	}
}

/* Of a worker that waits, so that nothing of it changes. */
static uint64_t idle_until(const struct worker *w, uint64_t now)
{
	return w->idle_ns + (now - w->missing_since);
}

/* Nobody copies, and all know it: then their figures stand still. */
static void await_waiting(struct team *team)
{
	unsigned int spins = 0;

	for (unsigned int i = 1; i < team->work.threads; i++)
		while (atomic_load_explicit(&team->workers[i].missing, memory_order_acquire) !=
		       team->round + 1)
			pause_or_yield(&spins);
}

static void begin_window(struct team *team)
{
	await_waiting(team);
	team->window_round = team->round;
	team->window_ns = now_ns();
	for (unsigned int i = 1; i < team->work.threads; i++)
		team->workers[i].idle_before = idle_until(&team->workers[i], team->window_ns);
	team->workers[0].idle_ns = 0;
}

/*
 * CPUs aren't equally fast: by what they are, by what else they do, by where pages lie. Who
 * waited gets more to do in the next window. A short one says too little.
 */
static void end_window(struct team *team)
{
	unsigned int threads = team->work.threads;
	uint64_t now;

	if (team->round - team->window_round < 2 * team->work.queue)
		return;
	await_waiting(team);
	now = now_ns();
	for (unsigned int i = 0; i < threads; i++) {
		struct worker *w = &team->workers[i];
		uint64_t idle = i ? idle_until(w, now) - w->idle_before : w->idle_ns;

		team->busy[i] = (double)(now - team->window_ns) - (double)idle;
	}
	share_by_time(team->work.dst, team->work.size, threads, team->busy, team->parts);
}

static void await_done(struct team *team, const struct worker *w, unsigned long round)
{
	unsigned int spins = 0;
	uint64_t start = 0;

	while (atomic_load_explicit(&w->done, memory_order_acquire) < round) {
		if (!spins && has_queue(team))
			start = now_ns();
		pause_or_yield(&spins);
	}
	if (spins && has_queue(team))
		team->workers[0].idle_ns += now_ns() - start;
}

/* The caller's parts of all rounds, and the others' up to one. */
static void complete(struct team *team, unsigned long others)
{
	for (; team->own < team->round; team->own++)
		copy_share(team, 0);
	for (unsigned int i = 1; i < team->work.threads; i++)
		await_done(team, &team->workers[i], others);
	team->complete = others;
}

/*
 * A full queue is worked down to half by the caller, so that the others, who may be ahead by
 * that much, have something to do while it fills it again; and they may be behind by as much.
 */
static void make_room(struct team *team)
{
	if (team->round - team->complete >= team->work.queue)
		complete(team, team->round - team->work.queue / 2);
}

void team_submit(struct team *team, uint64_t n)
{
	if (has_queue(team) && team_idle(team))
		begin_window(team);
	while (n) {
		uint64_t room = team->work.queue - (team->round - team->complete);
		uint64_t more = n < room ? n : room;

		/* Pieces are for one round at a time, and nobody looks at these between rounds. */
		for (unsigned int i = 0; team->piece && i < team->work.threads; i++)
			atomic_store_explicit(&team->workers[i].taken, 0, memory_order_relaxed);
		team->round += more;
		atomic_store_explicit(&team->go, team->round, memory_order_release);
		make_room(team);
		n -= more;
	}
}

void team_drain(struct team *team)
{
	bool under_way = !team_idle(team);

	complete(team, team->round);
	if (under_way && has_queue(team))
		end_window(team);
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
			  &team->parts[i]);
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
	team->parts = calloc(asked->threads, sizeof(*team->parts));
	team->busy = calloc(asked->threads, sizeof(*team->busy));
	if (!team->parts || !team->busy)
		return -ENOMEM;
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
	free(team->parts);
	free(team->busy);
	free(team);
}
