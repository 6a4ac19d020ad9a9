/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_EXIT_STATUS_H
#define DMABENCH_EXIT_STATUS_H

/* Exit statuses, part of the interface. */
#define EXIT_OK 0
#define EXIT_FAILED 1 /* regression or failed verification */
#define EXIT_USAGE 2  /* usage, unreadable input, output that can't be written */
#define EXIT_INCONCLUSIVE 3
#define EXIT_INCOMPARABLE 4

#endif
