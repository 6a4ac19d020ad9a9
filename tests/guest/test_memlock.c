/* SPDX-License-Identifier: GPL-2.0-only */
/* A user's RLIMIT_MEMLOCK holds to the page, for all its processes, and all comes back. */
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
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

/* Of a limit of so many pages, these are left, and not one more. */
static void pages_left(const struct bench *bench, unsigned long limit, unsigned long left)
{
	char *memory = pages((left + 1) * PAGE);
	struct dmabench_buffer buffer;

	memlock(limit * PAGE);
	ipc_lock(false);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, (left + 1) * PAGE, &buffer),
			 ENOMEM);
	if (left) {
		assert_int_equal(
			create(bench, DMABENCH_BUF_REGISTERED, memory, left * PAGE, &buffer), 0);
		assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	}
	ipc_lock(true);
	pages_free(memory, (left + 1) * PAGE);
}

static void copy_is_charged_to_the_page(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(4 * PAGE), *dst = pages(4 * PAGE);
	struct dmabench_copy arg = user_copy(dst, src, 2 * PAGE);
	size_t odd = fit(bench, 1);
	long before = pins();

	memlock(4 * PAGE);
	ipc_lock(false);
	assert_int_equal(copy(bench, &arg), 0);
	arg.len += odd; /* a third page of each */
	assert_int_equal(copy(bench, &arg), ENOMEM);
	arg.len -= odd;
	arg.src.addr += odd; /* not at a page: a third page of one */
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
	size_t len = fast(bench) ? 256 * PAGE : 3 * PAGE;
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

/* Several processes of a user: its one limit is for all of them together. */
static void processes_race_for_the_limit(void **state)
{
	const struct bench *bench = *state;
	atomic_long *charged =
		mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *memory = pages(2 * PAGE);
	int i, status;

	assert_ptr_not_equal(charged, MAP_FAILED);
	memlock(4 * PAGE);
	for (i = 0; i < RACERS; i++) {
		long won = 0;

		if (fork())
			continue;
		ipc_lock(false);
		while (won < WINS) {
			struct dmabench_buffer buffer;
			int err = create(bench, DMABENCH_BUF_REGISTERED, memory, 2 * PAGE, &buffer);

			if (err == ENOMEM) {
				sched_yield();
				continue;
			}
			if (err || atomic_fetch_add(charged, 2) > 2)
				_exit(1);
			atomic_fetch_sub(charged, 2);
			if (destroy(bench->fd, buffer.handle))
				_exit(2);
			won++;
		}
		_exit(0);
	}
	for (i = 0; i < RACERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	pages_left(bench, 4, 4);
	munmap(charged, PAGE);
	pages_free(memory, 2 * PAGE);
}

/* What a child charged stays charged to the user, and is uncharged after its death. */
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
		ipc_lock(false);
		status = create(bench, DMABENCH_BUF_REGISTERED, memory + PAGE, PAGE, buffer);
		handle = buffer->handle;
		_exit(status || write(ends[1], &handle, sizeof(handle)) != sizeof(handle));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &handle, sizeof(handle)), sizeof(handle));
	assert_int_equal(locked_kib(), 0);
	assert_int_equal(pins(), before + 1);
	pages_left(bench, 4, 3);
	assert_int_equal(destroy(bench->fd, handle), 0);
	assert_int_equal(locked_kib(), 0);
	assert_int_equal(pins(), before);
	pages_left(bench, 4, 4);
	close(ends[0]);
	close(ends[1]);
	pages_free(memory, 2 * PAGE);
}

/* Another user has a limit of its own. */
static void users_dont_share_a_limit(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(4 * PAGE);
	struct dmabench_buffer buffer;
	int status;
	pid_t pid;

	memlock(4 * PAGE);
	ipc_lock(false);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 4 * PAGE, &buffer), 0);
	pid = fork();
	if (!pid) {
		/* The file was opened by root; the pages are of whoever asks now. */
		if (setresuid(12345, 12345, 12345))
			_exit(1);
		_exit(create(bench, DMABENCH_BUF_REGISTERED, memory, 4 * PAGE, &buffer) ||
		      destroy(bench->fd, buffer.handle) ||
		      create(bench, DMABENCH_BUF_REGISTERED, memory, 4 * PAGE + 1, &buffer) !=
			      ENOMEM);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	pages_free(memory, 4 * PAGE);
}

/* Whoever lets go: what was charged to one user isn't given back to another. */
static void uncharged_from_who_was_charged(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(2 * PAGE);
	struct dmabench_buffer buffer;
	int status;
	pid_t pid;

	memlock(4 * PAGE);
	ipc_lock(false);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 2 * PAGE, &buffer), 0);
	pid = fork();
	if (!pid)
		_exit(setresuid(12345, 12345, 12345) || destroy(bench->fd, buffer.handle));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	pages_left(bench, 4, 4);
	pages_free(memory, 2 * PAGE);
}

/* Who may lock without limit takes nothing from the user's others. */
static void exempt_pages_arent_charged(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(8 * PAGE);
	struct dmabench_buffer buffer;

	memlock(4 * PAGE);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 8 * PAGE, &buffer), 0);
	assert_int_equal(locked_kib(), 32);
	pages_left(bench, 4, 4);
	ipc_lock(false);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	assert_int_equal(locked_kib(), 0);
	pages_left(bench, 4, 4);
	pages_free(memory, 8 * PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(copy_is_charged_to_the_page, teardown),
		cmocka_unit_test_teardown(registered_stays_charged, teardown),
		cmocka_unit_test_teardown(long_copy_fits_a_small_limit, teardown),
		cmocka_unit_test_teardown(threads_race_for_the_limit, teardown),
		cmocka_unit_test_teardown(processes_race_for_the_limit, teardown),
		cmocka_unit_test_teardown(charge_belongs_to_who_pinned, teardown),
		cmocka_unit_test_teardown(users_dont_share_a_limit, teardown),
		cmocka_unit_test_teardown(uncharged_from_who_was_charged, teardown),
		cmocka_unit_test_teardown(exempt_pages_arent_charged, teardown),
	};

	return cmocka_run_group_tests_name("memlock", tests, bench_setup, bench_teardown);
}
