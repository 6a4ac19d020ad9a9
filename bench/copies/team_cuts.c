// SPDX-License-Identifier: GPL-2.0-only
/*
 * With a queue: who copied how fast, and the parts after that. CPUs aren't equally fast: by what
 * they are, by what else they or their siblings do, by where pages lie; and under a hypervisor
 * that changes within milliseconds. A part that is longer by a few pages moves those from one
 * CPU's cache to another's once; waiting is paid in each round.
 */
#include <string.h>

#include "../clock.h"
#include "team_inside.h"

/* So that a clock's reading, a round that was just finished or not, and an interrupt don't count. */
#define LOOK_NS 1000000u
#define LOOK_ROUNDS 4

/*
 * By which share of it a part may change each time. A CPU that the hypervisor takes away for some
 * milliseconds isn't a slow one: once parts had followed, it would be back, and all others slow.
 */
#define LOOK_MOST (1.0 / 64)

/* Its wait among it if it goes on: for a round that isn't there yet, so that nothing of it changes. */
static uint64_t idle_until(const struct team *team, const struct worker *w, uint64_t now)
{
	bool waits = atomic_load_explicit(&w->missing, memory_order_acquire) > team->round;
	uint64_t idle = atomic_load_explicit(&w->idle_ns, memory_order_relaxed);

	return waits && now > w->missing_since ? idle + (now - w->missing_since) : idle;
}

static uint64_t copied(const struct worker *w)
{
	return atomic_load_explicit(&w->copied, memory_order_relaxed);
}

static void count_from(struct team *team, uint64_t now)
{
	team->looked_ns = now;
	team->looked_round = team->complete;
	for (unsigned int i = 0; i < team->work.threads; i++) {
		team->workers[i].copied_before = copied(&team->workers[i]);
		team->workers[i].idle_before = idle_until(team, &team->workers[i], now);
	}
}

void team_begin_counting(struct team *team)
{
	count_from(team, now_ns());
}

/* Time for its part of a round, or 0; who takes pieces is never idle, and copies more than its part. */
static double part_time(const struct team *team, unsigned int rank, uint64_t now)
{
	const struct worker *w = &team->workers[rank];
	double bytes = (double)(copied(w) - w->copied_before);
	double busy = (double)(now - team->looked_ns);

	if (!team->pieces)
		busy -= (double)(idle_until(team, w, now) - w->idle_before);
	return bytes > 0 ? (double)newest_parts(team)[rank].size * busy / bytes : 0;
}

/* Parts by what each has done since the last look. */
static void share_anew(struct team *team, struct part *parts, double most, uint64_t now)
{
	for (unsigned int i = 0; i < team->work.threads; i++)
		team->busy[i] = part_time(team, i, now);
	share_by_time(team->work.dst, team->work.size, team->work.threads, most, team->busy, parts);
	count_from(team, now);
}

void team_cut_anew(struct team *team)
{
	struct cut *last = &team->cuts[team->newest], *next = &team->cuts[!team->newest];
	uint64_t now;

	/* All must copy by the newest before there may be another. */
	if (team->complete < first_of(last) || team->complete < team->looked_round + LOOK_ROUNDS)
		return;
	now = now_ns();
	if (now - team->looked_ns < LOOK_NS)
		return;
	memcpy(next->parts, last->parts, team->work.threads * sizeof(*next->parts));
	share_anew(team, next->parts, LOOK_MOST, now);
	atomic_store_explicit(&next->first, team->round + 1, memory_order_release);
	team->newest = !team->newest;
}

/* Nobody copies, and all know it. */
static void await_waiting(struct team *team)
{
	unsigned int spins = 0;

	for (unsigned int i = 1; i < team->work.threads; i++)
		while (atomic_load_explicit(&team->workers[i].missing, memory_order_acquire) !=
		       team->round + 1)
			pause_or_yield(&spins);
}

void team_divide_pieces(struct team *team)
{
	pieces_divide(team->pieces, newest_parts(team), team->round + 1);
}

void team_divide_anew(struct team *team)
{
	/* A short while says too little. */
	if (team->round - team->looked_round < 2 * team->work.queue)
		return;
	await_waiting(team);
	share_anew(team, newest_parts(team), 1, now_ns());
	team_divide_pieces(team);
}
