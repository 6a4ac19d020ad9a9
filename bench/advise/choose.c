// SPDX-License-Identifier: GPL-2.0-only
/* The best way for copies of a size, and how much of it is beyond doubt. */
#include <math.h>

#include "advise.h"

/*
 * Straight between two measured sizes, both scales logarithmic; where an end is nothing that of sizes
 * alone. NAN where an end isn't known.
 */
static double between(double size, uint64_t s0, double v0, uint64_t s1, double v1)
{
	double at = s0 == s1 ? 0 : log(size / (double)s0) / log((double)s1 / (double)s0);

	return v0 > 0 && v1 > 0 ? v0 * pow(v1 / v0, at) : v0 + (v1 - v0) * at;
}

/* Is it known to be better there? Figures that aren't known (NAN) are better than nothing. */
static bool is_better(const struct pair *p, enum manner manner)
{
	double high = manner == SYNCHRONOUS ? p->other.high : p->other.caller_most;

	return high < p->memcpy.low;
}

static double cost_of(const struct look *l, enum manner manner)
{
	return manner == SYNCHRONOUS ? l->ns : l->caller;
}

/* The share of memcpy's time that may be saved there; where that isn't known, all of it. */
static double may_save(const struct pair *p, enum manner manner)
{
	double low = manner == SYNCHRONOUS ? p->other.low : p->other.caller_least;
	double share = 1 - low / p->memcpy.high;

	return isnan(share) ? 1 : fmax(share, 0);
}

/* Against memcpy, whose time the program waits for in any case; p and q are around the size, or one. */
static void weigh(const struct curve *curve, const struct pair *p, const struct pair *q,
		  double size, enum manner manner, struct choice *best)
{
	double now = between(size, p->size, p->memcpy.ns, q->size, q->memcpy.ns), then;

	best->rival = true;
	if (!is_better(p, manner) || !is_better(q, manner)) {
		best->may_save_ns = fmax(best->may_save_ns,
					 now * fmax(may_save(p, manner), may_save(q, manner)));
		return;
	}
	then = between(size, p->size, cost_of(&p->other, manner), q->size,
		       cost_of(&q->other, manner));
	best->may_save_ns = fmax(best->may_save_ns, now - then);
	if (!(now - then > best->saved_ns))
		return;
	best->curve = curve;
	best->saved_ns = now - then;
	best->takes_ns = between(size, p->size, p->other.ns, q->size, q->other.ns);
	best->cpu_ns = between(size, p->size, p->memcpy.machine, q->size, q->memcpy.machine) -
		       between(size, p->size, p->other.machine, q->size, q->other.machine);
}

static void try_curve(const struct curve *curve, double size, enum manner manner,
		      struct choice *best)
{
	for (size_t i = 0; i < curve->n; i++) {
		const struct pair *p = &curve->pairs[i], *q = p;

		if ((double)p->size != size && i + 1 < curve->n)
			q = p + 1;
		/* Where it was measured at that very size, its neighbours say nothing. */
		if (size < (double)p->size ||
		    (q == p ? size > (double)p->size : size >= (double)q->size))
			continue;
		weigh(curve, p, q, size, manner, best);
		return;
	}
}

struct choice advise_choose(const struct curves *c, double size, enum manner manner)
{
	struct choice best = { 0 };

	for (size_t i = 0; i < c->nothers; i++) {
		const struct curve *curve = &c->others[i];

		/* Only what copies by itself leaves the caller to other work. */
		if (manner == SYNCHRONOUS ? curve->synchronous : curve->engine)
			try_curve(curve, size, manner, &best);
	}
	best.undecided = !best.curve && best.may_save_ns > 0;
	return best;
}

double advise_memcpy_ns(const struct curves *c, double size)
{
	for (size_t i = 0; i + 1 < c->n; i++)
		if (size <= (double)c->sizes[i + 1])
			return between(size, c->sizes[i], c->memcpy[i].ns, c->sizes[i + 1],
				       c->memcpy[i + 1].ns);
	return c->memcpy[c->n - 1].ns;
}
