/* SPDX-License-Identifier: GPL-2.0-only */
/* User space's side of /dev/dmabench. */
#ifndef DMABENCH_DRIVER_H
#define DMABENCH_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "engines.h"

struct case_params;

/* Open the device. A descriptor or -errno; why[] then says what to do. */
int driver_open(char *why, size_t len);

/* List the engines: how many (at most MAX_ENGINES) or -errno. */
int driver_engines(int fd, struct dmabench_engine_info *engines, char *why, size_t len);

/* The first usable engine of the case's label (engines.h). 0 or -ENODEV with why[]. */
int driver_find(int fd, const struct case_params *p, struct dmabench_engine_info *engine, char *why,
		size_t len);

/* All that the case is spread over. */
int driver_find_channels(int fd, const struct case_params *p, struct engine_set *set, char *why,
			 size_t len);

/* ENGINE_OPEN of the engine called so: its handle in this session. 0 or -errno, which errno has too. */
int driver_open_engine(int fd, const char *name, __u32 *handle);

/* Does the engine take copies of so many bytes at such an offset? 0 or -EINVAL with why[]. */
int driver_takes(const struct dmabench_engine_info *engine, __u64 bytes, __u64 offset, char *why,
		 size_t len);

/* Whether RLIMIT_MEMLOCK holds for what this process has pinned. */
bool driver_pins_limited(void);

/* What failed and the errno's words; of a request that pins, that limit too where it may be why. */
void driver_why(char *why, size_t len, const char *what, int err);

const char *iommu_name(__u32 iommu);

#endif
