/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of --changed: conditions that are under test, so that they may differ. */
#ifndef DMABENCH_CHANGED_H
#define DMABENCH_CHANGED_H

#include "compared.h"

/* Keys of conditions that are a momentary state and no setting: never compared. */
extern const char *const momentary[];
extern const size_t momentary_count;

/* Is name in the list "a,b,c" (or NULL), by itself or as part of another? */
bool changed_names(const char *list, const char *name);

/* 0, or -EINVAL with why[]: the list has a name that is no condition of these files. */
int changed_check(const struct compare *cmp, char *why, size_t len);

#endif
