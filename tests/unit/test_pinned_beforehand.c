// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy whose buffers are somebody's from setup on has a reason to be skipped where each operation
 * should find fresh pages: these would lie elsewhere than what is pinned. Setups are called with
 * the linker's --wrap in the place of what they ask the driver and the GPU for.
 */
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "paths/async_path.h"
#include "paths/driver_path.h"
#include "paths/gpu/staged_path.h"
#include "paths/multichannel_path.h"

int __wrap_driver_path_setup(struct copy_ctx *ctx, __u32 kind);
int __wrap_async_path_setup(struct copy_ctx *ctx, __u32 kind);
int __wrap_multichannel_setup(struct copy_ctx *ctx, __u32 kind);
int __wrap_staged_path_setup(struct copy_ctx *ctx, bool each);

/* What setup asked for. */
static struct {
	unsigned int times;
	__u32 kind;
} wanted;

static int note(__u32 kind)
{
	wanted.times++;
	wanted.kind = kind;
	return -ENODEV;
}

int __wrap_driver_path_setup(struct copy_ctx *ctx, __u32 kind)
{
	(void)ctx;
	return note(kind);
}

int __wrap_async_path_setup(struct copy_ctx *ctx, __u32 kind)
{
	(void)ctx;
	return note(kind);
}

int __wrap_multichannel_setup(struct copy_ctx *ctx, __u32 kind)
{
	(void)ctx;
	return note(kind);
}

int __wrap_staged_path_setup(struct copy_ctx *ctx, bool each)
{
	(void)ctx;
	return note(each ? DMABENCH_BUF_USER : DMABENCH_BUF_REGISTERED);
}

static bool goes_by_an_engine(const struct copy_path *path)
{
	return path->class == CLASS_COPY && path->axes & AXIS_ENGINE;
}

static void see(const struct copy_path *path)
{
	struct case_params fresh = { .size = 65536, .threads = 2, .touch = TOUCH_FRESH };
	struct copy_ctx ctx = { .params = fresh };
	char why[160] = "";
	bool taken = !path_takes(path, &fresh, why, sizeof(why));

	memset(&wanted, 0, sizeof(wanted));
	assert_int_equal(path->setup(&ctx), -ENODEV);
	assert_int_equal(wanted.times, 1);
	if (taken != (wanted.kind == DMABENCH_BUF_USER))
		fail_msg("%s, buffers of kind %u: %s", path->name, wanted.kind,
			 taken ? "takes fresh pages" : why);
	if (path->pinned_beforehand != (wanted.kind == DMABENCH_BUF_REGISTERED))
		fail_msg("%s, buffers of kind %u: pinned beforehand?", path->name, wanted.kind);
}

static void what_is_pinned_beforehand_has_no_fresh_pages(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < all_paths_count; i++)
		if (goes_by_an_engine(all_paths[i])) {
			see(all_paths[i]);
			seen++;
		}
	assert_true(seen > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_pinned_beforehand_has_no_fresh_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
