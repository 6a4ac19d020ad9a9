/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where does a series of measurements change its level? Hierarchical divisive estimation with
 * the energy statistic ("E-divisive", Matteson and James, JASA 109, 2014; alpha = 1), as
 * Daly et al. (ICPE 2020) use it for a performance suite. Nothing is assumed of the
 * distribution; that the values between two changes are exchangeable is.
 *
 * A change is tested by shuffling the values within the levels found so far: the share of
 * shuffles that split as well as the data is its p. Shuffling stops as soon as p is certain
 * to be too large (Besag and Clifford 1991), so that quiet series cost next to nothing.
 */
#ifndef DMABENCH_DIVISIVE_H
#define DMABENCH_DIVISIVE_H

#include <stddef.h>
#include <stdint.h>

/* Values on each side of a change: two can't tell a new level from two odd values. */
#define DIVISIVE_LEAST 3

/* Shuffles that may split as well as the data, the data itself included. */
#define DIVISIVE_TIES 3

struct change_point {
	size_t at; /* index of the first value of the new level */
	double p;  /* an upper bound: (as good + 1) / (shuffles + 1) */
};

/*
 * The change points of v[n], by index, in points[]; room for n / DIVISIVE_LEAST. A series
 * without a change gives any at all with a probability of at most level (0 … 1). The same
 * seed gives the same answer. How many through *found. 0 or -ENOMEM.
 */
int divisive(const double *v, size_t n, double level, uint64_t seed, struct change_point *points,
	     size_t *found);

/* The best split of v[n] and how good it is; 0 where there is none. For tests. 0 or -ENOMEM. */
int divisive_split(const double *v, size_t n, size_t *at, double *q);

#endif
