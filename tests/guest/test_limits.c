/* SPDX-License-Identifier: GPL-2.0-only */
/* RLIMIT_MEMLOCK and the session's own caps hold to the page, and all comes back. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

/* Take CAP_IPC_LOCK from this thread, or give it back. */
static void ipc_lock(bool on)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	if (on)
		data[0].effective |= 1U << CAP_IPC_LOCK;
	else
		data[0].effective &= ~(1U << CAP_IPC_LOCK);
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void memlock(unsigned long limit)
{
	struct rlimit r = { .rlim_cur = limit, .rlim_max = RLIM_INFINITY };

	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &r), 0);
}

static int teardown(void **state)
{
	(void)state;
	ipc_lock(true);
	memlock(RLIM_INFINITY);
	return 0;
}

static void copy_is_charged_to_the_page(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(4 * PAGE), *dst = pages(4 * PAGE);
	struct dmabench_copy arg = user_copy(dst, src, 2 * PAGE);
	long before = pins();

	memlock(4 * PAGE);
	ipc_lock(false);
	assert_int_equal(copy(bench, &arg), 0);
	arg.len++; /* a third page of each */
	assert_int_equal(copy(bench, &arg), ENOMEM);
	arg.len--;
	arg.src.addr++; /* unaligned: a third page of one */
	assert_int_equal(copy(bench, &arg), ENOMEM);
	ipc_lock(true); /* who may lock without limit may do it here */
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	pages_free(src, 4 * PAGE);
	pages_free(dst, 4 * PAGE);
}

static void registered_stays_charged(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer, more;
	char *memory = pages(5 * PAGE);
	long before = pins();

	memlock(4 * PAGE);
	ipc_lock(false);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 5 * PAGE, &buffer), ENOMEM);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory + 1, 4 * PAGE, &buffer),
			 ENOMEM);
	assert_int_equal(pins(), before);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 4 * PAGE, &buffer), 0);
	assert_int_equal(pins(), before + 4);
	assert_int_equal(locked_kib(), 16);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 1, &more), ENOMEM);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	pages_free(memory, 5 * PAGE);
}

/* A limit of one chunk of each side is enough for a copy of any length. */
static void long_copy_fits_a_small_limit(void **state)
{
	const struct bench *bench = *state;
	size_t len = on_sim(bench) ? 256 * PAGE : 3 * PAGE;
	char *src = pages(len), *dst = pages(len);
	struct dmabench_copy arg = user_copy(dst, src, len);

	pattern(src, len, 8);
	arg.chunk = PAGE;
	memlock(2 * PAGE);
	ipc_lock(false);
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(arg.chunks, len / PAGE);
	assert_memory_equal(src, dst, len);
	pages_free(src, len);
	pages_free(dst, len);
}

#define RACERS 4
#define WINS 50

static void *race(void *param)
{
	const struct bench *bench = param;
	char *memory = pages(2 * PAGE);
	long won = 0;

	ipc_lock(false);
	while (won >= 0 && won < WINS) {
		struct dmabench_buffer buffer;
		int err = create(bench, DMABENCH_BUF_REGISTERED, memory, 2 * PAGE, &buffer);

		if (err == ENOMEM) {
			sched_yield();
			continue;
		}
		/* Two of four fit at a time; more would be charged beyond the limit. */
		if (err || locked_kib() > 16 || destroy(bench->fd, buffer.handle))
			won = -WINS;
		won++;
	}
	pages_free(memory, 2 * PAGE);
	return (void *)won;
}

static void threads_race_for_the_limit(void **state)
{
	pthread_t thread[RACERS];
	void *won;
	int i;

	memlock(4 * PAGE);
	for (i = 0; i < RACERS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, race, *state), 0);
	for (i = 0; i < RACERS; i++) {
		assert_int_equal(pthread_join(thread[i], &won), 0);
		assert_int_equal((long)won, WINS);
	}
	assert_int_equal(locked_kib(), 0);
}

/* What a child charged is its own, and is uncharged from it after its death. */
static void charge_belongs_to_who_pinned(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer *buffer;
	char *memory = pages(2 * PAGE);
	long before = pins();
	int ends[2], status;
	uint32_t handle;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		buffer = (void *)memory;
		status = create(bench, DMABENCH_BUF_REGISTERED, memory + PAGE, PAGE, buffer);
		handle = buffer->handle;
		_exit(status || write(ends[1], &handle, sizeof(handle)) != sizeof(handle));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &handle, sizeof(handle)), sizeof(handle));
	assert_int_equal(locked_kib(), 0);
	assert_int_equal(pins(), before + 1);
	assert_int_equal(destroy(bench->fd, handle), 0);
	assert_int_equal(locked_kib(), 0);
	assert_int_equal(pins(), before);
	close(ends[0]);
	close(ends[1]);
	pages_free(memory, 2 * PAGE);
}

static void handles_are_capped(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	struct dmabench_info info;
	uint32_t *handles, count = 0, i;
	int err;

	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	handles = calloc(info.max_handles + 1, sizeof(*handles));
	while (!(err = create(bench, DMABENCH_BUF_KERNEL, NULL, 1, &buffer))) {
		assert_true(count < info.max_handles);
		handles[count++] = buffer.handle;
	}
	assert_int_equal(err, ENOMEM);
	assert_int_equal(count, info.max_handles - 1); /* the engine has one too */
	for (i = 0; i < count; i++)
		assert_int_equal(destroy(bench->fd, handles[i]), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 1, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	free(handles);
}

static void bytes_are_capped(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer half, rest;
	struct dmabench_info info;
	uint64_t size;

	/* Address spaces of small devices would run out first. */
	skip_unless_sim(bench);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, info.max_coherent + 1, &rest),
			 ENOMEM);
	size = info.max_coherent / 2 & ~(PAGE - 1);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, size, &half), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, info.max_coherent - size + PAGE,
				&rest),
			 ENOMEM);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 1 << 20, &rest), 0);
	assert_int_equal(destroy(bench->fd, rest.handle), 0);
	assert_int_equal(destroy(bench->fd, half.handle), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(copy_is_charged_to_the_page, teardown),
		cmocka_unit_test_teardown(registered_stays_charged, teardown),
		cmocka_unit_test_teardown(long_copy_fits_a_small_limit, teardown),
		cmocka_unit_test_teardown(threads_race_for_the_limit, teardown),
		cmocka_unit_test_teardown(charge_belongs_to_who_pinned, teardown),
		cmocka_unit_test(handles_are_capped),
		cmocka_unit_test(bytes_are_capped),
	};

	return cmocka_run_group_tests_name("limits", tests, bench_setup, bench_teardown);
}
