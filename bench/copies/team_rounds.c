// SPDX-License-Identifier: GPL-2.0-only
/* What a team's threads do from round to round, and how the caller learns that they have. */
#include "../clock.h"
#include "../nodes.h"
#include "team_inside.h"

static void copy_part(const struct team *team, struct worker *self, size_t from, size_t size)
{
	if (size)
		copier_run(&team->copier, team->work.dst + from, team->work.src + from, size);
	count_up(&self->copied, size);
}

static unsigned long first_of(const struct cut *cut)
{
	return atomic_load_explicit(&cut->first, memory_order_acquire);
}

/*
 * A thread's share of a round is its own part. Another cut comes into its place only after all
 * have copied by this one, so that of the two the later one that has begun is meant.
 */
static void copy_share(const struct team *team, struct worker *self, unsigned long round)
{
	unsigned long other = first_of(&team->cuts[!self->cut]);
	const struct part *part;

	if (other <= round && other > first_of(&team->cuts[self->cut]))
		self->cut = !self->cut;
	part = &team->cuts[self->cut].parts[self->rank];
	copy_part(team, self, part->from, part->size);
}

/* Pieces are whole pages, from where parts meet: no line is shared. */
static bool copy_piece(struct team *team, struct worker *self, unsigned int part,
		       unsigned long last)
{
	struct piece piece;

	if (!pieces_take(team->pieces, part, last, &piece))
		return false;
	copy_part(team, self, piece.from, piece.size);
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
		copy_share(team, self, round);
		atomic_store_explicit(&self->done, round, memory_order_release);
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
	if (team->pieces) {
		complete_pieces(team, others);
		return;
	}
	for (; team->own < team->round; team->own++)
		copy_share(team, &team->workers[0], team->own + 1);
	for (unsigned int i = 1; i < team->work.threads; i++)
		await_done(team, &team->workers[i], others);
	team->complete = others;
}
