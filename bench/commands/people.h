/* SPDX-License-Identifier: GPL-2.0-only */
/* A result for people at a terminal: 80 columns, units that fit, and what it answers. */
#ifndef DMABENCH_PEOPLE_H
#define DMABENCH_PEOPLE_H

#include <jansson.h>

/* A row a case with figures, under a line for each setting; then what was skipped or failed, and why. */
void people_table(const json_t *result);

/* The sentences of answer_make(), wrapped. */
void people_answer(const json_t *answer);

/* What each path costs, environment by environment: a paragraph each. */
void people_costs(const json_t *answer);

#endif
