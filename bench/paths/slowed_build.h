/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * make SLOWED=PERCENT BUILD=DIR: a build whose CPU copies copy that share of their bytes once
 * more, to see that the gate sees it. Its version says so. Everybody else's has 0.
 */
#ifndef DMABENCH_SLOWED_BUILD_H
#define DMABENCH_SLOWED_BUILD_H

#include <stddef.h>

#include "version.h"

struct slowed_part {
	size_t from, len;
};

/*
 * The middle: as far from the copy before as from the next one, so that it comes no cheaper
 * by being in a cache that the whole doesn't fit.
 */
static inline struct slowed_part slowed_part(size_t size, unsigned int percent)
{
	const size_t len = size / 100 * percent + size % 100 * percent / 100;

	return (struct slowed_part){ .from = (size - len) / 2, .len = len };
}

#endif
