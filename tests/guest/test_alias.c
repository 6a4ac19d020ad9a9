/* SPDX-License-Identifier: GPL-2.0-only */
/* Sides that overlap in memory are refused, whatever their addresses. */
#include <fcntl.h>
#include <sys/wait.h>

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

/* Until it is written to, a private mapping of a file shows the file's own page. */
static void private_source_is_einval_until_written(void **state)
{
	const struct bench *bench = *state;
	int fd = memory_file(SIZE, 0), kind;

	for (kind = DMABENCH_BUF_USER; kind <= DMABENCH_BUF_REGISTERED; kind++) {
		struct shift shift = { BASE, BASE + 64, 2 * PAGE, 0 };
		struct alias src, dst;

		alias_make(bench, &dst, kind, view_of(fd, SIZE, MAP_SHARED), SIZE);
		alias_make(bench, &src, DMABENCH_BUF_USER, view_of(fd, SIZE, MAP_PRIVATE), SIZE);
		refused(bench, &src, &dst, shift);
		shift.chunk = PAGE;
		refused(bench, &src, &dst, shift);
		/* Writes to all of it, so that its pages are its own. */
		copied(bench, &src, &dst, shift);
		alias_drop(bench, &src);
		alias_drop(bench, &dst);
	}
	close(fd);
}

/* Registered, such a mapping may have got pages of its own; if not, it is refused. */
static void registered_private_source_is_never_wrong(void **state)
{
	const struct bench *bench = *state;
	struct shift shift = { BASE, BASE + 64, 2 * PAGE, 0 };
	int fd = memory_file(SIZE, 0), err;
	struct dmabench_buffer buffer = {
		.engine = bench->engine,
		.kind = DMABENCH_BUF_REGISTERED,
		.flags = DMABENCH_BUF_SOURCE,
		.node = -1,
		.size = SIZE,
	};
	struct dmabench_copy arg;
	struct alias src, dst;

	alias_make(bench, &dst, DMABENCH_BUF_USER, view_of(fd, SIZE, MAP_SHARED), SIZE);
	alias_make(bench, &src, DMABENCH_BUF_USER, view_of(fd, SIZE, MAP_PRIVATE), SIZE);
	memcpy(dst.memory, before, SIZE);
	buffer.addr = (uintptr_t)src.memory;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), 0);
	src.kind = DMABENCH_BUF_REGISTERED;
	src.handle = buffer.handle;
	arg = shifted(&src, &dst, &shift);
	err = copy(bench, &arg);
	memcpy(expected, before, SIZE);
	if (err)
		expect_errno(&src, &dst, &shift, err, EINVAL);
	else
		memcpy(expected + shift.to, before + shift.from, shift.len);
	assert_memory_equal(dst.memory, expected, SIZE);
	alias_drop(bench, &src);
	alias_drop(bench, &dst);
	close(fd);
}

/* A registered page goes with its mapping to another address, and is the same page there. */
static void moved_memory_is_einval(void **state)
{
	const struct bench *bench = *state;
	struct alias old, moved;
	struct shift shift = { 0, 64, PAGE, 0 };
	char *memory = view_of(-1, 4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS), *place;
	struct dmabench_buffer again;
	struct dmabench_copy arg;

	memcpy(memory, before, 4 * PAGE);
	alias_make(bench, &old, DMABENCH_BUF_REGISTERED, memory, 4 * PAGE);
	place = view_of(-1, 4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);
	place = mremap(memory, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	assert_ptr_not_equal(place, MAP_FAILED);
	moved = (struct alias){ DMABENCH_BUF_USER, 0, place, 4 * PAGE };
	/* The buffer has no address any more; its bytes are seen at the new one. */
	arg = shifted(&old, &moved, &shift);
	expect_errno(&old, &moved, &shift, copy(bench, &arg), EINVAL);
	arg = shifted(&moved, &old, &shift);
	expect_errno(&moved, &old, &shift, copy(bench, &arg), EINVAL);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, place, 4 * PAGE, &again), 0);
	moved.kind = DMABENCH_BUF_REGISTERED;
	moved.handle = again.handle;
	arg = shifted(&old, &moved, &shift);
	expect_errno(&old, &moved, &shift, copy(bench, &arg), EINVAL);
	assert_memory_equal(place, before, 4 * PAGE);
	shift = (struct shift){ 0, 2 * PAGE, 2 * PAGE, 0 };
	arg = shifted(&old, &moved, &shift);
	expect_errno(&old, &moved, &shift, copy(bench, &arg), 0);
	assert_memory_equal(place + 2 * PAGE, before, 2 * PAGE);
	assert_int_equal(destroy(bench->fd, old.handle), 0);
	alias_drop(bench, &moved);
}

/* Whoever registered it: a buffer and another process's memory may be the same. */
static void memory_of_another_process_is_einval(void **state)
{
	struct shift shift = { BASE, BASE + 64, 2 * PAGE, 0 };
	const struct bench *bench = *state;
	int fd = memory_file(SIZE, 0), status;
	struct alias buffer, user;
	pid_t pid;

	alias_make(bench, &buffer, DMABENCH_BUF_REGISTERED, view_of(fd, SIZE, MAP_SHARED), SIZE);
	memcpy(buffer.memory, before, SIZE);
	user = buffer;
	user.kind = DMABENCH_BUF_USER;
	user.handle = 0;
	pid = fork();
	if (!pid) {
		struct dmabench_copy arg = shifted(&user, &buffer, &shift);
		int err = copy(bench, &arg);

		arg = shifted(&buffer, &user, &shift);
		_exit(err == EINVAL ? copy(bench, &arg) : err ? err : 255);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EINVAL); /* 255: the first copy had status 0 */
	assert_memory_equal(buffer.memory, before, SIZE);
	alias_drop(bench, &buffer);
	close(fd);
}

static int batch_shifted(const struct bench *bench, const struct alias *sides, size_t shift,
			 const struct dmabench_segment *list, uint32_t count)
{
	struct dmabench_batch arg = {
		.src = alias_side(&sides[0], BASE),
		.dst = alias_side(&sides[1], BASE + shift),
		.span = 4 * PAGE,
		.segments_ptr = (uintptr_t)list,
		.segments = count,
		.engine = bench->engine,
	};

	return request(bench->fd, DMABENCH_IOC_BATCH, &arg);
}

/* Spans of two buffers of one memory, as those of one buffer, mustn't overlap. */
static void batch_of_two_views_is_einval(void **state)
{
	static const struct dmabench_segment list[] = { { 0, 0, 2 * PAGE },
							{ 2 * PAGE, 3 * PAGE, 64 } };
	const size_t shifts[] = { 0, 64, PAGE, 4 * PAGE - 64 };
	const struct bench *bench = *state;
	int fd = memory_file(SIZE, 0);
	struct alias sides[2];
	size_t i;

	two_views(bench, sides, fd, SIZE, 3);
	memcpy(sides[0].memory, before, SIZE);
	for (i = 0; i < 4; i++) {
		assert_int_equal(batch_shifted(bench, sides, shifts[i], list, 2), EINVAL);
		assert_memory_equal(sides[0].memory, before, SIZE);
	}
	/* Those that only touch are fine. */
	assert_int_equal(batch_shifted(bench, sides, 4 * PAGE, list, 2), 0);
	memcpy(expected, before, SIZE);
	memcpy(expected + BASE + 4 * PAGE, before + BASE, 2 * PAGE);
	memcpy(expected + BASE + 7 * PAGE, before + BASE + 2 * PAGE, 64);
	assert_memory_equal(sides[0].memory, expected, SIZE);
	drop_views(bench, sides);
	close(fd);
}

#ifdef __aarch64__
/* The top byte of an address says nothing of where it leads. */
static void tagged_address_is_the_same_place(void **state)
{
	const struct bench *bench = *state;
	uint64_t tag = 0x2aull << 56;
	char *memory = pages(4 * PAGE);
	struct dmabench_copy arg = user_copy(memory + 64, memory, PAGE);

	memcpy(memory, before, 4 * PAGE);
	arg.dst.addr |= tag;
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg = user_copy(memory + 64, memory, PAGE);
	arg.src.addr |= tag;
	assert_int_equal(copy(bench, &arg), EINVAL);
	assert_memory_equal(memory, before, 4 * PAGE);
	arg = user_copy(memory + 2 * PAGE, memory, 2 * PAGE);
	arg.src.addr |= tag;
	assert_int_equal(copy(bench, &arg), 0);
	arg.dst.addr |= tag;
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(memory + 2 * PAGE, before, 2 * PAGE);
	assert_memory_equal(memory, before, 2 * PAGE);
	pages_free(memory, 4 * PAGE);
}
#endif

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
		cmocka_unit_test(private_source_is_einval_until_written),
		cmocka_unit_test(registered_private_source_is_never_wrong),
		cmocka_unit_test(moved_memory_is_einval),
		cmocka_unit_test(memory_of_another_process_is_einval),
		cmocka_unit_test(batch_of_two_views_is_einval),
#ifdef __aarch64__
		cmocka_unit_test(tagged_address_is_the_same_place),
#endif
	};

	return cmocka_run_group_tests_name("alias", tests, alias_setup, bench_teardown);
}
