/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of the machine before, during and after a run. Settings are compared at each
 * look, so that a run on a machine that somebody changed meanwhile can be told; counters
 * say what disturbed it. All looks are between launches: none is in a measured window.
 */
#ifndef DMABENCH_STATE_H
#define DMABENCH_STATE_H

#include <jansson.h>

#include "activity.h"

/* Long enough for some ticks of each CPU, short beside any run. */
#define STATE_WINDOW_NS 300000000ull

struct state {
	json_t *before, *after; /* spans as JSON; after is NULL until the end */
	json_t *settings;	/* as last seen */
	json_t *changed;	/* [{what, from, to, after_s}] */
	struct activity during;
};

/* Sleep through a window before the first launch. settings: as the result has them. */
void state_begin(struct state *s, const json_t *settings, uint64_t window_ns);

/* Between launches; does nothing if the last look was a moment ago. */
void state_look(struct state *s);

/* After the last launch: a last look, and a window like the first. */
void state_end(struct state *s, uint64_t window_ns);

/* {before, during, after, changed}; NULL before state_begin. New reference. */
json_t *state_to_json(const struct state *s);
void state_free(struct state *s);

#endif
