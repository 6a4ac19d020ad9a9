/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that copy, each pinned to a CPU. One operation at a time: together, each its part of the
 * same bytes. Several in flight: each whole operations, between buffers of its own. They wait by
 * spinning, so that waking them is in no figure; what they spin is CPU use like any other. Only
 * where there aren't CPUs for all they sleep.
 */
#ifndef DMABENCH_TEAM_H
#define DMABENCH_TEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "copies.h"
#include "team_work.h"

struct team;

/*
 * Without a queue in equal parts, large ones in pieces that whoever is done with its own takes
 * over. 0 or -errno; then, too, what *team is must be stopped, unless it's NULL.
 */
int team_start(const struct team_work *work, struct team **team);
/* Waits for what is under way. */
void team_stop(struct team *team);

/* With nothing under way: what the threads copy by; and the caller's part longer than the others'. */
void team_use(struct team *team, const struct copier *copier);
void team_divide(struct team *team, size_t ahead);

/* Begin n operations and return when there is room for another. */
void team_submit(struct team *team, uint64_t n);
/* Return when all operations are complete; those of several pairs are then counted in them. */
void team_drain(struct team *team);

bool team_idle(const struct team *team);
/*
 * Threads have to wait for each other's CPUs, which they found out by waiting: for some operations they
 * sleep while they wait, or an operation would take as long as all of them are left to spin.
 */
bool team_crowded(const struct team *team);
/* 0, or -errno: a thread couldn't be put on its CPU. All have tried once an operation is complete. */
int team_error(const struct team *team);
/* Who is done early takes over pieces of the others' parts. */
bool team_takes_pieces(const struct team *team);

#endif
