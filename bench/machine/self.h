/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lies near this program, wherever it is: in the source tree, or where make install put it,
 * so that either may be moved.
 */
#ifndef DMABENCH_SELF_H
#define DMABENCH_SELF_H

#include <stddef.h>

/* The first of these paths from the program's folder that is there, whole. 0, -ENOENT or -errno. */
int self_near(const char *const *places, size_t count, char *path, size_t len);

#endif
