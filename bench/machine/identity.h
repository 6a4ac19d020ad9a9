/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine is told by: results are compared only where this is the same. Facts that
 * stay while nobody rebuilds it; docs/reading-results.md has them.
 */
#ifndef DMABENCH_IDENTITY_H
#define DMABENCH_IDENTITY_H

#include <jansson.h>

/* As the result file has it; new reference. */
json_t *identity(void);
/* Bytes of memory on a node, null where that can't be seen; new reference. */
json_t *identity_node_bytes(int node);

#endif
