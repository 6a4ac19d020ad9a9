// SPDX-License-Identifier: GPL-2.0-only
#include "batches.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

int batch_probe(const struct case_params *p, char *why, size_t len)
{
	if (p->size % batch_count(p) == 0)
		return 0;
	snprintf(why, len, "%" PRIu64 " bytes aren't %u copies of the same size", p->size,
		 batch_count(p));
	return -EINVAL;
}
