// SPDX-License-Identifier: GPL-2.0-only
#include "line.h"

#include <math.h>
#include <stdlib.h>

#include "rng.h"
#include "stats.h"

double line_half(const struct line *l)
{
	if (l->fixed <= 0)
		return 0;
	return l->slope > 0 ? l->fixed / l->slope : INFINITY;
}

/*
 * fixed * u + slope * v = 1 for each point, with u = 1 / y and v = x / y. The column of v is made
 * orthogonal to that of u first (Gram and Schmidt), as the normal equations would lose digits.
 */
struct line line_fit(const struct line_point *p, size_t n)
{
	double uu = 0, uv = 0, u1 = 0, ww = 0, w1 = 0;
	struct line l;

	for (size_t i = 0; i < n; i++) {
		double u = 1 / p[i].y, v = p[i].x / p[i].y;

		uu += u * u;
		uv += u * v;
		u1 += u;
	}
	for (size_t i = 0; i < n; i++) {
		double u = 1 / p[i].y, w = p[i].x / p[i].y - uv / uu * u;

		ww += w * w;
		w1 += w;
	}
	l.slope = w1 / ww;
	l.fixed = (u1 - l.slope * uv) / uu;
	return l;
}

static struct line_interval middle_95(double *v, size_t n)
{
	stats_sort(v, n);
	return (struct line_interval){ stats_quantile(v, n, 0.025), stats_quantile(v, n, 0.975) };
}

static double drawn_median(const struct line_point *p, double *draw, uint64_t *seed)
{
	for (size_t i = 0; i < p->n; i++)
		draw[i] = p->launches[rng_below(seed, p->n)];
	return stats_median(draw, p->n);
}

void line_bootstrap(const struct line_point *p, size_t n, uint64_t seed, struct line_spread *out)
{
	const size_t rounds = STATS_BOOTSTRAP_ROUNDS;
	double *fixed = calloc(3 * rounds, sizeof(*fixed));
	struct line_point *drawn = calloc(n, sizeof(*drawn));
	size_t most = 1;
	double *draw;

	for (size_t i = 0; i < n; i++)
		most = p[i].n > most ? p[i].n : most;
	draw = calloc(most, sizeof(*draw));
	if (!fixed || !drawn || !draw)
		abort();
	for (size_t r = 0; r < rounds; r++) {
		struct line l;

		for (size_t i = 0; i < n; i++)
			drawn[i] = (struct line_point){ .x = p[i].x,
							.y = drawn_median(&p[i], draw, &seed) };
		l = line_fit(drawn, n);
		fixed[r] = l.fixed;
		fixed[rounds + r] = l.slope;
		fixed[2 * rounds + r] = line_half(&l);
	}
	out->fixed = middle_95(fixed, rounds);
	out->slope = middle_95(fixed + rounds, rounds);
	out->half = middle_95(fixed + 2 * rounds, rounds);
	free(draw);
	free(drawn);
	free(fixed);
}

static bool fits(const struct line_point *p, const struct line_interval *of, size_t n,
		 double tolerance)
{
	const struct line l = line_fit(p, n);

	for (size_t i = 0; i < n; i++) {
		double at = line_at(&l, p[i].x);

		if (fabs(at / p[i].y - 1) > tolerance && (at < of[i].lo || at > of[i].hi))
			return false;
	}
	/* What falls by less than the tolerance is flat. */
	return l.slope > 0 || -l.slope * p[n - 1].x <= tolerance * l.fixed;
}

size_t line_stretch(const struct line_point *p, const struct line_interval *of, size_t n,
		    size_t least, double tolerance, size_t *first)
{
	for (size_t len = n; len >= least && len > 1; len--)
		for (size_t start = n - len + 1; start-- > 0;)
			if (fits(p + start, of + start, len, tolerance)) {
				*first = start;
				return len;
			}
	return 0;
}
