/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies by IORING_OP_URING_CMD refuse sides that overlap in memory, and no others. */
#include "uring.h"

#include "alias.h"

/* Both sides show the same memory: refused before a byte has moved. */
static void async_refused(const struct bench *bench, const struct alias *sides, struct shift shift)
{
	struct dmabench_copy arg = shifted(&sides[0], &sides[1], &shift);

	memcpy(sides[1].memory, before, SIZE);
	expect_errno(&sides[0], &sides[1], &shift, async_copy(bench, &arg), EINVAL);
	assert_memory_equal(sides[1].memory, before, SIZE);
}

static void async_copied(const struct bench *bench, const struct alias *sides, struct shift shift)
{
	struct dmabench_copy arg = shifted(&sides[0], &sides[1], &shift);

	memcpy(sides[0].memory, before, SIZE);
	memcpy(sides[1].memory, before, SIZE);
	memcpy(expected, before, SIZE);
	memcpy(expected + shift.to, before + shift.from, shift.len);
	expect_errno(&sides[0], &sides[1], &shift, async_copy(bench, &arg), 0);
	assert_memory_equal(sides[1].memory, expected, SIZE);
}

/* Two mappings of one file, of every kind, by shifts of less than a page and of pages. */
static void two_views_are_einval(void **state)
{
	const struct bench *bench = *state;
	size_t len = fast(bench) ? 256 * KIB : 2 * PAGE;
	const size_t shifts[] = { 0, 64, PAGE, len - 64 };
	int fd = memory_file(SIZE, 0), kinds;
	struct alias sides[2];
	long pinned = pins();
	size_t i;

	for (kinds = 0; kinds < 4; kinds++) {
		two_views(bench, sides, fd, SIZE, kinds);
		for (i = 0; i < 4; i++) {
			async_refused(bench, sides,
				      (struct shift){ BASE, BASE + shifts[i], len, 0 });
			async_refused(bench, sides,
				      (struct shift){ BASE + shifts[i], BASE, len, 0 });
		}
		drop_views(bench, sides);
	}
	close(fd);
	assert_int_equal(pins(), pinned);
	assert_int_equal(locked_kib(), 0);
}

/* Ranges that touch, within a page as well, don't overlap. */
static void touching_views_work(void **state)
{
	const struct bench *bench = *state;
	int fd = memory_file(SIZE, 0), kinds;
	struct alias sides[2];

	for (kinds = 0; kinds < 4; kinds++) {
		two_views(bench, sides, fd, SIZE, kinds);
		async_copied(bench, sides, (struct shift){ 0, 64, 64, 0 });
		async_copied(bench, sides, (struct shift){ 64, 0, 64, 0 });
		async_copied(bench, sides, (struct shift){ 1024, 1024 + 2 * PAGE, 2 * PAGE, 0 });
		async_copied(bench, sides, (struct shift){ 1024 + 2 * PAGE, 1024, 2 * PAGE, 0 });
		drop_views(bench, sides);
	}
	close(fd);
}

/* A registered page that has moved to another address is still the buffer's. */
static void moved_memory_is_einval(void **state)
{
	const struct bench *bench = *state;
	char *memory = view_of(-1, SIZE, MAP_PRIVATE | MAP_ANONYMOUS);
	struct shift shift = { BASE, BASE + 64, PAGE, 0 };
	struct alias sides[2];
	char *place;

	memcpy(memory, before, SIZE);
	alias_make(bench, &sides[0], DMABENCH_BUF_REGISTERED, memory, SIZE);
	place = view_of(-1, SIZE, MAP_PRIVATE | MAP_ANONYMOUS);
	place = mremap(memory, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	assert_ptr_not_equal(place, MAP_FAILED);
	alias_make(bench, &sides[1], DMABENCH_BUF_USER, place, SIZE);
	async_refused(bench, sides, shift);
	assert_int_equal(destroy(bench->fd, sides[0].handle), 0);
	alias_drop(bench, &sides[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(two_views_are_einval),
		RING_TEST(touching_views_work),
		RING_TEST(moved_memory_is_einval),
	};

	return cmocka_run_group_tests_name("alias async", tests, alias_patterns, NULL);
}
