/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all files of dmabench.ko share: words, locks and numbers.
 *
 * Objects: a session (an open file) holds handles. A handle is an engine (one
 * dmaengine channel; one struct engine for all sessions that opened it) or a
 * buffer. A copy is a request while it runs: see xfer.c.
 *
 * Locks, outermost first:
 *   buffer->io_lock (two of them: lower handle first)
 *     mmap_lock (taken by pinning and by page faults)
 *       the handle table's xa_lock (never sleeps)
 *   engines_lock
 *     the lock of the provider's device, or that of all channels' class: whoever
 *     unbinds, or takes a channel away, holds them
 *       channels_lock > dmaengine's own list mutex; and all below
 *   engine->submit_lock: from preparing to issuing descriptors, and while the
 *     channel is stopped. Nothing is pinned, mapped or faulted in under it.
 *   engine->coherent_lock: the life of coherent memory
 *     mmap_lock (each mapper's, for a moment, when the provider goes)
 *       engine->map_sem: read while something is mapped, unmapped or synced, or a
 *         buffer shown to its user; written when the provider goes
 *         engine->areas_lock (never sleeps)
 */
#ifndef DMABENCH_H
#define DMABENCH_H

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "dmabench_uapi.h"

#define DEFAULT_TIMEOUT_MS 5000
#define MAX_TIMEOUT_MS 60000
/* What an asked timeout means; the request itself stays as it was asked. */
#define TIMEOUT_MS(asked) min_t(u32, (asked) ?: DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS)
#define DEFAULT_DEPTH 16
#define MAX_DEPTH 256
/*
 * Of user memory short enough that copies of 1 MiB have something to overlap: the engine waits
 * for the first chunk to be pinned and mapped, the caller for the last to be released. Where
 * nothing is pinned, each descriptor less is a gain. Measured: see docs/performance.md.
 */
#define DEFAULT_CHUNK SZ_256K
#define DEFAULT_PIECE SZ_1M
#define MAX_CHUNK SZ_256M
#define MAX_BUFFER_BYTES BIT_ULL(BUFFER_WINDOW_SHIFT)

/* Each handle owns a window of the device's offsets, for mmap, pread and pwrite. */
#define BUFFER_WINDOW_SHIFT 32

/* 12 bits, so that the offsets of all windows fit in mmap2's 44 bits. */
#define MAX_HANDLE 4095

/* Longer ranges would overflow the int that counts pages on the way to the MMU. */
#define MAX_RANGE ((u64)INT_MAX << PAGE_SHIFT)

/* Reserved words of a request must be zero. In line: the shortest copies feel a call. */
static inline bool any_set(const u64 *words, size_t count)
{
	u64 any = 0;

	while (count--)
		any |= words[count];
	return any;
}

#endif /* DMABENCH_H */
