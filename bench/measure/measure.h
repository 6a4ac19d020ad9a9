/* SPDX-License-Identifier: GPL-2.0-only */
/* What a launch does: one case, fresh buffers, a warm-up, samples, the CPU phase. */
#ifndef DMABENCH_MEASURE_H
#define DMABENCH_MEASURE_H

#include "plan/case.h"
#include "config.h"
#include "launch_result.h"

/* Never fails to fill result: trouble is a status and a reason in it. */
void measure(const struct bench_case *c, const struct measure_config *config,
	     struct launch_result *result);

#endif
