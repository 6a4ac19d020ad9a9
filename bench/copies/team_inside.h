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
	unsigned int rank; /* 1 … threads-1; the caller is 0 */
	unsigned int cut;  /* that of the round it copies */
	/* The caller's notes, of when it last looked. */
	uint64_t copied_before, idle_before;
	_Alignas(64) atomic_ulong done; /* the last round finished; not with pieces */
	atomic_ullong copied;		/* bytes */
	/* With a queue: the round that isn't there yet; since when, and how long such waits were. */
	atomic_ulong missing;
	uint64_t missing_since;
	atomic_ullong idle_ns;
};

/* Which part is whose, from a round on. */
struct cut {
	atomic_ulong first;
	struct part *parts;
};

struct team {
	struct team_work work;
	struct copier copier;
	struct cut cuts[2]; /* the newest, and what it takes the place of */
	double *busy;	    /* room for a figure of each thread */
	unsigned int started;
	struct pieces *pieces;	      /* NULL: too few bytes, each copies its own part */
	_Alignas(64) atomic_ulong go; /* round that may run */
	atomic_bool quit;
	/* The caller's counts, on a line that nobody else reads: rounds handed over, and those
	 * that are known to be complete. */
	_Alignas(64) unsigned long round, complete;
	unsigned int newest; /* cut */
	/* With a queue: when it last looked at what each had done, and what was complete then. */
	uint64_t looked_ns;
	unsigned long looked_round;
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

static inline unsigned long first_of(const struct cut *cut)
{
	return atomic_load_explicit(&cut->first, memory_order_acquire);
}

static inline struct part *newest_parts(const struct team *team)
{
	return team->cuts[team->newest].parts;
}

/* More to a figure that only this thread changes. */
static inline void count_up(atomic_ullong *figure, uint64_t more)
{
	uint64_t was = atomic_load_explicit(figure, memory_order_relaxed);

	atomic_store_explicit(figure, was + more, memory_order_relaxed);
}

/* ---- team_rounds.c ---- */

/* A thread of the team: arg is its struct worker. */
void *team_work(void *arg);
/* The caller's parts of all rounds, and the others' up to one. */
void team_complete(struct team *team, unsigned long others);

/* ---- team_cuts.c ---- */

/* Nothing was under way: what each does is counted from here on. */
void team_begin_counting(struct team *team);
/* With rounds under way, now and then: parts that follow how fast each thread was. */
void team_cut_anew(struct team *team);
/* The same for pieces, which can't change while anybody takes any: nothing is under way. */
void team_divide_anew(struct team *team);
/* The parts of rounds to come, while nobody takes any. */
void team_divide_pieces(struct team *team);

#endif
