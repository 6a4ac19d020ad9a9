/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_ENVIRONMENT_H
#define DMABENCH_ENVIRONMENT_H

#include <jansson.h>

/*
 * The machine's fingerprint as the result file has it: id, platform, identity,
 * conditions, warnings, clock, engines. New reference.
 */
json_t *environment(const char *id);

/* The engines with their kind and whether they are usable. New reference. */
json_t *environment_engines(void);

/* Give it the state of a run, and the warnings that follow from it. Takes the reference. */
void environment_set_state(json_t *env, json_t *state);

#endif
