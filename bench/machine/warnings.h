/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_WARNINGS_H
#define DMABENCH_WARNINGS_H

#include <jansson.h>

/*
 * What spoils measurements and what to do about it: [{id, when, what, why, do}]. when is
 * "always" for conditions, else "before", "during" or "after" the run. state may be NULL.
 * What can't be seen gives no warning, and is null where it was looked for. New reference.
 */
json_t *warnings_of(const json_t *conditions, const json_t *state);

#endif
