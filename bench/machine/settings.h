/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's settings that bear on copies: facts that stay until somebody changes
 * them. They are part of a result's conditions, and are looked at again during a run.
 */
#ifndef DMABENCH_SETTINGS_H
#define DMABENCH_SETTINGS_H

#include <jansson.h>
#include <stdbool.h>

/*
 * {name: value}, null for what can't be seen here; those that take milliseconds to find
 * out only if asked. New reference.
 */
json_t *settings_read(bool also_slow);

/* Where a setting would be seen: a path or pattern; NULL for a name that is none. */
const char *settings_where(const char *name);

#endif
