/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From which size on is one path faster than another? By bisection: each size is judged on
 * its own, and what can't be told apart widens the answer instead of being guessed.
 */
#ifndef DMABENCH_CROSSOVER_H
#define DMABENCH_CROSSOVER_H

#include <stddef.h>
#include <stdint.h>

/* Neighbouring sizes closer than this aren't worth another look. */
#define CROSSOVER_RESOLUTION 1.05

enum winner { WINNER_NONE = 0, WINNER_FIRST = 1, WINNER_SECOND = -1 };

#define CROSSOVER_ALPHA 0.005 /* each way */

/*
 * Who was faster in n pairs, by the exact signed rank test of Wilcoxon, both ways: gain[i] is the
 * logarithm of what the second took over what the first took. *err: 0 or -errno.
 */
enum winner crossover_decide(const double *gain, size_t n, int *err);

struct crossing {
	/* At the ends of the range; the same or NONE: no crossing is known between them. */
	enum winner at_from, at_to;
	/* Else: the largest size at which at_from was the winner, the smallest of at_to. */
	uint64_t below, above;
};

/*
 * Who is faster at this size, NONE if that can't be told; -errno in *err ends the search.
 * Never asked twice about one size.
 */
typedef enum winner judge_fn(void *arg, uint64_t size, int *err);

/*
 * Sizes between the ends are multiples of grain. It finds one crossing; where there are several,
 * one of them. 0 or what judge() said.
 */
int crossover_find(uint64_t from, uint64_t to, uint64_t grain, judge_fn *judge, void *arg,
		   struct crossing *c);

#endif
