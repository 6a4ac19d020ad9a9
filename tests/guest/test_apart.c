/* SPDX-License-Identifier: GPL-2.0-only */
/* Sides that don't overlap in memory are copied, however much it looks as if they did. */
#include "alias.h"

/* Ranges that touch don't overlap, also within a page, seen by two mappings. */
static void touching_views_work(void **state)
{
	const struct bench *bench = *state;
	int fd = memory_file(SIZE, 0), kinds;
	struct alias sides[2];

	for (kinds = 0; kinds < 4; kinds++) {
		two_views(bench, sides, fd, SIZE, kinds);
		copied(bench, &sides[0], &sides[1], (struct shift){ 0, 64, 64, 0 });
		copied(bench, &sides[0], &sides[1], (struct shift){ 64, 0, 64, 0 });
		copied(bench, &sides[0], &sides[1], (struct shift){ BASE, BASE + 1024, 1024, 0 });
		copied(bench, &sides[0], &sides[1],
		       (struct shift){ 1024, 1024 + 2 * PAGE, 2 * PAGE, 0 });
		copied(bench, &sides[0], &sides[1],
		       (struct shift){ 1024 + 2 * PAGE, 1024, 2 * PAGE, PAGE });
		if (fast(bench)) {
			copied(bench, &sides[0], &sides[1],
			       (struct shift){ 64, MIB + 64, MIB, 64 * KIB });
			copied(bench, &sides[0], &sides[1], (struct shift){ MIB + 64, 64, MIB, 0 });
		}
		drop_views(bench, sides);
	}
	close(fd);
}

/* Two files are two memories, at whatever places in them. */
static void two_files_work(void **state)
{
	size_t len = fast((struct bench *)*state) ? 2 * MIB : 2 * PAGE;
	int a = memory_file(SIZE, 0), b = memory_file(SIZE, 0), kinds;
	const struct bench *bench = *state;

	for (kinds = 0; kinds < 4; kinds++) {
		struct alias src, dst;

		alias_make(bench, &src, kinds & 1, view_of(a, SIZE, MAP_SHARED), SIZE);
		alias_make(bench, &dst, kinds >> 1, view_of(b, SIZE, MAP_SHARED), SIZE);
		copied(bench, &src, &dst, (struct shift){ BASE, BASE, len, 0 });
		copied(bench, &src, &dst, (struct shift){ BASE, BASE + 64, len, 64 * KIB });
		alias_drop(bench, &src);
		alias_drop(bench, &dst);
	}
	close(a);
	close(b);
}

/* An address says nothing of a buffer that was registered there before it was mapped anew. */
static void memory_mapped_anew_works(void **state)
{
	const struct bench *bench = *state;
	struct shift shift = { 0, 64, PAGE, 0 };
	struct alias old, new;
	struct dmabench_copy arg;
	char *memory = view_of(-1, 2 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS), *look = pages(2 * PAGE);

	memset(memory, 1, 2 * PAGE);
	alias_make(bench, &old, DMABENCH_BUF_REGISTERED, memory, 2 * PAGE);
	assert_int_equal(munmap(memory, 2 * PAGE), 0);
	assert_ptr_equal(mmap(memory, 2 * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			 memory);
	new = (struct alias){ DMABENCH_BUF_USER, 0, memory, 2 * PAGE };
	memcpy(memory, before, 2 * PAGE);
	arg = shifted(&new, &old, &shift);
	expect_errno(&new, &old, &shift, copy(bench, &arg), 0);
	assert_memory_equal(memory, before, 2 * PAGE);
	/* What the buffer holds has no address: a copy shows it. */
	arg = user_copy(look, NULL, 2 * PAGE);
	arg.src = alias_side(&old, 0);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(look + 64, before, PAGE);
	assert_int_equal(look[0], 1);
	assert_int_equal(look[PAGE + 64], 1);
	alias_drop(bench, &old);
	pages_free(look, 2 * PAGE);
}

/* Anonymous memory side by side, by the byte. */
static void neighbours_work(void **state)
{
	const struct bench *bench = *state;
	int kinds;

	for (kinds = 0; kinds < 4; kinds++) {
		char *memory = view_of(-1, 8 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);
		struct alias src, dst;

		alias_make(bench, &src, kinds & 1, memory, 8 * PAGE);
		alias_make(bench, &dst, kinds >> 1, memory, 8 * PAGE);
		copied(bench, &src, &dst, (struct shift){ 0, 64, 64, 0 });
		copied(bench, &src, &dst, (struct shift){ 64, 0, 64, 0 });
		copied(bench, &src, &dst, (struct shift){ 100, 100 + PAGE, PAGE, 0 });
		copied(bench, &src, &dst, (struct shift){ 2 * PAGE, 0, 2 * PAGE, PAGE });
		if (kinds & 1)
			assert_int_equal(destroy(bench->fd, src.handle), 0);
		alias_drop(bench, &dst);
	}
}

/* The same page again and again on one side, as that of all zeroes, overlaps nothing. */
static void zeroes_work_several_times(void **state)
{
	const struct bench *bench = *state;
	size_t size = fast(bench) ? MIB : 2 * PAGE;
	char *untouched = pages(size), *dst = pages(size);
	int i;

	for (i = 0; i < 4; i++) {
		struct dmabench_copy arg = user_copy(dst, untouched, size);

		arg.chunk = i & 1 ? PAGE : 0;
		memset(dst, 1, size);
		assert_int_equal(copy(bench, &arg), 0);
		assert_int_equal(dst[0], 0);
		assert_memory_equal(dst, dst + 1, size - 1);
	}
	pages_free(untouched, size);
	pages_free(dst, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touching_views_work),	     cmocka_unit_test(two_files_work),
		cmocka_unit_test(memory_mapped_anew_works),  cmocka_unit_test(neighbours_work),
		cmocka_unit_test(zeroes_work_several_times),
	};

	return cmocka_run_group_tests_name("apart", tests, alias_setup, bench_teardown);
}
