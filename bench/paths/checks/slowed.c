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

/* n operations, and one more whenever period of them are done. */
static int slowed(struct copy_ctx *ctx, uint64_t n, unsigned int period)
{
	int ret = 0;

	while (n && !ret) {
		uint64_t some = n < period - since ? n : period - since;

		n -= some;
		since += (unsigned int)some;
		ret = path_memcpy.submit_many(ctx, some);
		if (since < period || ret)
			continue;
		since = 0;
		ret = path_memcpy.submit_many(ctx, 1);
	}
	return ret;
}

static int little_submit_many(struct copy_ctx *ctx, uint64_t n)
{
	return slowed(ctx, n, SLOWED_LITTLE_PERIOD);
}

static int much_submit_many(struct copy_ctx *ctx, uint64_t n)
{
	return slowed(ctx, n, SLOWED_MUCH_PERIOD);
}

const struct copy_path path_slowed_little = {
	.name = "check-slowed-6",
	.what = "memcpy, every 16th operation copies twice",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.setup = slowed_setup,
	.submit_many = little_submit_many,
	.teardown = slowed_teardown,
};

const struct copy_path path_slowed_much = {
	.name = "check-slowed-25",
	.what = "memcpy, every 4th operation copies twice",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
	.setup = slowed_setup,
	.submit_many = much_submit_many,
	.teardown = slowed_teardown,
};
