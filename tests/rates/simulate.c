// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "rng.h"

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

int simulate(const struct world *w, const struct rule *rule, uint64_t *rng, struct tally *tally)
{
	struct comparison *c = calloc(w->cases, sizeof(*c));
	double *v = calloc(2 * w->cases * w->launches, sizeof(*v));
	struct rule own = *rule;
	struct family family;
	bool wrong = false;
	int ret = -ENOMEM;

	if (!c || !v)
		goto free;
	own.paired = w->paired;
	for (size_t i = 0; i < w->cases; i++) {
		double *base = v + 2 * i * w->launches, *now = base + w->launches;

		fill(w, base, now, i < w->slowed, rng);
		c[i] = (struct comparison){ .base = base,
					    .now = now,
					    .nbase = w->launches,
					    .nnow = w->launches,
					    .seed = rng_next(rng) };
	}
	ret = decide(c, w->cases, &own, &family);
	for (size_t i = 0; i < w->cases && !ret; i++) {
		(i < w->slowed ? tally->slowed : tally->other)[c[i].verdict]++;
		wrong |= i >= w->slowed && c[i].verdict == VERDICT_FAIL;
	}
	tally->suites++;
	tally->wrong_suites += wrong;
free:
	free(v);
	free(c);
	return ret;
}
