// SPDX-License-Identifier: GPL-2.0-only
/* With a queue: who copied how fast from the first round to the end of all, and the parts after that. */
#include "../clock.h"
#include "team_inside.h"

/* Of a worker that waits, so that nothing of it changes. */
static uint64_t idle_until(const struct worker *w, uint64_t now)
{
	return w->idle_ns + (now - w->missing_since);
}

void team_divide_pieces(struct team *team)
{
	pieces_divide(team->pieces, team->parts, team->round + 1);
	for (unsigned int i = 0; i < team->work.threads; i++)
		team->workers[i].copied = 0;
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

void team_begin_window(struct team *team)
{
	await_waiting(team);
	team->window_round = team->round;
	team->window_ns = now_ns();
	for (unsigned int i = 1; i < team->work.threads; i++)
		team->workers[i].idle_before = idle_until(&team->workers[i], team->window_ns);
	team->workers[0].idle_ns = 0;
}

static double busy_time(const struct team *team, unsigned int rank, uint64_t now)
{
	const struct worker *w = &team->workers[rank];
	uint64_t idle = rank ? idle_until(w, now) - w->idle_before : w->idle_ns;

	return (double)(now - team->window_ns) - (double)idle;
}

/* Time for so many bytes; who takes pieces is never idle, and copies more than its part. */
static double piece_time(const struct team *team, unsigned int rank)
{
	return (double)team->parts[rank].size / (double)team->workers[rank].copied;
}

/*
 * CPUs aren't equally fast: by what they are, by what else they do, by where pages lie. Who
 * waited gets more to do in the next window. A short one says too little.
 */
void team_end_window(struct team *team)
{
	unsigned int threads = team->work.threads;
	uint64_t now;

	if (team->round - team->window_round < 2 * team->work.queue)
		return;
	await_waiting(team);
	now = now_ns();
	for (unsigned int i = 0; i < threads; i++)
		team->busy[i] = team->pieces ? piece_time(team, i) : busy_time(team, i, now);
	share_by_time(team->work.dst, team->work.size, threads, team->busy, team->parts);
	if (team->pieces)
		team_divide_pieces(team);
}
