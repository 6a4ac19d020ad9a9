// SPDX-License-Identifier: GPL-2.0-only
/*
 * With a queue: whole operations for whoever has time, so that nobody waits for a slower one.
 * Which CPU is slow changes within milliseconds, by what else it or its siblings do and, under a
 * hypervisor, by where it is.
 */
#include "team_inside.h"

/* Some microseconds' worth, against up to a fifth of one for the line that all take from. */
#define BYTES_AT_ONCE (512u << 10)

/*
 * Operations for one thread: fewer where few are left, so that all end together. Whoever sees
 * what somebody else has taken mustn't see an older go than that one did, or more would seem left.
 */
static unsigned long take(struct team *team)
{
	unsigned long most = BYTES_AT_ONCE / team->work.size + 1;
	unsigned long taken = atomic_load_explicit(&team->taken, memory_order_acquire), left, some;

	do {
		left = atomic_load_explicit(&team->go, memory_order_acquire) - taken;
		if (!left)
			return 0;
		some = left / (2 * team->work.threads) + 1;
		if (some > most)
			some = most;
	} while (!atomic_compare_exchange_weak_explicit(
		&team->taken, &taken, taken + some, memory_order_acq_rel, memory_order_acquire));
	return some;
}

static bool copy_some(struct worker *self)
{
	struct team *team = self->team;
	const unsigned long some = take(team);
	const struct copy_pair *pair = &team->work.pairs[self->rank];
	struct copier copier;

	if (!some)
		return false;
	copier = team->copier;
	for (unsigned long i = 0; i < some; i++)
		copier_run(&copier, pair->dst, pair->src, team->work.size);
	atomic_store_explicit(&self->done,
			      atomic_load_explicit(&self->done, memory_order_relaxed) + some,
			      memory_order_relaxed);
	atomic_fetch_add_explicit(&team->complete, some, memory_order_release);
	return true;
}

static bool await_more(struct team *team)
{
	struct patience p = { 0 };

	while (atomic_load_explicit(&team->taken, memory_order_relaxed) ==
	       atomic_load_explicit(&team->go, memory_order_relaxed)) {
		if (atomic_load_explicit(&team->quit, memory_order_relaxed))
			return false;
		pause_or_yield(team, &p);
	}
	return true;
}

void *team_work_on_dealt(void *worker)
{
	struct worker *self = worker;

	team_take_cpu(self);
	while (await_more(self->team))
		while (copy_some(self))
			;
	return NULL;
}

static unsigned long in_flight(const struct team *team)
{
	return atomic_load_explicit(&team->go, memory_order_relaxed) -
	       atomic_load_explicit(&team->complete, memory_order_acquire);
}

/* The caller copies what there is to take; a wait ends where it gets something. */
static void copy_or_wait(struct team *team, struct patience *p)
{
	if (!copy_some(&team->workers[0])) {
		pause_or_yield(team, p);
	} else if (p->since) {
		team_waited(team, p);
		*p = (struct patience){ 0 };
	}
}

void team_deal(struct team *team, uint64_t n)
{
	struct patience p = { 0 };

	for (;;) {
		unsigned long room = team->work.queue - in_flight(team);
		unsigned long more = n < room ? n : room;

		if (more)
			atomic_fetch_add_explicit(&team->go, more, memory_order_release);
		n -= more;
		if (!n && more < room) {
			team_waited(team, &p);
			return;
		}
		copy_or_wait(team, &p);
	}
}

void team_await_dealt(struct team *team)
{
	struct patience p = { 0 };

	while (in_flight(team))
		copy_or_wait(team, &p);
	team_waited(team, &p);
	for (unsigned int i = 0; i < team->work.threads; i++) {
		struct worker *w = &team->workers[i];
		uint64_t done = atomic_load_explicit(&w->done, memory_order_relaxed);

		team->work.pairs[i].ops += done - w->counted;
		w->counted = done;
	}
}
