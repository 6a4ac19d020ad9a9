/* SPDX-License-Identifier: GPL-2.0-only */
/* What mustn't grow: pinned pages, MEMLOCK's charge, DMA mappings, memory. */
#ifndef LEVELS_H
#define LEVELS_H

#include <stdbool.h>

struct levels {
	long pins;     /* pages pinned in the whole guest */
	long locked;   /* KiB charged to this process */
	long mappings; /* DMA mappings of our engines; -1: this kernel doesn't count them */
};

struct levels levels_now(void);

/* Whether they are as before, or are within a second; says which isn't. */
bool levels_back(const struct levels *before);

/* Whether they are at this moment. */
bool levels_same(const struct levels *before);

/* Whether the kernel keeps a list of all DMA mappings now. */
bool mappings_listed(void);

/* How often a module is used; -1: it isn't loaded. */
long module_users(const char *name);

#endif /* LEVELS_H */
