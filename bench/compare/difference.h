/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_DIFFERENCE_H
#define DMABENCH_DIFFERENCE_H

#include "compared.h"

/* Note that base and now aren't the same, once; they can be compared only if it is allowed. */
void differ(struct compare *cmp, const char *env, const char *kind, const char *name,
	    const json_t *base, const json_t *now, bool allowed);

#endif
