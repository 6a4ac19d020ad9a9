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
/* The standard deviation of a median over that of a mean, of normal values. */
#define MEDIAN_TO_MEAN 1.2533

/* What of[machine * width + at] has of all machines, without holes; how many. */
static size_t gather(const double *of, const struct group *g, size_t width, size_t at, double *into)
{
	size_t n = 0;

	for (size_t m = 0; m < g->machines; m++)
		if (!isnan(of[m * width + at]))
			into[n++] = of[m * width + at];
	return n;
}

static void look_at_case(struct group *g, size_t c, double *scratch)
{
	struct case_spread *s = &g->spread[c];

	*s = (struct case_spread){ .n = gather(g->value, g, g->cases, c, scratch) };
	if (s->n) {
		stats_sort(scratch, s->n);
		s->median = stats_quantile(scratch, s->n, 0.5);
		s->low = scratch[0];
		s->q25 = stats_quantile(scratch, s->n, 0.25);
		s->q75 = stats_quantile(scratch, s->n, 0.75);
		s->high = scratch[s->n - 1];
	}
	s->judged = s->n >= STAND_OUT_MACHINES;
	for (size_t m = 0; m < g->machines; m++)
		g->change[m * g->columns + c] = g->value[m * g->cases + c] - s->median;
}

/* The median over those of the machine's cases that are judged; NAN if fewer than least. */
static double middle(const struct group *g, size_t m, const struct case_family *family,
		     size_t least, double *scratch, size_t *n)
{
	size_t of = family ? family->n : g->cases;

	*n = 0;
	for (size_t i = 0; i < of; i++) {
		size_t c = family ? family->cases[i] : i;
		double change = g->change[m * g->columns + c];

		if (g->spread[c].judged && !isnan(change))
			scratch[(*n)++] = change;
	}
	return *n >= least ? stats_median(scratch, *n) : NAN;
}

/* How sure the middle of a machine's cases is, by its launches. */
static double whole_error(const struct group *g, size_t m, size_t n)
{
	double squares = 0;

	for (size_t c = 0; c < g->cases; c++)
		if (g->spread[c].judged && !isnan(g->error[m * g->cases + c]))
			squares += g->error[m * g->cases + c] * g->error[m * g->cases + c];
	return n ? (n > 1 ? MEDIAN_TO_MEAN : 1) * sqrt(squares) / (double)n : 0;
}

/* A machine as a whole is the middle of its cases, as is a family of it. */
static void look_at_machine(struct group *g, size_t m, double *scratch)
{
	struct machine_standing *s = &g->standing[m];
	size_t n;

	*s = (struct machine_standing){ 0 };
	s->whole = middle(g, m, NULL, 1, scratch, &s->cases);
	s->error = whole_error(g, m, s->cases);
	for (size_t f = 0; f < g->families; f++)
		g->change[m * g->columns + g->cases + f] =
			middle(g, m, &g->family[f], STAND_OUT_FAMILY, scratch, &n);
}

/* The standard error of a value as it is usual for the case; 0 of families, which have several. */
static double usual_error(const struct group *g, size_t column, double *scratch)
{
	size_t n = column < g->cases ? gather(g->error, g, g->cases, column, scratch) : 0;

	return n ? stats_median(scratch, n) : 0;
}

/* By how much more a machine's own error is than the usual one: its square. */
static double more_error(const struct group *g, size_t m, size_t column, double usual)
{
	double own = column < g->cases ? g->error[m * g->cases + column] : 0;

	return own > usual ? own * own - usual * usual : 0;
}

/*
 * How far each machine's column is from what the machine as a whole lets expect, in units of how
 * far that is for others.
 */
static void score_column(struct group *g, size_t column, double *scratch)
{
	double usual = usual_error(g, column, scratch), place = 0, scale = 0;
	size_t n = 0;

	for (size_t m = 0; m < g->machines; m++) {
		double off = g->change[m * g->columns + column] - g->standing[m].whole;

		g->score[m * g->columns + column] = off;
		if (!isnan(off))
			scratch[n++] = off;
	}
	if (n)
		closest_part(scratch, n, &place, &scale);
	/* Machines can't be more alike than what their launches allow to see. */
	scale = fmax(fmax(scale, usual), LEAST_SCALE);
	if (column < g->cases)
		g->spread[column].scale = scale;
	for (size_t m = 0; m < g->machines; m++) {
		double *score = &g->score[m * g->columns + column];
		double all = sqrt(scale * scale + more_error(g, m, column, usual));

		*score = n >= STAND_OUT_MACHINES ? (*score - place) / all : NAN;
		if (!isnan(*score))
			g->standing[m].worst = fmax(g->standing[m].worst, fabs(*score));
	}
}

/* What a machine's worst column may come to by chance: by how the others' worst ones spread. */
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
	for (size_t m = n = 0; m < g->machines; m++)
		if (g->standing[m].cases)
			scratch[n++] = g->standing[m].error;
	g->usual_error = stats_median(scratch, n);
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

enum standing group_column(const struct group *g, size_t machine, size_t column)
{
	double score = g->score[machine * g->columns + column];
	double change = g->change[machine * g->columns + column];

	if (isnan(score) || fabs(score) <= g->score_limit || score * change < 0 ||
	    g->standing[machine].cases < STAND_OUT_CASES)
		return STANDS_WITH_THE_REST;
	return stands(change, 0, 0, g->threshold);
}

/* A machine whose launches are less sure than usual must be farther off by that much. */
static double own_limit(const struct group *g, const struct machine_standing *s, double limit)
{
	double more = s->error * s->error - g->usual_error * g->usual_error;

	if (more <= 0 || isinf(limit))
		return limit;
	return sqrt(limit * limit +
		    limit_of_wholes(g->machines) * limit_of_wholes(g->machines) * more);
}

static void judge(struct group *g)
{
	for (size_t m = 0; m < g->machines; m++) {
		struct machine_standing *s = &g->standing[m];

		if (!s->cases)
			continue;
		s->whole_stands = stands(s->whole - g->whole, own_limit(g, s, g->slower_limit),
					 own_limit(g, s, g->faster_limit), g->threshold);
		for (size_t c = 0; c < g->columns && s->cases_stand != STANDS_SLOWER; c++) {
			enum standing one = group_column(g, m, c);

			if (one != STANDS_WITH_THE_REST)
				s->cases_stand = one;
		}
	}
}

static int make_room(struct group *g)
{
	g->columns = g->cases + g->families;
	g->spread = calloc(g->cases + 1, sizeof(*g->spread));
	g->change = calloc(g->machines * g->columns + 1, sizeof(*g->change));
	g->score = calloc(g->machines * g->columns + 1, sizeof(*g->score));
	g->standing = calloc(g->machines + 1, sizeof(*g->standing));
	return g->spread && g->change && g->score && g->standing ? 0 : -ENOMEM;
}

int group_look(struct group *g)
{
	size_t most = (g->machines > g->cases ? g->machines : g->cases) + 1;
	double *scratch = calloc(most, sizeof(*scratch));
	int ret = scratch ? make_room(g) : -ENOMEM;

	if (ret) {
		free(scratch);
		return ret;
	}
	g->judged = 0;
	for (size_t c = 0; c < g->cases; c++) {
		look_at_case(g, c, scratch);
		g->judged += g->spread[c].judged;
	}
	for (size_t m = 0; m < g->machines; m++)
		look_at_machine(g, m, scratch);
	for (size_t column = 0; column < g->columns; column++)
		score_column(g, column, scratch);
	limit_scores(g, scratch);
	limit_wholes(g, scratch);
	judge(g);
	free(scratch);
	return 0;
}

void group_free(struct group *g)
{
	free(g->spread);
	free(g->change);
	free(g->score);
	free(g->standing);
}
