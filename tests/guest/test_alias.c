/* SPDX-License-Identifier: GPL-2.0-only */
/* Sides that overlap in a file that is mapped twice are refused, whatever their addresses. */
#include <fcntl.h>

#include "alias.h"

#define HUGE_PAGE (2 * MIB)

/* By shifts of less than a page, of pages, and by all but the last bytes. */
static void all_shifts(const struct bench *bench, struct alias *sides, size_t len, size_t chunk)
{
	const size_t shifts[] = { 64, PAGE, 2 * PAGE, len - 64 };
	size_t i;

	for (i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
		if (shifts[i] < len)
			refused(bench, &sides[0], &sides[1],
				(struct shift){ BASE, BASE + shifts[i], len, chunk });
	}
	refused(bench, &sides[0], &sides[1], (struct shift){ BASE, BASE, len, chunk });
	refused(bench, &sides[0], &sides[1], (struct shift){ BASE, BASE - 64, len, chunk });
	refused(bench, &sides[0], &sides[1], (struct shift){ BASE, BASE - PAGE, len, chunk });
}

static void shifts_in_file(const struct bench *bench, int fd, int kinds)
{
	const size_t chunks[] = { 0, 64 * KIB, PAGE };
	struct alias sides[2];
	long pinned = pins();
	size_t i;

	two_views(bench, sides, fd, SIZE, kinds);
	for (i = 0; i < 3; i++) {
		all_shifts(bench, sides, 2 * PAGE, chunks[i]);
		if (!fast(bench))
			continue;
		all_shifts(bench, sides, 64 * KIB, chunks[i]);
		all_shifts(bench, sides, 2 * MIB, chunks[i]);
	}
	drop_views(bench, sides);
	assert_int_equal(pins(), pinned);
	assert_int_equal(locked_kib(), 0);
}

static void shifts_of(const struct bench *bench, int kinds)
{
	int fd = memory_file(SIZE, 0);

	shifts_in_file(bench, fd, kinds);
	close(fd);
}

/* Two mappings of one file, both pinned for the copy. */
static void user_to_user_is_einval(void **state)
{
	shifts_of(*state, 0);
}

/* The source was registered before. */
static void registered_to_user_is_einval(void **state)
{
	shifts_of(*state, 1);
}

/* The destination was registered before. */
static void user_to_registered_is_einval(void **state)
{
	shifts_of(*state, 2);
}

/* Two buffers of the same memory. */
static void registered_to_registered_is_einval(void **state)
{
	shifts_of(*state, 3);
}

/* What overlaps lies in different chunks, which never are in flight together. */
static void far_apart_chunks_are_einval(void **state)
{
	const struct bench *bench = *state;
	size_t half = fast(bench) ? 512 * KIB : 4 * PAGE;
	int fd = memory_file(SIZE, 0), kinds;
	struct alias sides[2];

	for (kinds = 0; kinds < 4; kinds++) {
		two_views(bench, sides, fd, SIZE, kinds);
		refused(bench, &sides[0], &sides[1],
			(struct shift){ BASE, BASE + half, 4 * half, half / 2 });
		refused(bench, &sides[0], &sides[1],
			(struct shift){ BASE + half, BASE, 4 * half, half / 2 });
		refused(bench, &sides[0], &sides[1],
			(struct shift){ BASE, BASE + 4 * half - 64, 4 * half, half / 4 });
		drop_views(bench, sides);
	}
	close(fd);
}

/* A file of a file system in memory is no different. */
static void tmpfs_file_is_einval(void **state)
{
	int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600), kinds;
	const struct bench *bench = *state;
	struct alias sides[2];

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, SIZE), 0);
	for (kinds = 0; kinds < 4; kinds++) {
		two_views(bench, sides, fd, SIZE, kinds);
		all_shifts(bench, sides, 2 * PAGE, 0);
		drop_views(bench, sides);
	}
	close(fd);
}

/* Of one large page, each half is a page of its own to the check. */
static void hugetlb_is_einval_or_works(void **state)
{
	const struct bench *bench = *state;
	struct alias sides[2];
	int fd, kinds;

	skip_without("/proc/sys/vm/nr_hugepages");
	put_file("/proc/sys/vm/nr_hugepages", "4");
	if (file_field("/proc/meminfo", "HugePages_Free:") < 2) {
		put_file("/proc/sys/vm/nr_hugepages", "0");
		skip();
	}
	fd = memory_file(2 * HUGE_PAGE, MFD_HUGETLB);
	for (kinds = 0; kinds < 4; kinds++) {
		two_views(bench, sides, fd, 2 * HUGE_PAGE, kinds);
		all_shifts(bench, sides, 2 * PAGE, 0);
		if (fast(bench))
			all_shifts(bench, sides, 64 * KIB, PAGE);
		copied(bench, &sides[0], &sides[1], (struct shift){ 0, 2 * PAGE, 2 * PAGE, 0 });
		copied(bench, &sides[0], &sides[1],
		       (struct shift){ HUGE_PAGE, HUGE_PAGE - 2 * PAGE, 2 * PAGE, PAGE });
		drop_views(bench, sides);
	}
	close(fd);
	put_file("/proc/sys/vm/nr_hugepages", "0");
}

/* A buffer in which one page of a file appears twice overlaps itself a page further on. */
static void page_twice_in_a_buffer_is_einval(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(2 * PAGE);
	int fd = memory_file(PAGE, 0), i;
	struct alias both;

	for (i = 0; i < 2; i++)
		assert_ptr_not_equal(mmap(memory + i * PAGE, PAGE, PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_FIXED, fd, 0),
				     MAP_FAILED);
	alias_make(bench, &both, DMABENCH_BUF_REGISTERED, memory, 2 * PAGE);
	for (i = 0; i < 2; i++) {
		struct shift same = { 0, PAGE, PAGE, 0 }, apart = { 0, PAGE + 64, 1024, 0 },
			     next = { 0, PAGE + 1024, 1024, 0 };
		struct dmabench_copy arg = shifted(&both, &both, &same);

		memcpy(memory, before, PAGE);
		expect_errno(&both, &both, &same, copy(bench, &arg), EINVAL);
		arg = shifted(&both, &both, &apart);
		expect_errno(&both, &both, &apart, copy(bench, &arg), EINVAL);
		assert_memory_equal(memory, before, PAGE);
		arg = shifted(&both, &both, &next);
		expect_errno(&both, &both, &next, copy(bench, &arg), 0);
		assert_memory_equal(memory, before, 1024);
		assert_memory_equal(memory + 1024, before, 1024);
		if (!i)
			assert_int_equal(destroy(bench->fd, both.handle), 0);
		both.kind = DMABENCH_BUF_USER;
		both.handle = 0;
	}
	pages_free(memory, 2 * PAGE);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_to_user_is_einval),
		cmocka_unit_test(registered_to_user_is_einval),
		cmocka_unit_test(user_to_registered_is_einval),
		cmocka_unit_test(registered_to_registered_is_einval),
		cmocka_unit_test(far_apart_chunks_are_einval),
		cmocka_unit_test(tmpfs_file_is_einval),
		cmocka_unit_test(hugetlb_is_einval_or_works),
		cmocka_unit_test(page_twice_in_a_buffer_is_einval),
	};

	return cmocka_run_group_tests_name("alias", tests, alias_setup, bench_teardown);
}
