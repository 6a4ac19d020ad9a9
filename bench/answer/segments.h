/* SPDX-License-Identifier: GPL-2.0-only */
/* Which copy for which sizes, in as few pieces as the figures allow. */
#ifndef DMABENCH_SEGMENTS_H
#define DMABENCH_SEGMENTS_H

#include "picks.h"

#define SEGMENTS 16

struct segment {
	const char *name;   /* of the copy; the list keeps it */
	double first, last; /* sizes that were measured */
	double end; /* where the next one takes over, between its first size and last; 0: the last segment */
};

/*
 * Of the copies that pick() takes: the fewest pieces so that in none of its sizes another copy is
 * measurably faster than the piece's (their 95 % intervals are apart). Of several that reach equally
 * far memcpy is taken, which a program has already, else the one that is faster on the whole. How
 * many; 0: nothing was measured, or there would be more than SEGMENTS. -ENOMEM.
 */
int segments_make(const struct shown_list *list, shown_pick *pick, struct segment *out);

/* Is its copy the fastest at each of its sizes beyond doubt: is no other's interval within reach? */
bool segment_certain(const struct shown_list *list, shown_pick *pick, const struct segment *s);

/*
 * Where, between sizes x0 < x1, the ratio of two times whose logarithms are r0 and r1 passes 1, on
 * a line through both on logarithmic scales; halfway where it doesn't.
 */
double crossing_between(double x0, double r0, double x1, double r1);

#endif
