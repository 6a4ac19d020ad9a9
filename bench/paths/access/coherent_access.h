/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of access.h in a coherent buffer of the driver, as its mmap shows it. */
#ifndef DMABENCH_COHERENT_ACCESS_H
#define DMABENCH_COHERENT_ACCESS_H

#include "paths/driver_path.h"
#include "access.h"

/* The device's node is the mapping's: it can't be placed. */
#define COHERENT_ACCESS_AXES (AXIS_ENGINE_NAME | AXIS_CPU_NODE)

void coherent_access_own(const struct case_params *p, uint64_t bytes[2]);
int coherent_access_setup(struct copy_ctx *ctx);
void coherent_access_teardown(struct copy_ctx *ctx);

#endif
