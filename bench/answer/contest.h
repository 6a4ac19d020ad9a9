/* SPDX-License-Identifier: GPL-2.0-only */
/* Two kinds of copies against each other, size by size: threads against one, an engine against CPUs. */
#ifndef DMABENCH_ANSWER_CONTEST_H
#define DMABENCH_ANSWER_CONTEST_H

#include "picks.h"

#define RANGES 8

struct range {
	double first, last; /* sizes that were measured */
	double from, to;    /* where it begins and ends; 0: at the first, the last size of all */
};

struct contest {
	size_t sizes;	       /* that both were measured at */
	double first, last;    /* of these */
	size_t faster, slower; /* at how many of them, beyond doubt; the rest can't be told */
	size_t nranges;	       /* RANGES + 1: more than there is room for */
	struct range faster_at[RANGES];
};

/*
 * The best of what challenger() takes against the best of what holder() takes, at each size that
 * both have. Beyond doubt: their 95 % intervals are apart. 0 or -ENOMEM.
 */
int contest_make(const struct shown_list *list, shown_pick *challenger, shown_pick *holder,
		 struct contest *out);

#endif
