// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "machine/clock.h"
#include "measure/estimate.h"
#include "measure/progress.h"
#include "statistics/rng.h"
#include "pair.h"

/* When the results were last written, and how long that took. */
struct saving {
	uint64_t begun, ended;
};

static int save(const struct pair *p)
{
	int ret = 0;

	for (int i = 0; i < SIDES && !ret; i++)
		ret = side_save(p, (struct pair_side *)&p->side[i]);
	return ret;
}

/* Save after a pair, unless that would take more than a tenth of the time. */
static int save_pair(const struct pair *p, struct saving *s)
{
	uint64_t now = now_ns();
	int ret;

	if (now - s->ended < 9 * (s->ended - s->begun))
		return 0;
	s->begun = now;
	ret = save(p);
	s->ended = now_ns();
	return ret;
}

/* Both launches of a case: random order, the same pattern. */
static int one_pair(struct pair *p, size_t index, uint64_t *rng)
{
	int first = (int)rng_below(rng, SIDES);
	uint64_t seed = rng_next(rng);
	int ret = side_launch(p, &p->side[first], index, seed);

	return ret ? ret : side_launch(p, &p->side[!first], index, seed);
}

static int one_round(struct pair *p, uint64_t *rng, struct progress *progress, struct saving *s)
{
	size_t n = p->run.plan.n, *order = calloc(n, sizeof(*order));
	int ret = order ? 0 : -ENOMEM;

	if (order)
		rng_shuffle(order, n, rng);
	for (size_t i = 0; i < n && !ret; i++) {
		ret = one_pair(p, order[i], rng);
		if (!ret)
			progress_step(progress, p->side[SIDE_A].result.cases[order[i]].id);
		if (!ret)
			ret = save_pair(p, s);
	}
	free(order);
	return ret;
}

static double estimate(const struct pair *p)
{
	double sum = 0;

	for (size_t i = 0; i < p->run.plan.n; i++)
		sum += SIDES * estimate_ns(&p->run.plan.cases[i], &p->run.measure);
	return sum * p->run.launches;
}

static int finish(struct pair *p)
{
	for (int i = 0; i < SIDES; i++) {
		if (p->run.state_ns)
			state_end(&p->side[i].result.state, p->run.state_ns);
		p->side[i].result.complete = !p->run.part;
	}
	return save(p) ? EXIT_USAGE : EXIT_OK;
}

int pair_measure(struct pair *p)
{
	uint64_t rng = p->run.measure.seed;
	struct progress progress;
	struct saving s = { 0 };
	int ret = 0;

	for (int i = 0; i < SIDES && !ret; i++)
		ret = side_begin(p, &p->side[i]);
	if (!ret)
		ret = save(p);
	if (ret && !*p->stop)
		return EXIT_USAGE;
	progress_begin(&progress, p->run.plan.n * p->run.launches, estimate(p));
	for (unsigned int round = 0; !ret && round < p->run.launches; round++) {
		ret = one_round(p, &rng, &progress, &s);
		for (int i = 0; i < SIDES && !ret; i++)
			p->side[i].result.rounds_done++;
	}
	progress_end(&progress);
	if (!ret && !*p->stop)
		return finish(p);
	if (*p->stop)
		fprintf(stderr,
			"dmabench pair: interrupted after %zu launches; the results are "
			"incomplete\n",
			p->count);
	if (p->count)
		save(p);
	return *p->stop ? 128 + *p->stop : EXIT_USAGE;
}
