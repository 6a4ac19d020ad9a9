/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's lists of CPUs and nodes: "0-3,8". */
#ifndef DMABENCH_RANGES_H
#define DMABENCH_RANGES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Set the named members of set[n], clear the others; "" is the empty list. Members from
 * n on are left out: a mask of allowed nodes names more than any machine has. 0 or
 * -EINVAL, with set[] cleared.
 */
int ranges_parse(const char *text, bool *set, size_t n);

#endif
