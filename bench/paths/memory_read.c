// SPDX-License-Identifier: GPL-2.0-only
/* Ordinary memory, read: what reading a coherent mapping is to be compared with. */
#include "access/access.h"

const struct copy_path path_memory_read = {
	.name = "memory-read",
	.what = "access: the CPU reads ordinary memory",
	.class = CLASS_ACCESS,
	.axes = MEMORY_ACCESS_AXES,
	.own = access_own_nothing,
	.setup = access_source_setup,
	.submit = access_read,
	.push = access_push_read,
	.pull = access_pull_read,
	.teardown = access_teardown,
};
