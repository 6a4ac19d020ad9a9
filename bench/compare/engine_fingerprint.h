/* SPDX-License-Identifier: GPL-2.0-only */
/* Did the same engine do it? */
#ifndef DMABENCH_ENGINE_FINGERPRINT_H
#define DMABENCH_ENGINE_FINGERPRINT_H

#include "compared.h"

/* Of two cases in one environment; what differs is of kind "engine". */
void compare_engine(struct compare *cmp, const char *env, const json_t *a, const json_t *b);

/* Whether a difference of that name makes it another engine, not one in another condition. */
bool engine_identity(const char *name);

#endif
