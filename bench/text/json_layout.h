/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line for each field, and lists without line breaks: histograms and samples are long
 * lists of numbers, and a line for each would be most of a result file.
 */
#ifndef DMABENCH_JSON_LAYOUT_H
#define DMABENCH_JSON_LAYOUT_H

#include <jansson.h>
#include <stdio.h>

/* Write json to f in this layout. 0, or -1 with errno. */
int json_write(const json_t *json, FILE *f);

#endif
