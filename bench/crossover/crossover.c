// SPDX-License-Identifier: GPL-2.0-only
#include "crossover.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "statistics/ranks.h"

enum winner crossover_decide(const double *gain, size_t n, int *err)
{
	struct rank_p first, second;
	double *loss = calloc(n, sizeof(*loss));
	int ret = loss ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && !ret; i++)
		loss[i] = -gain[i];
	if (!ret)
		ret = ranks_pair(gain, n, &first);
	if (!ret)
		ret = ranks_pair(loss, n, &second);
	free(loss);
	*err = ret;
	if (ret)
		return WINNER_NONE;
	if (first.p <= CROSSOVER_ALPHA)
		return WINNER_FIRST;
	return second.p <= CROSSOVER_ALPHA ? WINNER_SECOND : WINNER_NONE;
}

/* In the middle of both by ratio; 0: there is nothing between them, or nothing worth it. */
static uint64_t between(uint64_t low, uint64_t high, uint64_t grain)
{
	uint64_t middle = (uint64_t)sqrt((double)low * (double)high) / grain * grain;

	if ((double)high / (double)low <= CROSSOVER_RESOLUTION)
		return 0;
	if (middle <= low)
		middle = (low / grain + 1) * grain;
	return middle < high ? middle : 0;
}

/* The sizes between both edges at which nobody could be seen to be faster; low > high: none. */
struct blur {
	uint64_t low, high;
};

static const struct blur none = { UINT64_MAX, 0 };

static void blur_add(struct blur *blur, uint64_t size)
{
	if (size < blur->low)
		blur->low = size;
	if (size > blur->high)
		blur->high = size;
}

/* The next size to judge: first below what can't be told, then above it. 0: there is none. */
static uint64_t next_size(const struct crossing *c, const struct blur *blur, uint64_t grain)
{
	uint64_t middle;

	if (blur->low > blur->high)
		return between(c->below, c->above, grain);
	middle = between(c->below, blur->low, grain);
	return middle ? middle : between(blur->high, c->above, grain);
}

int crossover_find(uint64_t from, uint64_t to, uint64_t grain, judge_fn *judge, void *arg,
		   struct crossing *c)
{
	struct blur blur = none;
	uint64_t size;
	int err = 0;

	c->below = from;
	c->above = to;
	c->at_from = judge(arg, from, &err);
	if (!err)
		c->at_to = judge(arg, to, &err);
	if (err || !c->at_from || !c->at_to || c->at_from == c->at_to)
		return err;
	while ((size = next_size(c, &blur, grain))) {
		enum winner w = judge(arg, size, &err);

		if (err)
			return err;
		if (w == c->at_from)
			c->below = size;
		else if (w == c->at_to)
			c->above = size;
		else
			blur_add(&blur, size);
		/* Who is seen to be faster on the far side of it takes it along. */
		if (c->below > blur.low || c->above < blur.high)
			blur = none;
	}
	return 0;
}
