// SPDX-License-Identifier: GPL-2.0-only
#include "crossover.h"

#include <math.h>
#include <stdbool.h>

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

/*
 * Narrow low … high, where low is known to be of side and high isn't (or, upwards, the
 * other way round), until they are neighbours.
 */
static int narrow(uint64_t *low, uint64_t *high, uint64_t grain, enum winner side, bool side_is_low,
		  judge_fn *judge, void *arg)
{
	uint64_t middle;

	while ((middle = between(*low, *high, grain))) {
		int err = 0;
		bool of_side = judge(arg, middle, &err) == side;

		if (err)
			return err;
		if (of_side == side_is_low)
			*low = middle;
		else
			*high = middle;
	}
	return 0;
}

int crossover_find(uint64_t from, uint64_t to, uint64_t grain, judge_fn *judge, void *arg,
		   struct crossing *c)
{
	uint64_t middle, open;
	int err = 0;

	c->below = from;
	c->above = to;
	c->at_from = judge(arg, from, &err);
	if (!err)
		c->at_to = judge(arg, to, &err);
	if (err || !c->at_from || !c->at_to || c->at_from == c->at_to)
		return err;
	/* Both edges move together until a size can't be told; then each on its own. */
	while ((middle = between(c->below, c->above, grain))) {
		enum winner w = judge(arg, middle, &err);

		if (err)
			return err;
		if (w == c->at_from) {
			c->below = middle;
		} else if (w == c->at_to) {
			c->above = middle;
		} else {
			open = middle;
			err = narrow(&c->below, &open, grain, c->at_from, true, judge, arg);
			if (err)
				return err;
			open = middle;
			return narrow(&open, &c->above, grain, c->at_to, false, judge, arg);
		}
	}
	return 0;
}
