/* SPDX-License-Identifier: GPL-2.0-only */
/* How much a case's times vary, within launches and between them, and what stands out. */
#ifndef DMABENCH_SPREAD_H
#define DMABENCH_SPREAD_H

#include <jansson.h>

/* Fewer values than this can't tell an outlier from the rest. */
#define SPREAD_OUTLIERS_FROM 5

/*
 * The "spread" object of a case from its launches as the result file has them
 * (samples_ns_per_op, ns_per_op.median), so that whoever has the file can check it. Outliers
 * are reported and stay in every figure. New reference.
 */
json_t *spread_json(const json_t *launches);

#endif
