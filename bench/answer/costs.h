/* SPDX-License-Identifier: GPL-2.0-only */
/* What each path costs to set up and what a byte costs then: a line through its times by size. */
#ifndef DMABENCH_ANSWER_COSTS_H
#define DMABENCH_ANSWER_COSTS_H

#include <jansson.h>

/* With fewer sizes nothing would show whether they lie on a line. */
#define COSTS_SIZES 3
/* As far may a size lie beside the line, if the line isn't within its interval anyway. */
#define COSTS_TOLERANCE 0.1
/* Of the smallest size's time: less isn't called a fixed cost. */
#define COSTS_LEAST 0.01

/*
 * An array, an element for each path and setting of the environment that has figures, in the order
 * of the result: results/README.md has the fields. NULL: no memory.
 */
json_t *costs_make(const json_t *result, const char *env);

/* The element's "words": "setting up costs 2.1 µs, then 12 GB/s …", or why there are none. */
void cost_words(json_t *cost);

#endif
