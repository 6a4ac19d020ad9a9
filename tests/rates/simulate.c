// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "statistics/rng.h"

static double uniform(uint64_t *rng)
{
	return ((double)(rng_next(rng) >> 11) + 0.5) / 9007199254740992.0; /* 2^53 */
}

/* Box and Muller 1958. */
static double gauss(uint64_t *rng)
{
	double radius = sqrt(-2 * log(uniform(rng)));

	return radius * cos(2 * M_PI * uniform(rng));
}

/* The log of one launch at time 0 … 1 of the whole run. */
static double one(const struct world *w, double time, uint64_t *rng)
{
	double v = w->noise * gauss(rng) + w->drift * time;

	if (uniform(rng) < w->outliers)
		v += log(1.2 + 0.3 * uniform(rng));
	return v;
}

static void fill(const struct world *w, double *base, double *now, bool slowed, uint64_t *rng)
{
	double n = (double)w->launches;

	for (size_t i = 0; i < w->launches; i++) {
		double first = ((double)i + 0.25) / n, second = ((double)i + 0.75) / n;
		bool swap = rng_below(rng, 2);

		if (!w->paired) {
			first = (double)i / n / 2;
			second = 0.5 + first;
		}
		base[i] = one(w, w->paired && swap ? second : first, rng);
		now[i] = one(w, w->paired && swap ? first : second, rng);
		now[i] += slowed ? log1p(w->slowdown) : 0;
	}
}

/* One block: launches of the cases in is[0 … n-1], drawn into v and decided together. */
static int block(const struct world *w, const struct rule *rule, const size_t *is, size_t n,
		 struct comparison *c, double *v, uint64_t *rng)
{
	struct family family;

	for (size_t k = 0; k < n; k++) {
		double *base = v + 2 * k * w->launches, *now = base + w->launches;

		fill(w, base, now, is[k] < w->slowed, rng);
		c[k] = (struct comparison){ .base = base,
					    .now = now,
					    .nbase = w->launches,
					    .nnow = w->launches,
					    .seed = rng_next(rng) };
	}
	return decide(c, n, rule, &family);
}

/* As scripts/gate.sh and dmabench compare do it: the second block alone, for what failed. */
static int confirm(const struct world *w, const struct rule *rule, struct comparison *c,
		   uint64_t *rng)
{
	size_t *is = calloc(w->cases, sizeof(*is)), n = 0;
	struct comparison *again = calloc(w->cases, sizeof(*again));
	double *v = calloc(2 * w->cases * w->launches, sizeof(*v));
	int ret = is && again && v ? 0 : -ENOMEM;

	for (size_t i = 0; i < w->cases && !ret; i++)
		if (c[i].verdict == VERDICT_FAIL)
			is[n++] = i;
	if (!ret && n)
		ret = block(w, rule, is, n, again, v, rng);
	for (size_t k = 0; k < n && !ret; k++)
		c[is[k]].verdict = again[k].verdict;
	free(v);
	free(again);
	free(is);
	return ret;
}

int simulate(const struct world *w, const struct rule *rule, uint64_t *rng, struct tally *tally)
{
	struct comparison *c = calloc(w->cases, sizeof(*c));
	double *v = calloc(2 * w->cases * w->launches, sizeof(*v));
	size_t *is = calloc(w->cases, sizeof(*is));
	struct rule own = *rule;
	bool wrong = false;
	int ret = -ENOMEM;

	if (!c || !v || !is)
		goto free;
	own.paired = w->paired;
	for (size_t i = 0; i < w->cases; i++)
		is[i] = i;
	ret = block(w, &own, is, w->cases, c, v, rng);
	if (!ret && w->confirm)
		ret = confirm(w, &own, c, rng);
	for (size_t i = 0; i < w->cases && !ret; i++) {
		(i < w->slowed ? tally->slowed : tally->other)[c[i].verdict]++;
		wrong |= i >= w->slowed && c[i].verdict == VERDICT_FAIL;
	}
	tally->suites++;
	tally->wrong_suites += wrong;
free:
	free(is);
	free(v);
	free(c);
	return ret;
}
