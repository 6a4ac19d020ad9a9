// SPDX-License-Identifier: GPL-2.0-only
#include "checks.h"

extern const struct copy_path path_memcpy;

/* Goes on from sample to sample, so that the share holds whatever a sample's length. */
static unsigned int since;

static int slowed_setup(struct copy_ctx *ctx)
{
	since = 0;
	return path_memcpy.setup(ctx);
}

static void slowed_teardown(struct copy_ctx *ctx)
{
	path_memcpy.teardown(ctx);
}

static int slowed(struct copy_ctx *ctx, unsigned int period)
{
	int ret = path_memcpy.submit(ctx);

	if (++since < period)
		return ret;
	since = 0;
	return path_memcpy.submit(ctx);
}

static int little_submit(struct copy_ctx *ctx)
{
	return slowed(ctx, SLOWED_LITTLE_PERIOD);
}

static int much_submit(struct copy_ctx *ctx)
{
	return slowed(ctx, SLOWED_MUCH_PERIOD);
}

const struct copy_path path_slowed_little = {
	.name = "check-slowed-6",
	.what = "memcpy, every 16th operation copies twice",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.setup = slowed_setup,
	.submit = little_submit,
	.teardown = slowed_teardown,
};

const struct copy_path path_slowed_much = {
	.name = "check-slowed-25",
	.what = "memcpy, every 4th operation copies twice",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.setup = slowed_setup,
	.submit = much_submit,
	.teardown = slowed_teardown,
};
