/* SPDX-License-Identifier: GPL-2.0-only */
/* A histogram as the result file has it. */
#ifndef DMABENCH_LATENCY_H
#define DMABENCH_LATENCY_H

#include <jansson.h>

#include "paths/path.h"
#include "statistics/hist.h"

/*
 * Unit, count, p50 … max and the buckets of h. Percentiles that so few timings can't tell are
 * null, and a reason says so. New reference.
 */
json_t *hist_json(const struct hist *h);

/* The "latency" object of a case: of operations, or of the means of so many. New reference. */
json_t *latency_json(const struct hist *h, uint64_t ops_per_timing);

/*
 * The "descriptor_latency" object of a case of a driver path: each descriptor's time from
 * issue to completion, the depth asked and how many were in flight. New reference.
 */
json_t *descriptor_latency_json(const struct hist *h, const struct descriptor_sums *sums,
				const struct case_params *p);

#endif
