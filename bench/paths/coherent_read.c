// SPDX-License-Identifier: GPL-2.0-only
/* A coherent mapping, read: as a program does that takes bytes where an engine has left them. */
#include "access/coherent_access.h"

const struct copy_path path_coherent_read = {
	.name = "coherent-read",
	.what = "access: the CPU reads a coherent mapping",
	.class = CLASS_ACCESS,
	.axes = COHERENT_ACCESS_AXES,
	.probe = driver_path_probe,
	.own = coherent_access_own,
	.setup = coherent_access_setup,
	.submit = access_read,
	.push = access_push_read,
	.pull = access_pull_read,
	.teardown = coherent_access_teardown,
};
