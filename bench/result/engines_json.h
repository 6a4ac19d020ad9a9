/* SPDX-License-Identifier: GPL-2.0-only */
/* Engines as results have them: all that were listed, and the one of a case. */
#ifndef DMABENCH_ENGINES_JSON_H
#define DMABENCH_ENGINES_JSON_H

#include <jansson.h>

#include "plan/plan.h"

#define FAMILY(family) (1u << (family))
#define ALL_FAMILIES (FAMILY(ENGINE_FAMILIES) - 1)

/* Whose engines a path, or any of a plan's, may take; the driver's at least for a plan. */
unsigned int path_families(const struct copy_path *path);
unsigned int plan_families(const struct plan *plan);

/* The engines of these families with their kind and whether they are usable. New reference. */
json_t *engines_json(unsigned int families);
/* What is here and isn't among them: an array of {what, reason}. New reference. */
json_t *engines_unlisted(unsigned int families);

/* Which engine a case runs on, as its JSON says it; NULL: none, or not known. New reference. */
json_t *case_engine(const struct bench_case *c);

#endif
