/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the team share: its threads, and where rounds stand. */
#ifndef DMABENCH_TEAM_INSIDE_H
#define DMABENCH_TEAM_INSIDE_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "../pause.h"
#include "pieces.h"
#include "share_out.h"
#include "team.h"

struct worker {
	pthread_t thread;
	struct team *team;
	unsigned int rank;		/* 1 … threads-1; the caller is 0 */
	uint64_t copied;		/* bytes, of pieces since the parts were made */
	_Alignas(64) atomic_ulong done; /* rounds finished; not with pieces */
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
	struct pieces *pieces;	      /* NULL: too few bytes, each copies its own part */
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

static inline void pause_or_yield(unsigned int *spins)
{
	if (++*spins % SPINS_BEFORE_YIELD == 0)
		sched_yield();
	pause_cpu();
}

static inline bool has_queue(const struct team *team)
{
	return team->work.queue > 1;
}

/* ---- team_rounds.c ---- */

/* A thread of the team: arg is its struct worker. */
void *team_work(void *arg);
/* The caller's parts of all rounds, and the others' up to one. */
void team_complete(struct team *team, unsigned long others);

/* ---- team_windows.c ---- */

void team_begin_window(struct team *team);
void team_end_window(struct team *team);
/* The parts of rounds to come, while nobody takes any. */
void team_divide_pieces(struct team *team);

#endif
