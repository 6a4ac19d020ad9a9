/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs of a fleet are of one moment, in an order by chance; and they are few. */
#ifndef DMABENCH_TREND_FLEETS_H
#define DMABENCH_TREND_FLEETS_H

#include "run.h"

/* As many values of a fleet as make two fleets enough to show a change. */
#define FLEET_PARTS 10

/* Of runs by their start: a fleet is where its first machine began. */
void runs_sort(struct runs *runs);

/*
 * Of each fleet with more runs than FLEET_PARTS that many are left, each the median over its share
 * of the machines: searching takes the square of the number. Sorted runs; those that others stand
 * for have no json then. 0 or -ENOMEM.
 */
int runs_pool(struct runs *runs);

#endif
