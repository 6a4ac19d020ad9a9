// SPDX-License-Identifier: GPL-2.0-only
/* Ordinary memory, written: what writing to a coherent mapping is to be compared with. */
#include "access/access.h"

const struct copy_path path_memory_write = {
	.name = "memory-write",
	.what = "access: the CPU writes ordinary memory",
	.class = CLASS_ACCESS,
	.axes = MEMORY_ACCESS_AXES,
	.own = access_own_nothing,
	.setup = access_destination_setup,
	.submit = access_write,
	.push = access_push_write,
	.pull = access_pull_write,
	.teardown = access_teardown,
};
