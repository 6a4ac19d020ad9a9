// SPDX-License-Identifier: GPL-2.0-only
#include "team.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "team_inside.h"

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
	for (unsigned int i = 0; i < team->work.threads; i++)
		share_out(team->work.pairs->dst, team->work.size, team->work.threads, ahead, i,
			  &team->parts[i]);
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
