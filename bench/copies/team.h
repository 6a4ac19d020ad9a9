/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that copy together, each pinned to a CPU: round by round, each its part of the
 * same bytes. They wait for rounds by spinning, so that waking them is in no figure; what
 * they spin is CPU use like any other.
 */
#ifndef DMABENCH_TEAM_H
#define DMABENCH_TEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "copies.h"

struct team;

struct team_work {
	uint8_t *dst;
	const uint8_t *src;
	size_t size;	      /* bytes of a round */
	const int *cpus;      /* as many as there are threads; the caller is on the first */
	unsigned int threads; /* the caller among them */
	unsigned int queue;   /* rounds that may be under way, at least 1 */
};

/*
 * In equal parts, large ones in pieces that whoever is done with its own takes over; with more
 * than one round under way the parts of later ones follow how fast each thread was. 0 or -errno;
 * then, too, what *team is must be stopped, unless it's NULL.
 */
int team_start(const struct team_work *work, struct team **team);
/* Waits for what is under way. */
void team_stop(struct team *team);

/* With nothing under way: what the threads copy by; and the caller's part longer than the others'. */
void team_use(struct team *team, const struct copier *copier);
void team_divide(struct team *team, size_t ahead);

/* Begin n rounds and return when there is room for another: a full queue is worked down to half. */
void team_submit(struct team *team, uint64_t n);
/* Return when all rounds are complete. */
void team_drain(struct team *team);

bool team_idle(const struct team *team);
/* Who is done early takes over pieces of the others' parts. */
bool team_takes_pieces(const struct team *team);

#endif
