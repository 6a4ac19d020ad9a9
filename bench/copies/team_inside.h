/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the team share: its threads, and what they have been given to do. */
#ifndef DMABENCH_TEAM_INSIDE_H
#define DMABENCH_TEAM_INSIDE_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "machine/pause.h"
#include "copies.h"
#include "pieces.h"
#include "share_out.h"
#include "team_work.h"

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
	atomic_bool crowded; /* there aren't CPUs for all */
	atomic_int err;	     /* -errno: some thread isn't on its CPU */
	/* The caller's count of rounds: for a look at go it would have to get that line back. */
	_Alignas(64) unsigned long round;
	/* The caller's waits for all others; of those since the first, how many took too long. */
	unsigned long waits, first, late;
	uint64_t late_ns, asleep_ns; /* of those that were late; of those since then with sleep */
	unsigned long again; /* the wait after which to try without sleeping; 0: nobody sleeps */
	unsigned int crowds; /* how often there weren't CPUs for all */
	bool no_use;	     /* sleeping made it no better */
	struct worker workers[];
};

/* Some 50 us: whoever waits longer has time for a system call, and the other may want the CPU. */
#define SPINS_BEFORE_YIELD (1u << 12)

/* One wait: how long it has been going on. */
struct patience {
	unsigned int spins;
	uint64_t since; /* ns, when that was first looked at; 0: it hasn't been */
};

/*
 * After so many spins. Where there aren't CPUs for all, as on a guest whose CPUs take turns on
 * fewer real ones, yielding gives nothing back: there waiting is sleeping.
 */
void team_lose_patience(const struct team *team, struct patience *p);

static inline void pause_or_yield(const struct team *team, struct patience *p)
{
	if (++p->spins % SPINS_BEFORE_YIELD == 0)
		team_lose_patience(team, p);
	pause_cpu();
}

/* Of a wait that was long, or one with sleep. */
void team_reconsider(struct team *team, const struct patience *p);

/* The caller's wait for all others is over. */
static inline void team_waited(struct team *team, const struct patience *p)
{
	team->waits++;
	if (team->again || p->since)
		team_reconsider(team, p);
}

/* A thread's own: to the CPU that it is to copy on. */
void team_take_cpu(const struct worker *self);

static inline bool has_queue(const struct team *team)
{
	return team->work.queue > 1;
}

/* What a thread's part of a round is of. */
static inline const struct copy_pair *team_pair(const struct team *team, unsigned int part)
{
	return &team->work.pairs[team->work.both_ways && part >= team->work.threads / 2];
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
