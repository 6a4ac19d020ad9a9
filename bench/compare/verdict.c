// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/holm.h"
#include "statistics/ranks.h"
#include "statistics/shift.h"
#include "statistics/stats.h"
#include "noise.h"

#define MOST_LAUNCHES 1000 /* what run takes */
#define SHOWN 0.05	   /* a 95 % interval is shown */

const char *const verdict_names[VERDICTS] = { "FAIL",	      "MISSING",  "UNSTABLE",
					      "INCONCLUSIVE", "IMPROVED", "OK",
					      "DESCRIBED",    "NEW",	  "SKIPPED" };

const struct rule rule_default = {
	.alpha = 0.01,
	.threshold = 0.05,
	.certain = 0.01,
	.exact_threshold = 0.005,
	.min_launches = 8,
};

/* The launches sorted, or the pairs' differences. The caller frees *room. */
static int sort_groups(const struct comparison *c, bool paired, double **room, struct groups *g)
{
	double *v = malloc((c->nbase + c->nnow) * sizeof(*v));

	if (!v)
		return -ENOMEM;
	*room = v;
	if (paired) {
		for (size_t i = 0; i < c->nnow; i++)
			v[i] = c->now[i] - c->base[i];
		*g = (struct groups){ NULL, v, 0, c->nnow };
		stats_sort(v, c->nnow);
		return 0;
	}
	memcpy(v, c->base, c->nbase * sizeof(*v));
	memcpy(v + c->nbase, c->now, c->nnow * sizeof(*v));
	stats_sort(v, c->nbase);
	stats_sort(v + c->nbase, c->nnow);
	*g = (struct groups){ v, v + c->nbase, c->nbase, c->nnow };
	return 0;
}

static int test_pairs(const struct groups *g, struct rank_p *worse, struct rank_p *better)
{
	double *reversed = malloc(g->n * sizeof(*reversed));
	int ret = reversed ? ranks_pair(g->y, g->n, worse) : -ENOMEM;

	for (size_t i = 0; i < g->n && reversed; i++)
		reversed[i] = -g->y[i];
	if (!ret)
		ret = ranks_pair(reversed, g->n, better);
	free(reversed);
	return ret;
}

/* Everything about one comparison that doesn't depend on the others. */
static int test(struct comparison *c, const struct rule *rule)
{
	struct rank_p worse, better;
	struct groups g;
	struct shift s;
	double *room = NULL, floor = 0;
	int ret = sort_groups(c, rule->paired, &room, &g);

	if (ret)
		return ret;
	if (g.x) {
		ret = ranks_two(g.x, g.m, g.y, g.n, &worse);
		if (!ret)
			ret = ranks_two(g.y, g.n, g.x, g.m, &better);
		if (!ret)
			ret = shift_two(g.x, g.m, g.y, g.n, SHOWN, &s);
	} else {
		ret = test_pairs(&g, &worse, &better);
		if (!ret)
			ret = shift_pair(g.y, g.n, SHOWN, &s);
	}
	if (!ret)
		ret = noise_floor(&g, c->seed, &floor);
	free(room);
	if (ret)
		return ret;
	c->tested = true;
	c->exact_p = worse.exact;
	c->p_worse = worse.p;
	c->p_better = better.p;
	c->change = expm1(s.value);
	c->have_interval = s.have_interval;
	c->lo = expm1(s.lo);
	c->hi = expm1(s.hi);
	c->floor = fmax(expm1(floor), c->stored_floor);
	return 0;
}

/*
 * What both shifts say: of the same sign the smaller, else nothing. Where a page or a table
 * happens to lie moves whole launches by some instructions that aren't the code's, and so either
 * the least or the median launch; more code moves both.
 */
static double common_shift(double a, double b)
{
	if (a * b <= 0)
		return 0;
	return fabs(a) < fabs(b) ? a : b;
}

/* Deterministic figures: the least and the median launch, nothing else. */
static void compare_exactly(struct comparison *c, const struct rule *rule)
{
	double *v = malloc((c->nbase + c->nnow) * sizeof(*v)), median, least;

	c->verdict = VERDICT_INCONCLUSIVE;
	snprintf(c->reason, sizeof(c->reason), "no launch on one side");
	if (!v || !c->nbase || !c->nnow)
		goto free;
	/* Sorted by stats_median(). */
	memcpy(v, c->base, c->nbase * sizeof(*v));
	median = -stats_median(v, c->nbase);
	least = -v[0];
	memcpy(v, c->now, c->nnow * sizeof(*v));
	median += stats_median(v, c->nnow);
	least += v[0];
	c->change = expm1(common_shift(median, least));
	c->verdict = VERDICT_OK;
	c->reason[0] = '\0';
	if (c->change > rule->exact_threshold) {
		c->verdict = VERDICT_FAIL;
		snprintf(c->reason, sizeof(c->reason), "more instructions by over %g %%",
			 100 * rule->exact_threshold);
	} else if (c->change < -rule->exact_threshold) {
		c->verdict = VERDICT_IMPROVED;
	}
free:
	free(v);
}

/* A better shift as the worse one that mirrors it: half the time is twice the speed. */
static double mirrored(double change)
{
	return 1 / (1 + change) - 1;
}

static void judge(struct comparison *c, const struct rule *rule)
{
	double enough = fmax(rule->threshold, c->floor);

	c->verdict = VERDICT_OK;
	if (c->change >= enough && c->adjusted_worse <= rule->alpha &&
	    c->at_least > rule->certain) {
		c->verdict = VERDICT_FAIL;
		snprintf(c->reason, sizeof(c->reason),
			 "slower or costlier by %.1f %%, at least %.1f %%", 100 * c->change,
			 100 * c->at_least);
	} else if (mirrored(c->change) >= enough && c->adjusted_better <= rule->alpha &&
		   mirrored(c->at_most) > rule->certain) {
		c->verdict = VERDICT_IMPROVED;
	} else if (isinf(c->detects)) {
		c->verdict = VERDICT_UNSTABLE;
		snprintf(c->reason, sizeof(c->reason),
			 "so few launches can't reach the level of this many cases");
	} else if (c->detects > rule->threshold) {
		c->verdict = VERDICT_UNSTABLE;
		snprintf(c->reason, sizeof(c->reason), "too noisy: only %.1f %% or more would show",
			 100 * c->detects);
	} else if (c->floor > rule->threshold) {
		c->verdict = VERDICT_UNSTABLE;
		snprintf(c->reason, sizeof(c->reason),
			 "its A/A floor, %.1f %%, is above the threshold", 100 * c->floor);
	} else if (c->change >= enough) {
		c->verdict = VERDICT_UNSTABLE;
		snprintf(c->reason, sizeof(c->reason), "looks worse, and that isn't certain");
	}
}

static bool enough_launches(const struct comparison *c, const struct rule *rule)
{
	return c->nbase >= rule->min_launches && c->nnow >= rule->min_launches;
}

/*
 * What depends on the level that the family leaves. The bounds hold for all comparisons at
 * once (Bonferroni), so that not even the luckiest of many is taken at its word.
 */
static int test_at_level(struct comparison *c, const struct rule *rule, double level)
{
	struct groups g;
	struct shift s = { 0 };
	double *room = NULL, seen = 0;
	int ret = sort_groups(c, rule->paired, &room, &g);

	if (!ret)
		ret = noise_detects(&g, c->nbase, c->nnow, level, c->seed, &seen);
	if (!ret && g.x)
		ret = shift_two(g.x, g.m, g.y, g.n, 2 * level, &s);
	else if (!ret)
		ret = shift_pair(g.y, g.n, 2 * level, &s);
	c->detects = isinf(seen) ? seen : expm1(seen);
	c->at_least = s.have_interval ? expm1(s.lo) : -1;
	c->at_most = s.have_interval ? expm1(s.hi) : HUGE_VAL;
	free(room);
	return ret;
}

/* Holm over the tested ones, both directions apart: improvements don't gate. */
static int adjust(struct comparison *c, size_t n, size_t size)
{
	double *p = calloc(4 * (size + 1), sizeof(*p)), *q, *out;
	size_t k = 0;
	int ret;

	if (!p)
		return -ENOMEM;
	q = p + size;
	out = q + size;
	for (size_t i = 0; i < n; i++)
		if (c[i].tested) {
			p[k] = c[i].p_worse;
			q[k++] = c[i].p_better;
		}
	ret = holm(p, size, out);
	if (!ret)
		ret = holm(q, size, out + size);
	for (size_t i = 0, j = 0; i < n && !ret; i++)
		if (c[i].tested) {
			c[i].adjusted_worse = out[j];
			c[i].adjusted_better = out[size + j++];
		}
	free(p);
	return ret;
}

/* How far apart, without a word on whether that is much. Who isn't in both has no verdict either. */
static int describe(struct comparison *c, const struct rule *rule)
{
	struct groups g;
	struct shift s = { 0 };
	double *room = NULL;
	int ret;

	if (c->settled) {
		if (c->verdict < VERDICT_DESCRIBED)
			c->verdict = VERDICT_SKIPPED;
		return 0;
	}
	ret = sort_groups(c, rule->paired, &room, &g);
	if (!ret)
		ret = g.x ? shift_two(g.x, g.m, g.y, g.n, SHOWN, &s)
			  : shift_pair(g.y, g.n, SHOWN, &s);
	free(room);
	c->verdict = VERDICT_DESCRIBED;
	c->described = true;
	c->change = expm1(s.value);
	c->have_interval = s.have_interval;
	c->lo = expm1(s.lo);
	c->hi = expm1(s.hi);
	return ret;
}

static int describe_all(struct comparison *c, size_t n, const struct rule *rule)
{
	int ret = 0;

	for (size_t i = 0; i < n && !ret; i++)
		ret = describe(&c[i], rule);
	return ret;
}

int decide(struct comparison *c, size_t n, const struct rule *rule, struct family *family)
{
	int ret = 0;

	family->size = 0;
	family->level = rule->alpha;
	if (rule->describe)
		return describe_all(c, n, rule);
	for (size_t i = 0; i < n && !ret; i++) {
		if (c[i].settled) {
			continue;
		} else if (c[i].exact) {
			compare_exactly(&c[i], rule);
		} else if (!enough_launches(&c[i], rule)) {
			c[i].verdict = VERDICT_INCONCLUSIVE;
			snprintf(c[i].reason, sizeof(c[i].reason),
				 "%zu and %zu launches: fewer than %zu a side", c[i].nbase,
				 c[i].nnow, rule->min_launches);
		} else {
			ret = test(&c[i], rule);
			family->size++;
		}
	}
	family->level = rule->alpha / (double)(family->size ? family->size : 1);
	if (!ret)
		ret = adjust(c, n, family->size);
	for (size_t i = 0; i < n && !ret; i++)
		if (c[i].tested) {
			ret = test_at_level(&c[i], rule, family->level);
			judge(&c[i], rule);
		}
	return ret;
}

int decide_launches(struct comparison *c, size_t n, const struct rule *rule,
		    const struct family *family)
{
	for (size_t i = 0; i < n; i++) {
		struct groups g;
		double *room = NULL;
		int ret;

		/* More launches don't lower the floor of a baseline, nor settle what looks worse. */
		if (!c[i].tested || c[i].verdict != VERDICT_UNSTABLE ||
		    c[i].detects <= rule->threshold)
			continue;
		ret = sort_groups(&c[i], rule->paired, &room, &g);
		if (!ret)
			ret = noise_launches(&g, log1p(rule->threshold), family->level,
					     MOST_LAUNCHES, c[i].seed, &c[i].launches);
		free(room);
		if (ret)
			return ret;
	}
	return 0;
}
