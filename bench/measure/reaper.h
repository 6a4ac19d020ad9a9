/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose parent a launch's own processes have when it is gone: not everybody's first process, as in a
 * container, sees out what others leave. All children of this process are taken for such.
 */
#ifndef DMABENCH_REAPER_H
#define DMABENCH_REAPER_H

/* They become this process's from here on; when it exits it waits for the last ones, some seconds at most. */
void reaper_become(void);
/* Sees out those that have ended. */
void reaper_reap(void);

#endif
