/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_ENVIRONMENT_H
#define DMABENCH_ENVIRONMENT_H

#include <jansson.h>

/*
 * The machine's fingerprint as the result file has it: id, platform, identity,
 * conditions, warnings, clock, engines of these families (engines_json.h). New reference.
 */
json_t *environment(const char *id, unsigned int families);

/* Give it the state of a run, and the warnings that follow from it. Takes the reference. */
void environment_set_state(json_t *env, json_t *state);

#endif
