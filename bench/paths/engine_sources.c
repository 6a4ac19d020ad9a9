// SPDX-License-Identifier: GPL-2.0-only
#include "engine_sources.h"

#include "gpu/gpu_source.h"
#include "driver_source.h"

const struct engine_source *const engine_sources[ENGINE_FAMILIES] = {
	[ENGINES_DRIVER] = &driver_source,
	[ENGINES_GPU] = &gpu_source,
};
