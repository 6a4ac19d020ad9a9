/* SPDX-License-Identifier: GPL-2.0-only */
/* Other ways to have the same memory at two addresses, or in two buffers; see test_alias. */
#include <sys/wait.h>

#include "alias.h"

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
		cmocka_unit_test(private_source_is_einval_until_written),
		cmocka_unit_test(registered_private_source_is_never_wrong),
		cmocka_unit_test(moved_memory_is_einval),
		cmocka_unit_test(memory_of_another_process_is_einval),
		cmocka_unit_test(batch_of_two_views_is_einval),
#ifdef __aarch64__
		cmocka_unit_test(tagged_address_is_the_same_place),
#endif
	};

	return cmocka_run_group_tests_name("alias ways", tests, alias_setup, bench_teardown);
}
