/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two paths at one size, judged by pairs of launches in random order and the exact signed rank test of
 * Wilcoxon, both ways.
 */
#ifndef DMABENCH_PAIRS_JUDGE_H
#define DMABENCH_PAIRS_JUDGE_H

#include <jansson.h>

#include "measure/config.h"
#include "plan/case.h"
#include "crossover.h"

struct pairs_judge {
	struct bench_case side[2]; /* but for the size */
	struct measure_config measure;
	unsigned int pairs;
	uint64_t rng;
	volatile int *stop; /* a signal that ends it, or 0 */
	json_t *points;	    /* what was judged, appended: {size, pairs, ratio, faster} */
	/* Told of each, too. Ratio: of the second's time to the first's. */
	void (*tell)(const struct pairs_judge *j, uint64_t size, double ratio, enum winner w);
	char reason[320]; /* why it ended, where judge() gave an error */
};

/*
 * A judge_fn for struct pairs_judge. Errors: -ENODATA, a path can't run at that size; -EILSEQ, a copy was
 * wrong; -ENOMEM; what launch() gives.
 */
enum winner pairs_judge(void *judge, uint64_t size, int *err);

/* The path's name, "neither" of WINNER_NONE. */
const char *pairs_judge_name(const struct pairs_judge *j, enum winner w);

/* Sizes from that one on are multiples of so many bytes: small copies may have nearly any, batches must be cut. */
uint64_t pairs_judge_grain(const struct pairs_judge *j, uint64_t from);

#endif
