/* SPDX-License-Identifier: GPL-2.0-only */
/* What a launch does: one case, fresh buffers, a warm-up, samples, the CPU phase. */
#ifndef DMABENCH_MEASURE_H
#define DMABENCH_MEASURE_H

#include "plan/case.h"
#include "config.h"
#include "launch_result.h"

/*
 * Who takes the result of a path that gives up (path.h): the process ends then, and measure
 * doesn't return. Without one the reason goes to stderr.
 */
void measure_ends_by(void (*take)(const struct launch_result *result));

/* Never fails to fill result: trouble is a status and a reason in it. */
void measure(const struct bench_case *c, const struct measure_config *config,
	     struct launch_result *result);

#endif
