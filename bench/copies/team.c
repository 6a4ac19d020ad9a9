// SPDX-License-Identifier: GPL-2.0-only
#include "team.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "team_inside.h"

/*
 * A full queue is worked down to half by the caller, so that the others, who may be ahead by
 * that much, have something to do while it fills it again; and they may be behind by as much.
 */
static void make_room(struct team *team)
{
	if (team->round - team->complete >= team->work.queue)
		team_complete(team, team->round - team->work.queue / 2);
}

void team_submit(struct team *team, uint64_t n)
{
	if (has_queue(team) && team_idle(team))
		team_begin_counting(team);
	while (n) {
		uint64_t room = team->work.queue - (team->round - team->complete);
		uint64_t more = n < room ? n : room;

		for (uint64_t i = 1; team->pieces && i <= more; i++)
			pieces_begin(team->pieces, team->round + i);
		team->round += more;
		atomic_store_explicit(&team->go, team->round, memory_order_release);
		make_room(team);
		if (has_queue(team) && !team->pieces)
			team_cut_anew(team);
		n -= more;
	}
}

void team_drain(struct team *team)
{
	bool under_way = !team_idle(team);

	team_complete(team, team->round);
	if (under_way && has_queue(team) && team->pieces)
		team_divide_anew(team);
}

bool team_idle(const struct team *team)
{
	return team->complete == team->round;
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
	for (unsigned int i = 0; i < team->work.threads; i++)
		share_out(team->work.dst, team->work.size, team->work.threads, ahead, i,
			  &newest_parts(team)[i]);
	if (team->pieces)
		team_divide_pieces(team);
}

int team_start(const struct team_work *asked, struct team **made)
{
	size_t bytes = sizeof(struct team) + asked->threads * sizeof(struct worker);
	struct team *team = aligned_alloc(64, (bytes + 63) / 64 * 64);
	size_t piece;

	*made = team;
	if (!team)
		return -ENOMEM;
	memset(team, 0, bytes);
	team->work = *asked;
	for (int i = 0; i < 2; i++)
		team->cuts[i].parts = calloc(asked->threads, sizeof(struct part));
	team->busy = calloc(asked->threads, sizeof(*team->busy));
	if (!team->cuts[0].parts || !team->cuts[1].parts || !team->busy)
		return -ENOMEM;
	piece = piece_size(asked->size, asked->threads);
	if (piece) {
		team->pieces = pieces_new(asked->threads, asked->queue, piece);
		if (!team->pieces)
			return -ENOMEM;
	}
	team_divide(team, 0);
	for (unsigned int i = 1; i < asked->threads; i++) {
		int err;

		team->workers[i].team = team;
		team->workers[i].rank = i;
		err = pthread_create(&team->workers[i].thread, NULL, team_work, &team->workers[i]);
		if (err)
			return -err;
		team->started = i;
	}
	return 0;
}

void team_stop(struct team *team)
{
	if (!team)
		return;
	atomic_store(&team->quit, true);
	for (unsigned int i = 1; i <= team->started; i++)
		pthread_join(team->workers[i].thread, NULL);
	pieces_free(team->pieces);
	for (int i = 0; i < 2; i++)
		free(team->cuts[i].parts);
	free(team->busy);
	free(team);
}
