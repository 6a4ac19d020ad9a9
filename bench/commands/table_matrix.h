/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_TABLE_MATRIX_H
#define DMABENCH_TABLE_MATRIX_H

#include <jansson.h>
#include <stddef.h>

/*
 * Print the copies of a result that were measured in more than one combination of nodes: a
 * table a path and setting, a row a node of the CPU, a column a source and destination, in
 * GB/s. How many tables that came to.
 */
size_t table_matrix(const json_t *result);

#endif
