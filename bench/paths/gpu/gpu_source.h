/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_GPU_SOURCE_H
#define DMABENCH_GPU_SOURCE_H

#include "../engine_source.h"

extern const struct engine_source gpu_source;

#endif
