/* SPDX-License-Identifier: GPL-2.0-only */
/* A result with one launch of a case, read back into what the launch had said. */
#ifndef DMABENCH_PAIR_READ_LAUNCH_H
#define DMABENCH_PAIR_READ_LAUNCH_H

#include <jansson.h>
#include <stddef.h>

#include "measure/launch_result.h"

/*
 * c is a case of a result file that had one launch, of operations of size bytes. What the
 * file has only as a quotient comes back as sums that give it again: stages to within
 * 1 ns per launch; descriptors in flight to within 0.4 %, as their sum comes from the
 * histogram. Where buffers were stays in the launch's JSON alone.
 * 0, or -EINVAL with why[]: a field is missing that every such file has today.
 */
int read_launch(const json_t *c, size_t size, struct launch_result *l, char *why, size_t len);

#endif
