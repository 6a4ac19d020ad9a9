/* SPDX-License-Identifier: GPL-2.0-only */
/* What whoever started this process allows it: descriptors, stack, open files, memory. */
#ifndef DMABENCH_ULIMITS_H
#define DMABENCH_ULIMITS_H

#include <stddef.h>

/*
 * First thing in main(): nothing that is opened later lands on a descriptor from 0 to 2 that was
 * closed, soft limits that are too low for the harness are raised, and a file that grows too
 * large or a closed pipe is a write that fails, not a signal. 0, or -errno with why[]: a hard limit is too low.
 */
int limits_prepare(char *why, size_t len);

/* In a child that becomes another program: all of that as it was found. */
void limits_restore(void);

/* " (limit of …)": which limit an error (-errno) may be due to; "" where it is no limit's. */
const char *limits_hint(int err);

#endif
