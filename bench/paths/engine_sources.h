/* SPDX-License-Identifier: GPL-2.0-only */
/* Every source of engines, by whose they are. */
#ifndef DMABENCH_ENGINE_SOURCES_H
#define DMABENCH_ENGINE_SOURCES_H

#include "engine_source.h"
#include "params.h"

extern const struct engine_source *const engine_sources[ENGINE_FAMILIES];

#endif
