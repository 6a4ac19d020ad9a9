/* SPDX-License-Identifier: GPL-2.0-only */
/* A straight line through times by size, and how sure it is. */
#ifndef DMABENCH_LINE_H
#define DMABENCH_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* y = fixed + slope * x. */
struct line {
	double fixed, slope;
};

/* What was seen at one x: the values of several launches, of which y is the median. */
struct line_point {
	double x, y;
	const double *launches;
	size_t n;
};

struct line_interval {
	double lo, hi;
};

/* 95 % intervals of the two, and of the x at which both parts are as large: fixed / slope. */
struct line_spread {
	struct line_interval fixed, slope, half;
};

static inline double line_at(const struct line *l, double x)
{
	return l->fixed + l->slope * x;
}

/* Where both parts are as large; 0 where there is no fixed part, infinite where there is no other. */
double line_half(const struct line *l);

/*
 * The line with the smallest sum of squared relative errors: least squares with weights 1 / y²
 * (percentage regression, Tofallis 2008), so that a size of nanoseconds counts as much as one of
 * milliseconds. Of two different x at least, with y above 0.
 */
struct line line_fit(const struct line_point *p, size_t n);

/*
 * Percentile bootstrap over the launches of each point (Efron 1979): STATS_BOOTSTRAP_ROUNDS times
 * launches are drawn again, point by point, and the line through their medians is fitted.
 */
void line_bootstrap(const struct line_point *p, size_t n, uint64_t seed, struct line_spread *out);

/*
 * The longest stretch of points, which are in order of x, that one line fits: each y is within
 * tolerance (a share) of the line, or the line within the point's own interval; it doesn't fall, up
 * to the largest x, by more than that share. Of several as long the one with the larger x. How many
 * points, *first is the first of them; 0: there are no least points that one line fits.
 */
size_t line_stretch(const struct line_point *p, const struct line_interval *of, size_t n,
		    size_t least, double tolerance, size_t *first);

#endif
