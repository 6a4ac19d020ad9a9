/* SPDX-License-Identifier: GPL-2.0-only */
/* Paths that can't be tested where the test runs. */
#ifndef DMABENCH_LACKING_H
#define DMABENCH_LACKING_H

#include "unit.h"

#include "paths/path.h"

/* Does this CPU, kernel or emulator lack what the path needs? So says its probe, which is printed. */
static inline bool lacking(const struct copy_path *path, const struct case_params *p)
{
	char why[160] = "";

	if (!path->probe || !path->probe(p, why, sizeof(why)))
		return false;
	print_message("%s can't be tested here: %s\n", path->name, why);
	return true;
}

#endif
