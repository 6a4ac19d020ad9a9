/* SPDX-License-Identifier: GPL-2.0-only */
/* Where engines come from: the driver lists dmaengine's channels, others have lists of their own. */
#ifndef DMABENCH_ENGINE_SOURCE_H
#define DMABENCH_ENGINE_SOURCE_H

#include <jansson.h>
#include <stdbool.h>

#include "engines.h"

struct engine_source {
	const char *name; /* "gpu" */
	/* Is there anything of it here, listed or not? Without asking a driver. */
	bool (*present)(void);
	/* All there are, at most MAX_ENGINES: how many, or -errno with why[]. */
	int (*list)(struct dmabench_engine_info *engines, char *why, size_t len);
	/* "hardware", "emulated" or "software". */
	const char *(*kind)(const struct dmabench_engine_info *e);
	/* Why it isn't usable: it is POISONED. */
	const char *(*reason)(const struct dmabench_engine_info *e);
	/* Optional: what else is known of it, for list … and for cases. New references. */
	json_t *(*limits)(const struct dmabench_engine_info *e);
	json_t *(*identity)(const struct dmabench_engine_info *e);
};

#endif
