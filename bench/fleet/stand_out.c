// SPDX-License-Identifier: GPL-2.0-only
#include "stand_out.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/stats.h"

/* Clocks and counts have steps: no kind is more alike than this share. */
#define LEAST_SCALE 0.001
/* The same of logarithms of worst scores. */
#define LEAST_WORST_SCALE 0.05
/* The standard deviation of a normal distribution over that of its middle three quarters. */
#define MIDDLE_TO_ALL 1.647
/* The upper quartile of the normal distribution. */
#define QUARTILE 0.6745

static size_t three_quarters(size_t n)
{
	return (3 * n + 3) / 4;
}

/* Sums that move along the sorted values, about their middle so that nothing cancels. */
void closest_part(double *v, size_t n, double *place, double *scale)
{
	size_t h = three_quarters(n);
	double middle, sum = 0, squares = 0, least = HUGE_VAL;

	stats_sort(v, n);
	middle = stats_quantile(v, n, 0.5);
	for (size_t i = 0; i < n; i++) {
		double in = v[i] - middle, out = i >= h ? v[i - h] - middle : 0, variance;

		sum += in - out;
		squares += in * in - out * out;
		if (i + 1 < h)
			continue;
		variance = (squares - sum * sum / (double)h) / (double)(h - 1);
		if (variance >= least)
			continue;
		least = variance;
		*place = middle + sum / (double)h;
	}
	*scale = MIDDLE_TO_ALL * sqrt(fmax(least, 0));
}

void lowest_part(double *v, size_t n, double *place, double *scale)
{
	size_t h = three_quarters(n);

	stats_sort(v, n);
	*place = stats_mean(v, h);
	*scale = stats_sd(v, h);
}

/* 1.2533 is the standard deviation of a median over that of a mean, of normal values. */
void launches_value(double *v, size_t n, double *value, double *error)
{
	*value = stats_median(v, n);
	for (size_t i = 0; i < n; i++)
		v[i] = fabs(v[i] - *value);
	*error = 1.2533 * stats_median(v, n) / QUARTILE / sqrt((double)n);
}

/* --- the limits --- */

struct limit {
	size_t n;
	double whole, worst;
};

static const struct limit limits[] = {
	{ 8, 13.1, 15.5 },   { 9, 13.9, 13.5 },	  { 10, 12.6, 12.8 },	{ 12, 12.2, 14.0 },
	{ 14, 11.8, 12.5 },  { 16, 11.9, 13.6 },  { 20, 12.0, 13.4 },	{ 24, 11.7, 13.6 },
	{ 32, 11.6, 13.5 },  { 48, 11.3, 14.0 },  { 64, 11.0, 14.0 },	{ 100, 11.0, 14.6 },
	{ 200, 11.4, 15.4 }, { 500, 14.7, 16.6 }, { 1000, 16.4, 17.8 },
};

#define LIMITS (sizeof(limits) / sizeof(limits[0]))

/* Straight between the rows, and beyond the last, in logarithms of both. */
static double limit_at(size_t n, bool whole)
{
	size_t i = 1;
	double x0, x1, y0, y1;

	while (i + 1 < LIMITS && limits[i].n < n)
		i++;
	x0 = log((double)limits[i - 1].n);
	x1 = log((double)limits[i].n);
	y0 = log(whole ? limits[i - 1].whole : limits[i - 1].worst);
	y1 = log(whole ? limits[i].whole : limits[i].worst);
	return exp(y0 + (y1 - y0) * (log((double)n) - x0) / (x1 - x0));
}

double limit_of_wholes(size_t n)
{
	return limit_at(n, true);
}

double limit_of_worsts(size_t n)
{
	return limit_at(n, false);
}

/* --- a kind --- */

static const double *row(const double *of, const struct group *g, size_t machine)
{
	return of + machine * g->cases;
}

/* What the machines have of case c, without holes; how many. */
static size_t column(const double *of, const struct group *g, size_t c, double *into)
{
	size_t n = 0;

	for (size_t m = 0; m < g->machines; m++)
		if (!isnan(row(of, g, m)[c]))
			into[n++] = row(of, g, m)[c];
	return n;
}

static void look_at_case(struct group *g, size_t c, double *scratch)
{
	struct case_spread *s = &g->spread[c];

	*s = (struct case_spread){ .n = column(g->value, g, c, scratch) };
	if (!s->n)
		return;
	stats_sort(scratch, s->n);
	s->median = stats_quantile(scratch, s->n, 0.5);
	s->low = scratch[0];
	s->q25 = stats_quantile(scratch, s->n, 0.25);
	s->q75 = stats_quantile(scratch, s->n, 0.75);
	s->high = scratch[s->n - 1];
	s->judged = s->n >= STAND_OUT_MACHINES;
}

/* A machine as a whole: the middle of its cases. */
static void look_at_machine(struct group *g, size_t m, double *scratch)
{
	struct machine_standing *s = &g->standing[m];
	const double *value = row(g->value, g, m);

	*s = (struct machine_standing){ .worst = 0 };
	for (size_t c = 0; c < g->cases; c++)
		if (g->spread[c].judged && !isnan(value[c]))
			scratch[s->cases++] = value[c] - g->spread[c].median;
	s->whole = s->cases ? stats_median(scratch, s->cases) : NAN;
}

/* How far each machine's case is from what its other cases let expect, in units of how far that is for others. */
static void score_case(struct group *g, size_t c, double *scratch)
{
	struct case_spread *s = &g->spread[c];
	size_t n = column(g->error, g, c, scratch);
	double error = n ? stats_median(scratch, n) : 0, place = 0;

	for (size_t m = n = 0; m < g->machines; m++) {
		double off = row(g->value, g, m)[c] - s->median - g->standing[m].whole;

		g->score[m * g->cases + c] = off;
		if (!isnan(off))
			scratch[n++] = off;
	}
	if (n)
		closest_part(scratch, n, &place, &s->scale);
	/* Machines can't be more alike than what their launches allow to see. */
	s->scale = fmax(fmax(s->scale, error), LEAST_SCALE);
	for (size_t m = 0; m < g->machines; m++) {
		double own = row(g->error, g, m)[c];
		double more = own > error ? own * own - error * error : 0;
		double *score = &g->score[m * g->cases + c];

		*score = s->judged ? (*score - place) / sqrt(s->scale * s->scale + more) : NAN;
		if (!isnan(*score))
			g->standing[m].worst = fmax(g->standing[m].worst, fabs(*score));
	}
}

/* What a machine's worst case may come to by chance: by how the others' worst ones spread. */
static void limit_scores(struct group *g, double *scratch)
{
	double place, scale;
	size_t n = 0;

	g->score_limit = HUGE_VAL;
	for (size_t m = 0; m < g->machines; m++)
		if (g->standing[m].cases >= STAND_OUT_CASES)
			scratch[n++] = log(fmax(g->standing[m].worst, LEAST_SCALE));
	if (n < STAND_OUT_MACHINES)
		return;
	lowest_part(scratch, n, &place, &scale);
	g->score_limit = exp(place + limit_of_worsts(n) * fmax(scale, LEAST_WORST_SCALE));
}

/* How far wholes spread upwards and downwards: of skewed ones the longer tail has the larger scale. */
void wholes_spread(double *v, size_t n, double *place, double *slower, double *faster)
{
	double scale, middle;

	closest_part(v, n, place, &scale);
	middle = stats_quantile(v, n, 0.5);
	*slower = fmax(scale, (stats_quantile(v, n, 0.75) - middle) / QUARTILE);
	*faster = fmax(scale, (middle - stats_quantile(v, n, 0.25)) / QUARTILE);
}

static void limit_wholes(struct group *g, double *scratch)
{
	double slower, faster;
	size_t n = 0;

	g->slower_limit = g->faster_limit = HUGE_VAL;
	for (size_t m = 0; m < g->machines; m++)
		if (g->standing[m].cases)
			scratch[n++] = g->standing[m].whole;
	if (n < STAND_OUT_MACHINES)
		return;
	wholes_spread(scratch, n, &g->whole, &slower, &faster);
	g->slower_limit = limit_of_wholes(n) * fmax(slower, LEAST_SCALE);
	g->faster_limit = limit_of_wholes(n) * fmax(faster, LEAST_SCALE);
}

static enum standing stands(double change, double slower, double faster, double threshold)
{
	if (change > slower && expm1(change) >= threshold)
		return STANDS_SLOWER;
	/* As much faster as the threshold is slower. */
	if (-change > faster && expm1(-change) >= threshold)
		return STANDS_FASTER;
	return STANDS_WITH_THE_REST;
}

enum standing group_case(const struct group *g, size_t machine, size_t c)
{
	double score = row(g->score, g, machine)[c];
	double change = row(g->value, g, machine)[c] - g->spread[c].median;

	if (isnan(score) || fabs(score) <= g->score_limit || score * change < 0 ||
	    g->standing[machine].cases < STAND_OUT_CASES)
		return STANDS_WITH_THE_REST;
	return stands(change, 0, 0, g->threshold);
}

static void judge(struct group *g)
{
	for (size_t m = 0; m < g->machines; m++) {
		struct machine_standing *s = &g->standing[m];

		if (!s->cases)
			continue;
		s->whole_stands =
			stands(s->whole - g->whole, g->slower_limit, g->faster_limit, g->threshold);
		for (size_t c = 0; c < g->cases && s->cases_stand != STANDS_SLOWER; c++) {
			enum standing one = group_case(g, m, c);

			if (one != STANDS_WITH_THE_REST)
				s->cases_stand = one;
		}
	}
}

int group_look(struct group *g)
{
	size_t most = (g->machines > g->cases ? g->machines : g->cases) + 1;
	double *scratch = calloc(most, sizeof(*scratch));

	g->spread = calloc(g->cases + 1, sizeof(*g->spread));
	g->score = calloc(g->machines * g->cases + 1, sizeof(*g->score));
	g->standing = calloc(g->machines + 1, sizeof(*g->standing));
	if (!scratch || !g->spread || !g->score || !g->standing) {
		free(scratch);
		return -ENOMEM;
	}
	for (size_t c = 0; c < g->cases; c++) {
		look_at_case(g, c, scratch);
		g->judged += g->spread[c].judged;
	}
	for (size_t m = 0; m < g->machines; m++)
		look_at_machine(g, m, scratch);
	for (size_t c = 0; c < g->cases; c++)
		score_case(g, c, scratch);
	limit_scores(g, scratch);
	limit_wholes(g, scratch);
	judge(g);
	free(scratch);
	return 0;
}

void group_free(struct group *g)
{
	free(g->spread);
	free(g->score);
	free(g->standing);
}
