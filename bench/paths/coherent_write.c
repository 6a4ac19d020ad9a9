// SPDX-License-Identifier: GPL-2.0-only
/* A coherent mapping, written: as a program does that makes bytes where an engine takes them. */
#include "access/coherent_access.h"

const struct copy_path path_coherent_write = {
	.name = "coherent-write",
	.what = "access: the CPU writes a coherent mapping",
	.class = CLASS_ACCESS,
	.axes = COHERENT_ACCESS_AXES,
	.probe = driver_path_probe,
	.own = coherent_access_own,
	.setup = coherent_access_setup,
	.submit = access_write,
	.push = access_push_write,
	.pull = access_pull_write,
	.teardown = coherent_access_teardown,
};
