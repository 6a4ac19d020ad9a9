/* SPDX-License-Identifier: GPL-2.0-only */
/* User space's side of /dev/dmabench. */
#ifndef DMABENCH_DRIVER_H
#define DMABENCH_DRIVER_H

#include <stddef.h>

#include "dmabench_uapi.h"

#define MAX_ENGINES 64

/* Open the device. A descriptor or -errno; why[] then says what to do. */
int driver_open(char *why, size_t len);

/* List the engines: how many (at most MAX_ENGINES) or -errno. */
int driver_engines(int fd, struct dmabench_engine_info *engines, char *why, size_t len);

/*
 * Find the first usable engine with this channel name or provider ("dma0chan0",
 * "ioatdma"); "" is the first of all. 0 or -ENODEV with why[].
 */
int driver_find(int fd, const char *label, struct dmabench_engine_info *engine, char *why,
		size_t len);

const char *iommu_name(__u32 iommu);

#endif
