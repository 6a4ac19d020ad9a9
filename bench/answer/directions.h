/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_DIRECTIONS_H
#define DMABENCH_DIRECTIONS_H

#include <jansson.h>

/*
 * What both directions at once come to: {id, one, value, ci95, words} for each case of an environment
 * that was measured so and whose like in one direction, of the id one, was measured too. value is that
 * many times its rate; ci95 is null where the launches are too few for an interval. NULL: no memory.
 */
json_t *directions_make(const json_t *result, const char *env);

#endif
