/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies by IORING_OP_URING_CMD move the same bytes as COPY, and refuse what it refuses. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "uring.h"

#define SPAN (4 * PAGE)

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

static int fill_patterns(void **state)
{
	(void)state;
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	return 0;
}

static void check_pair(const struct bench *bench, uint32_t from, uint32_t to)
{
	struct end src, dst;
	struct dmabench_copy arg = { .len = PAGE + 2 };

	end_make(bench, &src, from, SPAN);
	end_make(bench, &dst, to, SPAN);
	end_fill(bench, &src, source);
	end_fill(bench, &dst, poison);
	arg.src = end_side(&src, PAGE - 1);
	arg.dst = end_side(&dst, PAGE + 3);
	memcpy(expected, poison, SPAN);
	memcpy(expected + PAGE + 3, source + PAGE - 1, arg.len);
	assert_int_equal(async_copy(bench, &arg), 0);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, expected, SPAN);
	end_look(bench, &src, seen);
	assert_memory_equal(seen, source, SPAN);
	/* Nothing is written to the request. */
	assert_int_equal(arg.total_ns | arg.copied | arg.descriptors, 0);
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

static void every_pair_of_kinds(void **state)
{
	static const uint32_t kinds[] = { DMABENCH_BUF_USER, DMABENCH_BUF_REGISTERED,
					  DMABENCH_BUF_COHERENT };
	const struct bench *bench = *state;
	long before = pins();
	int i;

	for (i = 0; i < 9; i++)
		check_pair(bench, kinds[i / 3], kinds[i % 3]);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

#define MANY DMABENCH_MAX_ASYNC

static void many_in_flight(void **state)
{
	static struct dmabench_copy args[MANY];
	const struct bench *bench = *state;
	int i, count = on_sim(bench) ? MANY : 3;
	size_t len = PAGE / 2;
	char *src = pages(MANY * len), *dst = pages(MANY * len);
	long before = pins();

	pattern(src, MANY * len, 5);
	for (i = 0; i < count; i++) {
		args[i] = user_copy(dst + i * len, src + i * len, len);
		put_copy(bench, &args[i]);
	}
	submit(count);
	for (i = 0; i < count; i++)
		assert_int_equal(completion(), 0);
	assert_memory_equal(dst, src, count * len);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	pages_free(src, MANY * len);
	pages_free(dst, MANY * len);
}

#define REFUSED(change, err)                                        \
	do {                                                        \
		struct dmabench_copy arg = user_copy(dst, src, 64); \
		change;                                             \
		assert_int_equal(async_copy(bench, &arg), err);     \
		assert_memory_equal(dst, poison, SPAN);             \
	} while (0)

static void wrong_copies_are_refused(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(SPAN), *dst = pages(SPAN);
	struct dmabench_buffer kernel;
	long before = pins();

	memcpy(dst, poison, SPAN);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, SPAN, &kernel), 0);
	REFUSED(arg.len = 0, EINVAL);
	REFUSED(arg.len = 1ull << 63, EINVAL);
	/* More than can be mapped in one piece, and far from the other. */
	REFUSED((arg.len = 1ull << 40, arg.src.addr = PAGE), EINVAL);
	REFUSED(arg.depth = 1, EINVAL);
	REFUSED(arg.depth = UINT32_MAX, EINVAL);
	REFUSED(arg.chunk = PAGE, EINVAL);
	REFUSED(arg.flags = DMABENCH_COPY_POLL, EINVAL);
	REFUSED(arg.latency_count = 1, EINVAL);
	REFUSED(arg.reserved[0] = 1, EINVAL);
	REFUSED(arg.dst.addr = arg.src.addr + 63, EINVAL);
	REFUSED(arg.dst.addr = UINT64_MAX - 8, EINVAL);
	REFUSED((arg.src.kind = DMABENCH_BUF_KERNEL, arg.src.handle = kernel.handle,
		 arg.src.addr = 0),
		EINVAL);
	REFUSED(arg.src.kind = 77, EINVAL);
	REFUSED(arg.dst.handle = kernel.handle, EINVAL);
	REFUSED(arg.src.addr = (uintptr_t)src + SPAN, EFAULT);
	REFUSED(arg.dst.addr = (uintptr_t)dst + SPAN - 63, EFAULT);
	assert_int_equal(destroy(bench->fd, kernel.handle), 0);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	pages_free(src, SPAN);
	pages_free(dst, SPAN);
}

static void wrong_commands_are_refused(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = { .len = 1 };
	char *memory = pages(PAGE);

	put(&ring, bench->fd, DMABENCH_URING_COPY, 0, 0);
	submit(1);
	assert_int_equal(completion(), EFAULT);
	put(&ring, bench->fd, DMABENCH_URING_COPY, (uintptr_t)memory + PAGE - 8, 0);
	submit(1);
	assert_int_equal(completion(), EFAULT);
	put(&ring, bench->fd, DMABENCH_URING_COPY, (uintptr_t)&arg, 1);
	submit(1);
	assert_int_equal(completion(), EINVAL);
	put(&ring, bench->fd, DMABENCH_IOC_COPY, (uintptr_t)&arg, 0);
	submit(1);
	assert_int_equal(completion(), ENOTTY);
	/* No engine of that handle, and none of that of another object. */
	put(&ring, bench->fd, DMABENCH_URING_COPY, (uintptr_t)&arg, 0);
	submit(1);
	assert_int_equal(completion(), EINVAL);
	pages_free(memory, PAGE);
}

/* The same page of memory again and again: no two of them make one segment. */
static char *scattered(size_t count)
{
	char *all = pages(count * PAGE);
	int fd = memfd_create("page", 0);
	size_t i;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, PAGE), 0);
	for (i = 0; i < count; i++)
		assert_ptr_not_equal(mmap(all + i * PAGE, PAGE, PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_FIXED, fd, 0),
				     MAP_FAILED);
	close(fd);
	return all;
}

static void more_descriptors_than_can_be_in_flight(void **state)
{
	const struct bench *bench = *state;
	size_t most = 256, len = (most + 1) * PAGE;
	struct dmabench_buffer from = { .kind = DMABENCH_BUF_REGISTERED,
					.flags = DMABENCH_BUF_SOURCE,
					.engine = bench->engine,
					.node = -1,
					.size = len },
			       to;
	struct dmabench_copy arg;
	char *src, *dst;
	int err;

	skip_unless_sim(bench);
	src = scattered(most + 1);
	dst = pages(len);
	pattern(src, PAGE, 8);
	arg = user_copy(dst, src, len);
	assert_int_equal(async_copy(bench, &arg), EINVAL);
	/* Registered, as what is mapped for one copy can't be that long with bounce buffers. */
	from.addr = (uintptr_t)src;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &from), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, dst, len, &to), 0);
	arg = (struct dmabench_copy){
		.src = { .kind = DMABENCH_BUF_REGISTERED, .handle = from.handle },
		.dst = { .kind = DMABENCH_BUF_REGISTERED, .handle = to.handle },
		.len = len,
	};
	/* Bounce buffers may happen to lie side by side: then it takes fewer. */
	err = async_copy(bench, &arg);
	assert_true(err == EINVAL || (!err && !memcmp(dst, src, len)));
	/* Two of a page's size are the least that a page at an odd place takes. */
	arg.dst.addr = 1;
	arg.len = most / 2 * PAGE;
	assert_int_equal(async_copy(bench, &arg), 0);
	assert_memory_equal(dst + 1, src, arg.len);
	assert_int_equal(destroy(bench->fd, from.handle), 0);
	assert_int_equal(destroy(bench->fd, to.handle), 0);
	assert_int_equal(locked_kib(), 0);
	pages_free(src, len);
	pages_free(dst, len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(every_pair_of_kinds),
		RING_TEST(many_in_flight),
		RING_TEST(wrong_copies_are_refused),
		RING_TEST(wrong_commands_are_refused),
		RING_TEST(more_descriptors_than_can_be_in_flight),
	};

	return cmocka_run_group_tests_name("async", tests, fill_patterns, NULL);
}
