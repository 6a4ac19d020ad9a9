/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that are wrong get the errno that the interface promises, and leave nothing. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

#define LEN (2 * PAGE)

#include "sides.h"

static void device_is_for_root_only(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(DMABENCH_DEVICE, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_uid, 0);
}

static void info_tells_the_limits(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_info info;

	memset(&info, 0xff, sizeof(info));
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	assert_int_equal(info.abi_version, DMABENCH_ABI_VERSION);
	assert_true(info.engine_count >= 1);
	assert_true(info.max_depth && info.max_handles && info.default_timeout_ms);
	assert_true(info.max_timeout_ms >= info.default_timeout_ms && info.max_coherent);
	assert_int_equal(info.reserved[0] | info.reserved[1] | info.reserved[2] | info.reserved[3],
			 0);
}

static void unknown_command_is_enotty(void **state)
{
	const struct bench *bench = *state;
	char arg[256] = { 0 };

	assert_int_equal(request(bench->fd, _IO(DMABENCH_IOC_MAGIC, 0), arg), ENOTTY);
	assert_int_equal(request(bench->fd, _IOWR(DMABENCH_IOC_MAGIC, 99, int), arg), ENOTTY);
	assert_int_equal(request(bench->fd, _IOR(DMABENCH_IOC_MAGIC, 0, int), arg), ENOTTY);
	assert_int_equal(request(bench->fd, 0, arg), ENOTTY);
}

static void unreadable_argument_is_efault(void **state)
{
	const struct bench *bench = *state;
	static const unsigned long cmds[] = {
		DMABENCH_IOC_INFO,	    DMABENCH_IOC_ENGINE_INFO,	 DMABENCH_IOC_ENGINE_OPEN,
		DMABENCH_IOC_BUFFER_CREATE, DMABENCH_IOC_BUFFER_DESTROY, DMABENCH_IOC_COPY,
		DMABENCH_IOC_BATCH,	    DMABENCH_IOC_BUFFER_SYNC,
	};
	unsigned int i;

	for (i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++) {
		assert_int_equal(request(bench->fd, cmds[i], NULL), EFAULT);
		/* Its first four bytes are there, the rest isn't. */
		assert_int_equal(request(bench->fd, cmds[i], src + LEN - 4), EFAULT);
	}
}

static void no_such_engine(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_info info = { .index = 1000 };
	struct dmabench_engine_open arg = { .flags = 0 };
	uint32_t handle;

	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), ENOENT);
	info.index = UINT32_MAX;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), ENOENT);
	assert_int_equal(open_engine(bench->fd, "dma99chan99", &handle), ENODEV);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &handle), EBUSY);
	memset(arg.name, 'x', sizeof(arg.name));
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_OPEN, &arg), EINVAL);
}

static void engine_in_use_says_so_and_can_be_shared(void **state)
{
	const struct bench *bench = *state;
	int fd = open(DMABENCH_DEVICE, O_RDWR);
	struct dmabench_engine_info info;
	uint32_t handle;

	assert_int_equal(find_engine(fd, &info), 0);
	assert_true(info.flags & DMABENCH_ENGINE_IN_USE);
	/* Of another's the table may know better. */
	if (!(info.flags & DMABENCH_ENGINE_KNOWN))
		assert_true(info.flags & DMABENCH_ENGINE_TERMINATE);
	assert_string_equal(info.name, bench->info.name);
	assert_int_equal(open_engine(fd, info.name, &handle), 0);
	close(fd);
}

static void reserved_fields_and_unknown_flags_are_einval(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_info info = { .reserved0 = 1 };
	struct dmabench_engine_open open_arg = { .flags = 1 };
	struct dmabench_destroy destroy_arg = { .flags = 1 };
	struct dmabench_buffer buffer = { .engine = bench->engine,
					  .kind = DMABENCH_BUF_KERNEL,
					  .flags = BOTH,
					  .node = -1,
					  .size = PAGE };
	struct dmabench_copy arg = user_copy(dst, src, LEN);

	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), EINVAL);
	info.reserved0 = 0;
	info.reserved1 = 1;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), EINVAL);
	info.reserved1 = 0;
	info.reserved[1] = 1ULL << 63;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), EINVAL);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_OPEN, &open_arg), EINVAL);
	open_arg.flags = 0;
	open_arg.reserved[1] = 1;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_OPEN, &open_arg), EINVAL);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_DESTROY, &destroy_arg), EINVAL);
	buffer.reserved0 = 1;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	buffer.reserved0 = 0;
	buffer.flags = 4;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	buffer.flags = 0;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	arg.flags = 4;
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg.flags = 0;
	arg.reserved[0] = 1;
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg.reserved[0] = 0;
	arg.latency_count = 1;
	assert_int_equal(copy(bench, &arg), EINVAL);
}

static void wrong_lengths_are_einval(void **state)
{
	static const uint64_t wrong[] = {
		0, 1ULL << 63, UINT64_MAX, UINT64_MAX - PAGE, (1ULL << 43), 1ULL << 44
	};
	static const uint32_t kinds[] = { DMABENCH_BUF_REGISTERED, DMABENCH_BUF_COHERENT,
					  DMABENCH_BUF_KERNEL };
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	unsigned int i, k;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct dmabench_copy arg = user_copy(dst, src, wrong[i]);

		assert_int_equal(copy(bench, &arg), EINVAL);
		for (k = 0; k < 3; k++)
			assert_int_equal(create(bench, kinds[k], k ? NULL : src, wrong[i], &buffer),
					 EINVAL);
	}
}

/* A length that a 32-bit variable would take for 1. Where addresses have 32 bits, it wraps. */
static void length_isnt_cut_to_32_bits(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, (1ULL << 32) + fit(bench, 1));
	struct dmabench_buffer buffer;

	assert_int_equal(copy(bench, &arg), EINVAL); /* the two ranges overlap */
	arg.dst.addr = 0x10000;
	assert_int_equal(copy(bench, &arg), sizeof(long) == 4 ? EINVAL : EFAULT);
	assert_int_not_equal(create(bench, DMABENCH_BUF_REGISTERED, src, (1ULL << 32) + 1, &buffer),
			     0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, (1ULL << 32) + 1, &buffer),
			 ENOMEM);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, (1ULL << 32) + 1, &buffer),
			 ENOMEM);
}

static void wrong_sides_are_einval(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	struct dmabench_buffer buffer = { .engine = bench->engine,
					  .kind = DMABENCH_BUF_KERNEL,
					  .flags = DMABENCH_BUF_SOURCE,
					  .node = -1,
					  .size = LEN };

	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), 0);
	arg.src.handle = buffer.handle; /* user memory has no handle */
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg.src.kind = DMABENCH_BUF_COHERENT; /* not what the handle is */
	arg.src.addr = 0;
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg.src.kind = DMABENCH_BUF_KERNEL;
	arg.src.addr = LEN - PAGE + fit(bench, 1); /* leaves the buffer */
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg.src.addr = UINT64_MAX; /* wraps */
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg.src.addr = PAGE;
	assert_int_equal(copy(bench, &arg), 0);
	arg.src = arg.dst;
	arg.dst = (struct dmabench_side){ .kind = DMABENCH_BUF_KERNEL, .handle = buffer.handle };
	assert_int_equal(copy(bench, &arg), EINVAL); /* made as a source only */
	arg = user_copy(dst, src, PAGE);
	arg.src.kind = 77;
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg = user_copy(dst, src, PAGE);
	arg.depth = 257;
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg = user_copy(dst, src, PAGE);
	arg.engine = buffer.handle; /* a buffer is no engine */
	assert_int_equal(request(bench->fd, DMABENCH_IOC_COPY, &arg), EINVAL);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), EINVAL);
	assert_int_equal(destroy(bench->fd, bench->engine), EINVAL);
}

static void nodes_and_kinds_of_buffers_are_checked(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer = { .engine = bench->engine,
					  .kind = DMABENCH_BUF_KERNEL,
					  .flags = BOTH,
					  .node = 0,
					  .size = PAGE };

	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	buffer.node = 63;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	buffer.node = -2;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	buffer.node = INT32_MAX;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	buffer.node = -1;
	buffer.kind = DMABENCH_BUF_USER;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
	buffer.kind = DMABENCH_BUF_KERNEL;
	buffer.engine = 4000;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), EINVAL);
}

/* An answer that can't be delivered leaves no buffer behind. */
static void unwritable_answer_leaves_nothing(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer *arg = (void *)pages(PAGE);
	long before = pins();

	arg->engine = bench->engine;
	arg->kind = DMABENCH_BUF_REGISTERED;
	arg->flags = BOTH;
	arg->node = -1;
	arg->addr = (uintptr_t)src;
	arg->size = LEN;
	assert_int_equal(mprotect(arg, PAGE, PROT_READ), 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, arg), EFAULT);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	assert_int_equal(mprotect(arg, PAGE, PROT_READ | PROT_WRITE), 0);
	pages_free((char *)arg, PAGE);
}

static volatile bool flipping;

static void *flip(void *param)
{
	struct dmabench_copy *arg = param;

	while (flipping) {
		arg->len = UINT64_MAX;
		arg->dst.addr = 1;
		arg->len = PAGE;
		arg->dst.addr = (uintptr_t)dst;
	}
	return NULL;
}

/* Whatever another thread makes of the request, it is valid or refused as one piece. */
static void request_flipped_by_another_thread(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	int i, err, rounds = fast(bench) ? 2000 : 5;
	pthread_t thread;

	pattern(src, LEN, 3);
	flipping = true;
	assert_int_equal(pthread_create(&thread, NULL, flip, &arg), 0);
	for (i = 0; i < rounds; i++) {
		memset(dst, 0, LEN);
		err = copy(bench, &arg);
		assert_true(!err || err == EINVAL || err == EFAULT);
		if (!err)
			assert_memory_equal(dst, src, PAGE);
		assert_int_equal(dst[PAGE], 0);
	}
	flipping = false;
	pthread_join(thread, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device_is_for_root_only),
		cmocka_unit_test(info_tells_the_limits),
		cmocka_unit_test(unknown_command_is_enotty),
		cmocka_unit_test(unreadable_argument_is_efault),
		cmocka_unit_test(no_such_engine),
		cmocka_unit_test(engine_in_use_says_so_and_can_be_shared),
		cmocka_unit_test(reserved_fields_and_unknown_flags_are_einval),
		cmocka_unit_test(wrong_lengths_are_einval),
		cmocka_unit_test(length_isnt_cut_to_32_bits),
		cmocka_unit_test(wrong_sides_are_einval),
		cmocka_unit_test(nodes_and_kinds_of_buffers_are_checked),
		cmocka_unit_test(unwritable_answer_leaves_nothing),
		cmocka_unit_test(request_flipped_by_another_thread),
	};

	return cmocka_run_group_tests_name("ioctl", tests, sides_setup, bench_teardown);
}
