// SPDX-License-Identifier: GPL-2.0-only
/* One operation at a time: each thread copies its part, and the caller learns that all have. */
#include "team_inside.h"

/* The first of two copies away from the second; the last of an odd number has no second. */
static bool copies_down(const struct team *team, unsigned int rank)
{
	return team->copier.apart && rank % 2 == 0 && rank + 1 < team->work.threads;
}

static void copy_bytes(const struct team *team, const struct copy_pair *pair, bool down,
		       size_t from, size_t size)
{
	uint8_t *dst = pair->dst + from;
	const uint8_t *src = pair->src + from;

	if (!size)
		return;
	if (down)
		copier_run_down(&team->copier, dst, src, size);
	else
		copier_run(&team->copier, dst, src, size);
}

static void copy_part(const struct team *team, unsigned int rank)
{
	const struct part *part = &team->parts[rank];

	copy_bytes(team, team_pair(team, rank), copies_down(team, rank), part->from, part->size);
}

/* Pieces are whole pages, from where parts meet: no line is shared. */
static bool copy_piece(struct team *team, unsigned int part, unsigned long round)
{
	struct piece piece;

	if (!pieces_take(team->pieces, part, round, &piece))
		return false;
	copy_bytes(team, team_pair(team, piece.part), false, piece.from, piece.size);
	pieces_done(team->pieces, &piece);
	return true;
}

/* One's own part first, which one's caches know; then the others'. */
static void copy_pieces(struct team *team, unsigned int rank, unsigned long round)
{
	for (unsigned int i = 0; i < team->work.threads; i++)
		while (copy_piece(team, (rank + i) % team->work.threads, round))
			;
}

/* The latest round, which is that one at least; 0: there are no more. */
static unsigned long await_round(const struct team *team, unsigned long round)
{
	struct patience p = { 0 };
	unsigned long go;

	while ((go = atomic_load_explicit(&team->go, memory_order_acquire)) < round) {
		if (atomic_load_explicit(&team->quit, memory_order_relaxed))
			return 0;
		pause_or_yield(team, &p);
	}
	return go;
}

void *team_work_in_rounds(void *worker)
{
	struct worker *self = worker;
	struct team *team = self->team;
	unsigned long round = 0;

	team_take_cpu(self);
	while ((round = await_round(team, round + 1))) {
		if (team->pieces) {
			copy_pieces(team, self->rank, round);
			continue;
		}
		copy_part(team, self->rank);
		atomic_store_explicit(&self->done, round, memory_order_release);
	}
	return NULL;
}

void team_run_round(struct team *team)
{
	unsigned long round = ++team->round;
	struct patience p = { 0 };

	if (team->pieces)
		pieces_begin(team->pieces);
	atomic_store_explicit(&team->go, round, memory_order_release);
	if (team->pieces) {
		copy_pieces(team, 0, round);
		while (!pieces_complete(team->pieces))
			pause_or_yield(team, &p);
		team_waited(team, &p);
		return;
	}
	copy_part(team, 0);
	for (unsigned int i = 1; i < team->work.threads; i++)
		while (atomic_load_explicit(&team->workers[i].done, memory_order_acquire) < round)
			pause_or_yield(team, &p);
	team_waited(team, &p);
}
