/* SPDX-License-Identifier: GPL-2.0-only */
/* How long a run will take, said before it begins. */
#ifndef DMABENCH_ESTIMATE_H
#define DMABENCH_ESTIMATE_H

#include "plan/case.h"
#include "config.h"

/* What a launch of this case will take in ns, roughly: it can't know how slow an engine is. */
double estimate_ns(const struct bench_case *c, const struct measure_config *m);

#endif
