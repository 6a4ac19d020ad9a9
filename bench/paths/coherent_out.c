// SPDX-License-Identifier: GPL-2.0-only
/* A coherent mapping, copied out of by memcpy: as a program does that wants the bytes elsewhere. */
#include "access/coherent_access.h"

const struct copy_path path_coherent_out = {
	.name = "coherent-out",
	.what = "access: memcpy from a coherent mapping to ordinary memory",
	.class = CLASS_ACCESS,
	.axes = AXIS_ENGINE_NAME | AXIS_NODES | AXIS_PAGES,
	.probe = driver_path_probe,
	.own = coherent_access_own,
	.setup = coherent_access_setup,
	.submit = access_out,
	.push = access_push_read,
	.teardown = coherent_access_teardown,
};
