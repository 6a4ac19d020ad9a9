// SPDX-License-Identifier: GPL-2.0-only
#include "ranks.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A value, what group it is of, and twice its rank: midranks are whole numbers then. */
struct ranked {
	double value;
	unsigned int group;
	size_t twice;
};

static int by_value(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->value, y = ((const struct ranked *)b)->value;

	return (x > y) - (x < y);
}

/* Sort and rank v[n]; the sum of t^3 - t over groups of t ties comes back. */
static double rank(struct ranked *v, size_t n)
{
	double ties = 0;

	qsort(v, n, sizeof(*v), by_value);
	for (size_t from = 0, to; from < n; from = to) {
		double t;

		for (to = from; to < n && v[to].value == v[from].value; to++)
			;
		for (size_t i = from; i < to; i++)
			v[i].twice = from + 1 + to;
		t = (double)(to - from);
		ties += t * t * t - t;
	}
	return ties;
}

static double upper_tail(double z)
{
	return 0.5 * erfc(z * M_SQRT1_2);
}

/*
 * ways[s]: in how many ways k of the ranks add up to s <= sum, by adding one rank after
 * the other. The counts are doubles: up to C(100, 50) = 1e29, right to 1 part in 1e13
 * since only positive numbers are added. The caller frees.
 */
static double *ways_of_choosing(const struct ranked *v, size_t n, size_t k, size_t sum)
{
	double *ways = calloc((k + 1) * (sum + 1), sizeof(*ways)), *last;

	if (!ways)
		return NULL;
	ways[0] = 1;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i < k ? i + 1 : k; j > 0; j--) {
			const double *from = ways + (j - 1) * (sum + 1);
			double *to = ways + j * (sum + 1);

			for (size_t s = v[i].twice; s <= sum; s++)
				to[s] += from[s - v[i].twice];
		}
	last = ways + k * (sum + 1);
	for (size_t s = 0; s <= sum; s++)
		ways[s] = last[s];
	return ways;
}

/* The share of ways[0 … sum] at or above least. */
static double share_from(const double *ways, size_t sum, size_t least)
{
	double tail = 0, all = 0;

	for (size_t s = sum + 1; s-- > 0;) {
		all += ways[s];
		if (s >= least)
			tail += ways[s];
	}
	return tail / all;
}

static double normal_two(double u, double m, double n, double ties)
{
	double all = m + n;
	double variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)));

	return variance > 0 ? upper_tail((u - m * n / 2 - 0.5) / sqrt(variance)) : 1;
}

int ranks_two(const double *x, size_t m, const double *y, size_t n, struct rank_p *out)
{
	struct ranked *v = calloc(m + n, sizeof(*v));
	size_t sum = (m + n) * (m + n + 1), seen = 0;
	double *ways, ties;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < m + n; i++) {
		v[i].value = i < m ? x[i] : y[i - m];
		v[i].group = i >= m;
	}
	ties = rank(v, m + n);
	for (size_t i = 0; i < m + n; i++)
		seen += v[i].group ? v[i].twice : 0;
	out->exact = m + n <= RANKS_EXACT_TWO;
	if (!out->exact) {
		double u = ((double)seen - (double)n * (double)(n + 1)) / 2;

		out->p = normal_two(u, (double)m, (double)n, ties);
		free(v);
		return 0;
	}
	ways = ways_of_choosing(v, m + n, n, sum);
	free(v);
	if (!ways)
		return -ENOMEM;
	out->p = share_from(ways, sum, seen);
	free(ways);
	return 0;
}

/* ways[s]: for how many choices of signs the positive ranks add up to s. */
static double *ways_of_signs(const struct ranked *v, size_t n, size_t sum)
{
	double *ways = calloc(sum + 1, sizeof(*ways));

	if (!ways)
		return NULL;
	ways[0] = 1;
	for (size_t i = 0; i < n; i++)
		for (size_t s = sum; s >= v[i].twice && v[i].twice; s--)
			ways[s] += ways[s - v[i].twice];
	return ways;
}

int ranks_pair(const double *d, size_t n, struct rank_p *out)
{
	struct ranked *v = calloc(n, sizeof(*v));
	double squares = 0, *ways;
	size_t sum = 0, seen = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		v[i].value = fabs(d[i]);
		v[i].group = d[i] > 0;
	}
	rank(v, n);
	for (size_t i = 0; i < n; i++) {
		/* A zero has no sign: its rank is spent. */
		if (v[i].value == 0)
			v[i].twice = 0;
		seen += v[i].group ? v[i].twice : 0;
		sum += v[i].twice;
		squares += (double)v[i].twice * (double)v[i].twice;
	}
	out->exact = n <= RANKS_EXACT_PAIR;
	out->p = 1;
	if (sum && !out->exact)
		out->p = upper_tail(((double)seen - (double)sum / 2 - 1) / sqrt(squares / 4));
	ways = sum && out->exact ? ways_of_signs(v, n, sum) : NULL;
	free(v);
	if (sum && out->exact && !ways)
		return -ENOMEM;
	if (ways)
		out->p = share_from(ways, sum, seen);
	free(ways);
	return 0;
}

/* Ranks 1 … n, no ties, in single units. */
static struct ranked *plain_ranks(size_t n)
{
	struct ranked *v = calloc(n, sizeof(*v));

	for (size_t i = 0; v && i < n; i++)
		v[i].twice = i + 1;
	return v;
}

/* The smallest c whose tail of ways[0 … sum] is at most alpha; sum + 1 if none is. */
static size_t critical(const double *ways, size_t sum, double alpha)
{
	double all = 0, tail = 0;
	size_t c = sum + 1;

	for (size_t s = 0; s <= sum; s++)
		all += ways[s];
	while (c > 0) {
		tail += ways[c - 1];
		if (tail > alpha * all)
			break;
		c--;
	}
	/* Sums that can't come up have no ways: the least that can is what is meant. */
	while (c <= sum && ways[c] == 0)
		c++;
	return c;
}

/* The smallest count whose upper tail, continuity corrected, is at most alpha. */
static size_t critical_normal(double mean, double sd, size_t most, double alpha)
{
	size_t lo = 0, hi = most + 1;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (upper_tail(((double)mid - mean - 0.5) / sd) <= alpha)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

int ranks_critical_two(size_t m, size_t n, double alpha, size_t *c)
{
	size_t sum = (m + n) * (m + n + 1) / 2, least = n * (n + 1) / 2;
	struct ranked *v;
	double *ways;

	if (m + n > RANKS_EXACT_TWO) {
		double a = (double)m, b = (double)n;

		*c = critical_normal(a * b / 2, sqrt(a * b / 12 * (a + b + 1)), m * n, alpha);
		return 0;
	}
	v = plain_ranks(m + n);
	ways = v ? ways_of_choosing(v, m + n, n, sum) : NULL;
	free(v);
	if (!ways)
		return -ENOMEM;
	*c = critical(ways, sum, alpha) - least;
	if (*c > m * n)
		*c = m * n + 1;
	free(ways);
	return 0;
}

int ranks_critical_pair(size_t n, double alpha, size_t *c)
{
	size_t sum = n * (n + 1) / 2;
	struct ranked *v;
	double *ways;

	if (n > RANKS_EXACT_PAIR) {
		double a = (double)n;

		*c = critical_normal((double)sum / 2, sqrt(a * (a + 1) * (2 * a + 1) / 24), sum,
				     alpha);
		return 0;
	}
	v = plain_ranks(n);
	ways = v ? ways_of_signs(v, n, sum) : NULL;
	free(v);
	if (!ways)
		return -ENOMEM;
	*c = critical(ways, sum, alpha);
	free(ways);
	return 0;
}
