// SPDX-License-Identifier: GPL-2.0-only
/* What a team's threads do from round to round, and how the caller learns that they have. */
#include "../clock.h"
#include "../nodes.h"
#include "team_inside.h"

/* Some microseconds' worth, and a part of the queue. */
#define BYTES_AT_ONCE (512u << 10)
#define QUEUE_AT_ONCE 8

/* So often the caller pauses between two looks, with a queue. */
#define PAUSES 16

/* The first of two copies away from the second; the last of an odd number has no second. */
static bool copies_down(const struct team *team, unsigned int rank)
{
	return team->copier.apart && rank % 2 == 0 && rank + 1 < team->work.threads;
}

static void copy_bytes(const struct team *team, bool down, size_t from, size_t size)
{
	uint8_t *dst = team->work.dst + from;
	const uint8_t *src = team->work.src + from;

	if (!size)
		return;
	if (down)
		copier_run_down(&team->copier, dst, src, size);
	else
		copier_run(&team->copier, dst, src, size);
}

/*
 * A thread's own part of a round, and up to which one at most it stays so. Another cut comes into
 * a cut's place only after all have copied by the other one, so that of the two the later one
 * that has begun is meant.
 */
static const struct part *own_part(const struct team *team, struct worker *self,
				   unsigned long round, unsigned long *last)
{
	unsigned long other = first_of(&team->cuts[!self->cut]);

	if (other > first_of(&team->cuts[self->cut])) {
		if (other <= round)
			self->cut = !self->cut;
		else if (other <= *last)
			*last = other - 1;
	}
	return &team->cuts[self->cut].parts[self->rank];
}

/*
 * Own parts of some rounds, so many that what is around a copy of some KiB doesn't count, and
 * neither does telling that they are done: to a line that the caller has just looked at that
 * takes as long as a copy of some KiB, and all stores behind it wait. Returns the last of them.
 */
static unsigned long copy_rounds(const struct team *team, struct worker *self, unsigned long round,
				 unsigned long last)
{
	const struct part part = *own_part(team, self, round, &last);
	unsigned long more = part.size ? BYTES_AT_ONCE / part.size : 0;
	const bool down = copies_down(team, self->rank);

	if (more > team->work.queue / QUEUE_AT_ONCE)
		more = team->work.queue / QUEUE_AT_ONCE;
	if (last > round + more)
		last = round + more;
	for (unsigned long i = round; i <= last; i++)
		copy_bytes(team, down, part.from, part.size);
	atomic_store_explicit(&self->done, last, memory_order_release);
	count_up(&self->copied, part.size * (last - round + 1));
	return last;
}

/* Pieces are whole pages, from where parts meet: no line is shared. */
static bool copy_piece(struct team *team, struct worker *self, unsigned int part,
		       unsigned long last)
{
	struct piece piece;

	if (!pieces_take(team->pieces, part, last, &piece))
		return false;
	copy_bytes(team, false, piece.from, piece.size);
	count_up(&self->copied, piece.size);
	pieces_done(team->pieces, &piece);
	return true;
}

/* Of the next part that has some left, after one's own. */
static bool help(struct team *team, struct worker *self, unsigned long last)
{
	for (unsigned int i = 1; i < team->work.threads; i++)
		if (copy_piece(team, self, (self->rank + i) % team->work.threads, last))
			return true;
	return false;
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
		count_up(&self->idle_ns, now_ns() - self->missing_since);
	return go;
}

/* One's own part of all rounds there are first, which one's caches know. */
static void work_by_piece(struct worker *self)
{
	struct team *team = self->team;

	for (unsigned long go = 0;;) {
		go = await_round(self, go + 1);
		if (!go)
			return;
		do {
			while (copy_piece(team, self, self->rank, go))
				;
		} while (atomic_load_explicit(&team->go, memory_order_relaxed) == go &&
			 help(team, self, go));
	}
}

static void work_by_part(struct worker *self)
{
	struct team *team = self->team;

	for (unsigned long round = 1, go = 0;; round++) {
		/* Looking takes the line from the caller, so not while there is work. */
		if (go < round)
			go = await_round(self, round);
		if (!go)
			return;
		round = copy_rounds(team, self, round, go);
	}
}

void *team_work(void *arg)
{
	struct worker *self = arg;

	pin_to_cpu(self->team->work.cpus[self->rank]);
	if (self->team->pieces)
		work_by_piece(self);
	else
		work_by_part(self);
	return NULL;
}

static void await_done(struct team *team, const struct worker *w, unsigned long round)
{
	unsigned int spins = 0;
	uint64_t start = 0;

	while (atomic_load_explicit(&w->done, memory_order_acquire) < round) {
		if (!spins && has_queue(team))
			start = now_ns();
		for (int i = has_queue(team) ? 0 : PAUSES - 1; i < PAUSES; i++)
			pause_or_yield(&spins);
	}
	if (spins && has_queue(team))
		count_up(&team->workers[0].idle_ns, now_ns() - start);
}

/* All rounds up to one, and the caller's part of those behind it. */
static void complete_pieces(struct team *team, unsigned long round)
{
	struct worker *self = &team->workers[0];
	unsigned int spins = 0;

	while (copy_piece(team, self, 0, team->round))
		;
	while (team->complete < round) {
		if (pieces_complete(team->pieces, team->complete + 1))
			team->complete++;
		else if (!help(team, self, team->round))
			pause_or_yield(&spins);
	}
}

void team_complete(struct team *team, unsigned long others)
{
	unsigned long own = atomic_load_explicit(&team->workers[0].done, memory_order_relaxed);

	if (team->pieces) {
		complete_pieces(team, others);
		return;
	}
	while (own < team->round)
		own = copy_rounds(team, &team->workers[0], own + 1, team->round);
	for (unsigned int i = 1; i < team->work.threads; i++)
		await_done(team, &team->workers[i], others);
	team->complete = others;
}
