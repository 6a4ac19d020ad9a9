// SPDX-License-Identifier: GPL-2.0-only
#include "team.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/clock.h"
#include "machine/nodes.h"
#include "team_inside.h"

/*
 * A caller who waits so long, so often and mostly, waits for threads that aren't running: those
 * that are take a fraction of it, but for single rounds on a busy machine.
 */
#define LATE_NS 2000000u
#define LATE_AT_LEAST 8
/* It may have been other work that is over: after so many waits, twice as many each time. */
#define WAITS_ASLEEP 64ul
#define MOST_DOUBLINGS 10
/* A sleep of the least length there is takes about as long again. */
#define SLEEP_NS 50000u

void team_lose_patience(const struct team *team, struct patience *p)
{
	if (!p->since)
		p->since = now_ns();
	if (atomic_load_explicit(&team->crowded, memory_order_relaxed))
		sleep_ns(SLEEP_NS);
	else
		sched_yield();
}

static void set_crowded(struct team *team, bool crowded)
{
	team->first = team->waits;
	team->asleep_ns = 0;
	team->again = crowded ? team->waits + (WAITS_ASLEEP << team->crowds) : 0;
	if (!crowded)
		team->late = team->late_ns = 0;
	else if (team->crowds < MOST_DOUBLINGS)
		team->crowds++;
	atomic_store_explicit(&team->crowded, crowded, memory_order_relaxed);
}

/*
 * On a guest whose CPUs take turns rounds are far quicker then. Where other work is on these
 * CPUs they aren't: who wakes up has to wait for it, and who spins has whole slices of time.
 */
static void judge_sleep(struct team *team, uint64_t ns)
{
	unsigned long slept = team->waits - team->first;

	team->asleep_ns += ns;
	if (slept == LATE_AT_LEAST && 2 * team->asleep_ns / slept > team->late_ns / team->late)
		team->no_use = true;
	if (team->no_use || team->waits >= team->again)
		set_crowded(team, false);
}

void team_reconsider(struct team *team, const struct patience *p)
{
	uint64_t ns = p->since ? now_ns() - p->since : 0;

	if (team->again) {
		judge_sleep(team, ns);
		return;
	}
	if (team->no_use || ns < LATE_NS)
		return;
	team->late++;
	team->late_ns += ns;
	if (team->late >= LATE_AT_LEAST && 2 * team->late > team->waits - team->first)
		set_crowded(team, true);
}

bool team_crowded(const struct team *team)
{
	return atomic_load_explicit(&team->crowded, memory_order_relaxed);
}

void team_take_cpu(const struct worker *self)
{
	int err = pin_to_cpu(self->team->work.cpus[self->rank]);

	if (err)
		atomic_store(&self->team->err, err);
}

int team_error(const struct team *team)
{
	return atomic_load(&team->err);
}

void team_submit(struct team *team, uint64_t n)
{
	if (has_queue(team)) {
		team_deal(team, n);
		return;
	}
	while (n--)
		team_run_round(team);
}

void team_drain(struct team *team)
{
	if (has_queue(team))
		team_await_dealt(team);
}

bool team_idle(const struct team *team)
{
	return !has_queue(team) || atomic_load(&team->complete) == atomic_load(&team->go);
}

bool team_takes_pieces(const struct team *team)
{
	return team->pieces;
}

void team_use(struct team *team, const struct copier *copier)
{
	team->copier = *copier;
}

void team_divide(struct team *team, size_t ahead)
{
	const unsigned int ways = team->work.both_ways ? 2 : 1, each = team->work.threads / ways;

	for (unsigned int i = 0; i < team->work.threads; i++) {
		const struct copy_pair *pair = team_pair(team, i);

		share_out(pair->dst, ways == 1 ? team->work.size : pair->size, each, ahead,
			  i % each, &team->parts[i]);
	}
	if (team->pieces)
		pieces_divide(team->pieces, team->parts, team->round + 1);
}

/* What only an operation that is copied by all together has. */
static int prepare_rounds(struct team *team)
{
	size_t piece = piece_size(team->work.size, team->work.threads);

	team->parts = calloc(team->work.threads, sizeof(*team->parts));
	if (!team->parts)
		return -ENOMEM;
	if (piece) {
		team->pieces = pieces_new(team->work.threads, piece);
		if (!team->pieces)
			return -ENOMEM;
	}
	team_divide(team, 0);
	return 0;
}

int team_start(const struct team_work *asked, struct team **made)
{
	size_t bytes = sizeof(struct team) + asked->threads * sizeof(struct worker);
	struct team *team = aligned_alloc(64, (bytes + 63) / 64 * 64);
	int ret;

	*made = team;
	if (!team)
		return -ENOMEM;
	memset(team, 0, bytes);
	team->work = *asked;
	ret = has_queue(team) ? 0 : prepare_rounds(team);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < asked->threads; i++) {
		team->workers[i].team = team;
		team->workers[i].rank = i;
	}
	for (unsigned int i = 1; i < asked->threads; i++) {
		ret = pthread_create(&team->workers[i].thread, NULL,
				     has_queue(team) ? team_work_on_dealt : team_work_in_rounds,
				     &team->workers[i]);
		if (ret)
			return -ret;
		team->started = i;
	}
	return 0;
}

void team_stop(struct team *team)
{
	if (!team)
		return;
	team_drain(team);
	atomic_store(&team->quit, true);
	for (unsigned int i = 1; i <= team->started; i++)
		pthread_join(team->workers[i].thread, NULL);
	pieces_free(team->pieces);
	free(team->parts);
	free(team);
}
