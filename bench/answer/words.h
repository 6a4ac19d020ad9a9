/* SPDX-License-Identifier: GPL-2.0-only */
/* The parameters of a case in words, as the report has them (scripts/report/lib.jq). */
#ifndef DMABENCH_WORDS_H
#define DMABENCH_WORDS_H

#include <jansson.h>
#include <stddef.h>

/* "hot cache, 4K pages, all on node 0", then "2 threads, depth 4" and the engine, what of it there is. */
void words_setting(const json_t *c, char *buf, size_t len);

/* Percent of the pages written, in whole pages where the result says so, else what was asked for; -1: no such axis. */
double words_share(const json_t *c);

#endif
