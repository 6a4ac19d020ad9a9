/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_LAUNCHES_H
#define DMABENCH_LAUNCHES_H

#include <jansson.h>
#include <stddef.h>

/* Room for what launch_times() gives of a case. */
size_t launches_most(const json_t *c);
/* The medians of a case's launches in ns; its figure where it doesn't have them. How many: 1 or more. */
size_t launch_times(const json_t *c, double *v);

#endif
