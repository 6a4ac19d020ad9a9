/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the team share: its threads, and what they have been given to do. */
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
	unsigned int rank; /* 1 … threads-1; the caller is 0 */
	uint64_t counted;  /* the caller's note: of done, what is counted in the pair */
	/* With a queue operations it has copied, else the last round finished; not with pieces. */
	_Alignas(64) atomic_ulong done;
};

struct team {
	struct team_work work;
	struct copier copier;
	struct part *parts;    /* of a round; not with a queue */
	struct pieces *pieces; /* NULL: too few bytes, each copies its own part */
	unsigned int started;
	/*
	 * Operations handed over, all since the start; and with a queue those that somebody has
	 * taken and those that are complete. On one line: whoever takes some tells of the last
	 * ones, and sees whether there are more, while the line is here.
	 */
	_Alignas(64) atomic_ulong go;
	atomic_ulong taken, complete;
	atomic_bool quit;
	/* The caller's count of rounds: for a look at go it would have to get that line back. */
	_Alignas(64) unsigned long round;
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

/* ---- team_rounds.c: one operation at a time, a round, copied by all together ---- */

void *team_work_in_rounds(void *worker);
/* A round, to its end. */
void team_run_round(struct team *team);

/* ---- team_deal.c: several in flight, each copied by one ---- */

void *team_work_on_dealt(void *worker);
void team_deal(struct team *team, uint64_t n);
void team_await_dealt(struct team *team);

#endif
