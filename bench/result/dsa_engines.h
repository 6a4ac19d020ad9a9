/* SPDX-License-Identifier: GPL-2.0-only */
/* Work queues of DSA among the engines of a result. */
#ifndef DMABENCH_DSA_ENGINES_H
#define DMABENCH_DSA_ENGINES_H

#include <jansson.h>

#include "paths/params.h"

/* The engine of a case: its queue, and how work goes there. New reference; NULL: none. */
json_t *dsa_engine_of(const struct case_params *p);

/* The user queues there are, each usable or why not, to a list of engines. */
void dsa_engines_add(json_t *list);

#endif
