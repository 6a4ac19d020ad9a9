/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the cases that are shown take part in a question, and the best of them. */
#ifndef DMABENCH_PICKS_H
#define DMABENCH_PICKS_H

#include "shown.h"

typedef bool shown_pick(const struct shown *c);

/* Copies whose times are advice: by one thread, by several, by CPUs, by an engine, any. */
bool pick_one_thread(const struct shown *c);
bool pick_threads(const struct shown *c);
bool pick_cpu(const struct shown *c);
bool pick_engine(const struct shown *c);
bool pick_copy(const struct shown *c);

/* The smallest of the figure, or NULL, of what pick() takes at that size. */
const struct shown *shown_best(const struct shown_list *list, enum want want, double size,
			       shown_pick *pick);

/* The sizes of what pick() takes, ascending, into *sizes, which the caller frees. How many. */
size_t shown_sizes(const struct shown_list *list, shown_pick *pick, double **sizes);

/* Do both make the same bytes move by the same instructions? Then they are no rivals. */
bool shown_same_copy(const struct shown *a, const struct shown *b);

/* Can't they be told apart? Without intervals nothing can. */
bool estimates_overlap(const struct estimate *a, const struct estimate *b);

#endif
