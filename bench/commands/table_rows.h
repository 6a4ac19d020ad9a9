/* SPDX-License-Identifier: GPL-2.0-only */
/* A result as rows: a case each, its columns named in the first row. */
#ifndef DMABENCH_TABLE_ROWS_H
#define DMABENCH_TABLE_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The columns' names on stdout; machine: the first one says where the rows are from. */
void table_rows_header(bool machine, bool csv);

/* On stdout. machine: what that first column says; NULL: there is none. */
void table_rows(const json_t *result, const char *machine, bool csv);

/* For --help. */
void table_rows_columns(FILE *to);

#endif
