/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_MODULES_H
#define DMABENCH_MODULES_H

#include "thread.h"

/* The entry of this program itself. To be called first, with where the entries are. */
uint32_t module_program(struct region *region);

/* Which module an address is in, and where in its own addresses. */
void module_of(uintptr_t address, struct caller *into);

#endif
