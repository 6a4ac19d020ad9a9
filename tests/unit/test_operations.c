// SPDX-License-Identifier: GPL-2.0-only
/* As many operations as asked, whoever does the counting: verification can't see fewer. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "paths/checks/checks.h"
#include "paths/kernel_path.h"
#include "paths/path.h"

static struct {
	uint64_t submitted, waited, drained, told, asked;
	uint64_t fail_at; /* 0: never */
} seen;

static int submit(struct copy_ctx *ctx)
{
	(void)ctx;
	return ++seen.submitted == seen.fail_at ? -EIO : 0;
}

static int wait_for(struct copy_ctx *ctx)
{
	(void)ctx;
	assert_int_equal(++seen.waited, seen.submitted);
	return 0;
}

static int drain(struct copy_ctx *ctx)
{
	(void)ctx;
	seen.drained++;
	return 0;
}

static int submit_many(struct copy_ctx *ctx, uint64_t n)
{
	(void)ctx;
	seen.asked++;
	seen.told += n;
	return 0;
}

static int forget(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	return 0;
}

static void each_is_submitted_and_waited_for(void **state)
{
	static const struct copy_path path = {
		.name = "counts", .submit = submit, .wait = wait_for, .drain = drain
	};
	struct copy_ctx ctx = { 0 };

	(void)state;
	assert_int_equal(path_operate(&path, &ctx, 5), 0);
	assert_int_equal(seen.submitted, 5);
	assert_int_equal(seen.waited, 5);
	assert_int_equal(seen.drained, 1);
	assert_int_equal(path_begin(&path, &ctx), 0);
	assert_int_equal(seen.waited, 6);
	assert_int_equal(seen.drained, 1);
}

static void an_error_ends_them(void **state)
{
	static const struct copy_path path = {
		.name = "fails", .submit = submit, .wait = wait_for, .drain = drain
	};
	struct copy_ctx ctx = { 0 };

	(void)state;
	seen.fail_at = 3;
	assert_int_equal(path_operate(&path, &ctx, 5), -EIO);
	assert_int_equal(seen.submitted, 3);
	assert_int_equal(seen.waited, 2);
	assert_int_equal(seen.drained, 0);
}

static void many_are_asked_for_at_once_or_one_by_one(void **state)
{
	static const struct copy_path path = { .name = "many", .submit_many = submit_many };
	struct copy_ctx ctx = { 0 };

	(void)state;
	assert_int_equal(path_operate(&path, &ctx, 1000), 0);
	assert_int_equal(seen.asked, 1);
	assert_int_equal(seen.told, 1000);
	assert_int_equal(path_begin(&path, &ctx), 0);
	assert_int_equal(seen.asked, 2);
	assert_int_equal(seen.told, 1001);
}

static uint64_t copies;

static void count_copy(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	assert_int_equal(ahead, 512);
	memcpy(dst, src, size);
	copies++;
}

static const struct copy_kernel counting = { .name = "counting", .copy = count_copy };

/* One that copied once in a batch would pass every check of bytes, and be very fast. */
static void a_kernel_copies_as_often_as_it_is_told(void **state)
{
	static uint8_t src[64], dst[64];
	struct copier copier = { .kernel = &counting, .ahead = 512 };
	struct copy_ctx ctx = { .params = { .size = 64 }, .src = src, .dst = dst, .priv = &copier };

	(void)state;
	for (uint64_t n = 0; n < 40; n++) {
		copies = 0;
		assert_int_equal(kernel_path_submit_many(&ctx, n), 0);
		assert_int_equal(copies, n);
	}
	for (size_t i = 0; i < all_paths_count; i++)
		if (all_paths[i]->submit_many && !all_paths[i]->drain)
			assert_ptr_equal(all_paths[i]->submit_many, kernel_path_submit_many);
}

/* However the operations come in batches, the share is the same. */
static void a_slowed_copy_copies_the_share_more(void **state)
{
	static uint8_t src[64], dst[64];
	struct copier copier = { .kernel = &counting, .ahead = 512 };
	struct copy_ctx ctx = { .params = { .size = 64 }, .src = src, .dst = dst, .priv = &copier };
	const uint64_t batches[] = { 16, 1, 2, 5, 8, 64, 3, 29 };
	uint64_t all = 0;

	(void)state;
	copies = 0;
	for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		assert_int_equal(path_slowed_much.submit_many(&ctx, batches[i]), 0);
		all += batches[i];
		assert_int_equal(copies, all + all / SLOWED_MUCH_PERIOD);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_is_submitted_and_waited_for, forget),
		cmocka_unit_test_setup(an_error_ends_them, forget),
		cmocka_unit_test_setup(many_are_asked_for_at_once_or_one_by_one, forget),
		cmocka_unit_test(a_kernel_copies_as_often_as_it_is_told),
		cmocka_unit_test(a_slowed_copy_copies_the_share_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
