/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies by IORING_OP_URING_CMD whose process, ring, file or engine goes while they are in flight. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "uring.h"

/* Copies in flight at once have cache lines of their own, as two engines' writes need. */
#define LINE 64
#define MS 1000000UL

/* In a child: copies in flight on a ring of its own. */
static void leave_in_flight(const struct bench *bench, char *dst, const char *src)
{
	static struct dmabench_copy args[8];
	struct io_uring own;
	int i;

	if (io_uring_queue_init(8, &own, 0))
		_exit(1);
	for (i = 0; i < 8; i++) {
		args[i] = user_copy(dst + i * LINE, src + i * LINE, 1);
		args[i].engine = bench->engine;
		put(&own, bench->fd, DMABENCH_URING_COPY, (uintptr_t)&args[i], 0);
	}
	if (io_uring_submit(&own) != 8)
		_exit(2);
}

static void await_pins(long wanted)
{
	int tries;

	for (tries = 0; pins() != wanted && tries < 500; tries++)
		usleep(20000);
	assert_int_equal(pins(), wanted);
}

/* How: 0 the process ends by itself, 1 it is killed. */
static void dies_in_flight(const struct bench *bench, int how)
{
	char *src = pages(PAGE), *dst = pages(PAGE);
	long before = pins();
	int status, to[2];
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(to), 0);
	if (on_sim(bench))
		sim_set("latency_ns", 100 * MS);
	pid = fork();
	if (!pid) {
		leave_in_flight(bench, dst, src);
		if (write(to[1], &byte, 1) != 1)
			_exit(3);
		if (how)
			pause();
		_exit(0);
	}
	assert_int_equal(read(to[0], &byte, 1), 1);
	if (how)
		kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(how ? WIFSIGNALED(status) : WIFEXITED(status) && !WEXITSTATUS(status));
	await_pins(before);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	pattern(src, PAGE, 4);
	copies_right(bench, dst, src, PAGE);
	close(to[0]);
	close(to[1]);
	pages_free(src, PAGE);
	pages_free(dst, PAGE);
}

static void a_process_that_ends_in_flight(void **state)
{
	dies_in_flight(*state, 0);
}

static void a_process_that_is_killed_in_flight(void **state)
{
	dies_in_flight(*state, 1);
}

/* The file is closed first: its copies hold the session. */
static void a_ring_that_is_closed_in_flight(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(PAGE), *dst = pages(PAGE);
	struct dmabench_copy arg = user_copy(dst, src, 64);
	struct io_uring short_lived;
	struct bench own = *bench;
	long before = pins();

	if (on_sim(bench))
		sim_set("latency_ns", 50 * MS);
	own = another_session(bench);
	assert_int_equal(io_uring_queue_init(8, &short_lived, 0), 0);
	arg.engine = own.engine;
	put(&short_lived, own.fd, DMABENCH_URING_COPY, (uintptr_t)&arg, 0);
	assert_int_equal(io_uring_submit(&short_lived), 1);
	close(own.fd);
	io_uring_queue_exit(&short_lived);
	await_pins(before);
	pages_free(src, PAGE);
	pages_free(dst, PAGE);
}

/* Last: the device comes back under the same name, but this session's engine doesn't. */
static void unbound_in_flight(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(PAGE), *dst = pages(PAGE), path[128];
	struct dmabench_copy arg = user_copy(dst, src, 64);
	long before = pins();
	int err;

	skip_unless_sim(bench);
	sim_set("latency_ns", 1000 * MS);
	put_copy(bench, &arg);
	submit(1);
	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/unbind", bench->info.driver);
	put_file(path, bench->info.device);
	err = completion();
	assert_true(err == ENODEV || err == EIO);
	assert_int_equal(async_copy(bench, &arg), ENODEV);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/bind", bench->info.driver);
	put_file(path, bench->info.device);
	pages_free(src, PAGE);
	pages_free(dst, PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(a_process_that_ends_in_flight),
		RING_TEST(a_process_that_is_killed_in_flight),
		RING_TEST(a_ring_that_is_closed_in_flight),
		RING_TEST(unbound_in_flight),
	};

	return cmocka_run_group_tests_name("async left", tests, NULL, NULL);
}
