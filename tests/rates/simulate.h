/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Suites of made-up launches, put to the very functions that dmabench compare decides with:
 * how often is it wrong, and what does it see?
 */
#ifndef DMABENCH_SIMULATE_H
#define DMABENCH_SIMULATE_H

#include "compare/verdict.h"

struct world {
	size_t cases, launches;
	double noise;	 /* standard deviation of the log of a launch */
	double outliers; /* share of launches that take 20 to 50 % longer */
	double drift;	 /* log change from the first launch of the run to the last, steady */
	double slowdown; /* of the slowed cases, as a share */
	size_t slowed;	 /* cases that are */
	bool paired;	 /* A and B in turn; otherwise all of A, then all of B */
	bool confirm;	 /* what fails is launched once more, and stands if it fails again */
};

/* Verdicts, summed over suites. */
struct tally {
	size_t suites, wrong_suites; /* wrong: with a FAIL of a case that isn't slowed */
	size_t slowed[VERDICTS], other[VERDICTS];
};

/* One suite; rng is advanced. 0 or -ENOMEM. */
int simulate(const struct world *w, const struct rule *rule, uint64_t *rng, struct tally *tally);

#endif
