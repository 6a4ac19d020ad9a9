// SPDX-License-Identifier: GPL-2.0-only
#include "divisive.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

struct split {
	size_t at;
	double q; /* 0: none */
};

/* Differences of values and their sums, in one allocation. */
struct room {
	size_t n;
	double *value; /* in the order that is being looked at */
	double *sum;   /* sum[i * (n + 1) + k]: |value[i] - value[j]| over all j below k */
};

static int room_make(struct room *r, const double *v, size_t n)
{
	r->n = n;
	r->value = malloc((n + n * (n + 1)) * sizeof(double));
	if (!r->value)
		return -ENOMEM;
	r->sum = r->value + n;
	memcpy(r->value, v, n * sizeof(*v));
	return 0;
}

/* Sums of i's differences from the values of [from, to). */
static double apart(const struct room *r, size_t i, size_t from, size_t to)
{
	const double *sum = r->sum + i * (r->n + 1);

	return sum[to] - sum[from];
}

static void sum_up(struct room *r, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		double *sum = r->sum + i * (r->n + 1);

		sum[from] = 0;
		for (size_t k = from; k < to; k++)
			sum[k + 1] = sum[k] + fabs(r->value[i] - r->value[k]);
	}
}

/*
 * The best split of [from, to): at each place the left part against the right, which may end
 * anywhere, so that a later change back doesn't hide the first. q is the energy distance of
 * both parts times m n / (m + n), the scaled statistic of Matteson and James.
 */
static struct split best_split(struct room *r, size_t from, size_t to)
{
	struct split best = { 0, 0 };
	double left = 0; /* differences within the left part, each pair once */

	sum_up(r, from, to);
	for (size_t at = from + 1; at + DIVISIVE_LEAST <= to; at++) {
		double m = (double)(at - from), right = 0, between = 0;

		left += apart(r, at - 1, from, at - 1);
		if (at < from + DIVISIVE_LEAST)
			continue;
		for (size_t end = at + 1; end <= to; end++) {
			double n = (double)(end - at), q;

			right += apart(r, end - 1, at, end - 1);
			between += apart(r, end - 1, from, at);
			if (end < at + DIVISIVE_LEAST)
				continue;
			q = m * n / (m + n) *
			    (2 * between / (m * n) - 2 * left / (m * (m - 1)) -
			     2 * right / (n * (n - 1)));
			if (q > best.q)
				best = (struct split){ at, q };
		}
	}
	return best;
}

/* The best split within any of the levels, whose first values are in edges[]. */
static struct split best_of_levels(struct room *r, const size_t *edges, size_t nedges)
{
	struct split best = { 0, 0 };

	for (size_t i = 0; i + 1 < nedges; i++) {
		struct split s = best_split(r, edges[i], edges[i + 1]);

		if (s.q > best.q)
			best = s;
	}
	return best;
}

static void shuffle(double *v, size_t n, uint64_t *rng)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(rng, i);
		double t = v[i - 1];

		v[i - 1] = v[j];
		v[j] = t;
	}
}

/*
 * Is q more than shuffling would give? With this many shuffles exactly DIVISIVE_TIES of them
 * in 1 / level may be as good. p, or 1 where it can't get small enough any more.
 */
static double test_split(struct room *r, const size_t *edges, size_t nedges, double q, double level,
			 uint64_t *rng)
{
	size_t shuffles = (size_t)ceil(DIVISIVE_TIES / level) - 1, as_good = 0;

	for (size_t i = 0; i < shuffles; i++) {
		for (size_t k = 0; k + 1 < nedges; k++)
			shuffle(r->value + edges[k], edges[k + 1] - edges[k], rng);
		/* What differs by rounding alone is as good. */
		if (best_of_levels(r, edges, nedges).q >= q * (1 - 1e-9))
			as_good++;
		if (as_good >= DIVISIVE_TIES)
			return 1;
	}
	return (double)(as_good + 1) / (double)(shuffles + 1);
}

static int by_place(const void *a, const void *b)
{
	const struct change_point *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static int up(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

int divisive(const double *v, size_t n, double level, uint64_t seed, struct change_point *points,
	     size_t *found)
{
	size_t *edges = malloc((n / DIVISIVE_LEAST + 3) * sizeof(*edges)), nedges = 2;
	struct room r = { 0 };
	int ret = edges ? room_make(&r, v, n) : -ENOMEM;

	*found = 0;
	if (ret)
		goto free;
	edges[0] = 0;
	edges[1] = n;
	for (;;) {
		struct split s = best_of_levels(&r, edges, nedges);
		double p = 1;

		if (s.q > 0)
			p = test_split(&r, edges, nedges, s.q, level, &seed);
		if (p > level)
			break;
		memcpy(r.value, v, n * sizeof(*v));
		points[(*found)++] = (struct change_point){ s.at, p };
		edges[nedges++] = s.at;
		qsort(edges, nedges, sizeof(*edges), up);
	}
	qsort(points, *found, sizeof(*points), by_place);
free:
	free(r.value);
	free(edges);
	return ret;
}

int divisive_split(const double *v, size_t n, size_t *at, double *q)
{
	struct room r;
	struct split s;
	int ret = room_make(&r, v, n);

	if (ret)
		return ret;
	s = best_split(&r, 0, n);
	*at = s.at;
	*q = s.q;
	free(r.value);
	return 0;
}
