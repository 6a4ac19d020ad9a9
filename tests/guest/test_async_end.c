/* SPDX-License-Identifier: GPL-2.0-only */
/* How copies by IORING_OP_URING_CMD end when they aren't left in peace, and what they leave. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "uring.h"

#define SPAN (4 * PAGE)
#define MANY DMABENCH_MAX_ASYNC
/* Copies in flight at once have cache lines of their own, as two engines' writes need. */
#define LINE 64
#define MS 1000000UL

static char source[SPAN];

static int fill_pattern(void **state)
{
	(void)state;
	pattern(source, SPAN, 1);
	return 0;
}

static void a_full_session_is_ebusy(void **state)
{
	static struct dmabench_copy args[MANY + 1];
	const struct bench *bench = *state;
	char *src = pages((MANY + 1) * LINE), *dst = pages((MANY + 1) * LINE);
	int i, good = 0, busy = 0;

	skip_unless_sim(bench);
	/* Enough for all to be under way, some perhaps by threads of io_uring's. */
	sim_set("latency_ns", 2000 * MS);
	for (i = 0; i < MANY + 1; i++) {
		args[i] = user_copy(dst + i * LINE, src + i * LINE, 1);
		args[i].timeout_ms = 60000;
		put_copy(bench, &args[i]);
	}
	submit(MANY + 1);
	/* Those in flight haven't had the time: the one that was refused comes first. */
	assert_int_equal(completion(), EBUSY);
	sim_set("latency_ns", 0);
	for (i = 0; i < MANY; i++) {
		int err = completion();

		good += !err;
		busy += err == EBUSY;
	}
	assert_int_equal(good, MANY);
	assert_int_equal(busy, 0);
	assert_int_equal(async_copy(bench, &args[0]), 0);
	assert_int_equal(locked_kib(), 0);
	pages_free(src, (MANY + 1) * LINE);
	pages_free(dst, (MANY + 1) * LINE);
}

static void timeout_leaves_a_quiet_engine(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(SPAN), *dst = pages(SPAN);
	struct dmabench_copy arg = user_copy(dst, src, SPAN);
	long before = pins();

	skip_unless_sim(bench);
	pattern(src, SPAN, 6);
	sim_set("latency_ns", 5000 * MS);
	arg.timeout_ms = 50;
	assert_int_equal(async_copy(bench, &arg), ETIMEDOUT);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	sim_set("latency_ns", 0);
	copies_right(bench, dst, src, SPAN);
	arg.timeout_ms = UINT32_MAX;
	assert_int_equal(async_copy(bench, &arg), 0);
	pages_free(src, SPAN);
	pages_free(dst, SPAN);
}

/*
 * By threads of io_uring's, which are many on one CPU: while one is kept from running between
 * two steps of its submission, the timeout passes and the copy ends, in another thread.
 */
static void timeouts_during_the_submission(void **state)
{
	static struct dmabench_copy args[64];
	const struct bench *bench = *state;
	char *src = pages(64 * LINE), *dst = pages(64 * LINE);
	int round, i, late = 0;
	long before = pins();
	cpu_set_t first;

	skip_unless_sim(bench);
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	assert_int_equal(io_uring_register_iowq_aff(&ring, sizeof(first), &first), 0);
	sim_set("latency_ns", 50 * MS);
	for (round = 0; round < 100; round++) {
		for (i = 0; i < 64; i++) {
			args[i] = user_copy(dst + i * LINE, src + i * LINE, 1);
			args[i].timeout_ms = 1;
			put_copy(bench, &args[i])->flags = IOSQE_ASYNC;
		}
		submit(64);
		for (i = 0; i < 64; i++) {
			int err = completion();

			assert_true(!err || err == ETIMEDOUT || err == EIO);
			late += err == ETIMEDOUT;
		}
	}
	assert_true(late);
	sim_set("latency_ns", 0);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	args[0].timeout_ms = 0;
	assert_int_equal(async_copy(bench, &args[0]), 0);
	pages_free(src, 64 * LINE);
	pages_free(dst, 64 * LINE);
}

/* While a copy has it, a buffer stays; where it needs syncing, a second copy is sent away. */
static void buffers_in_flight_stay(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = { .len = 64 };
	struct job other = { .bench = bench, .arg = arg };
	struct dmabench_sync sync = { .len = SPAN };
	struct end src, dst;
	pthread_t thread;
	int err;

	end_make(bench, &src, DMABENCH_BUF_REGISTERED, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_REGISTERED, SPAN);
	end_fill(bench, &src, source);
	sync.handle = dst.handle;
	if (on_sim(bench))
		sim_set("latency_ns", 200 * MS);
	arg.src = other.arg.src = end_side(&src, 0);
	arg.dst = end_side(&dst, 0);
	other.arg.dst = end_side(&dst, PAGE);
	put_copy(bench, &arg);
	submit(1);
	assert_int_equal(destroy(bench->fd, src.handle), EBUSY);
	assert_int_equal(destroy(bench->fd, dst.handle), EBUSY);
	err = request(bench->fd, DMABENCH_IOC_BUFFER_SYNC, &sync);
	assert_int_equal(err, err || sync.needed ? EBUSY : 0);
	/* By another thread: a completion would interrupt its own submitter's wait. */
	assert_int_equal(pthread_create(&thread, NULL, do_job, &other), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(!other.err || other.err == EBUSY);
	assert_int_equal(completion(), 0);
	assert_memory_equal(dst.memory, source, 64);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_SYNC, &sync), 0);
	assert_memory_equal(dst.memory, source, 64);
	assert_int_equal(copy(bench, &other.arg), 0);
	assert_memory_equal(dst.memory + PAGE, source, 64);
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

/* Both arrive, or where the buffer needs syncing, one is sent away: and it is free afterwards. */
static void two_copies_of_one_buffer(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy args[2];
	int i, good = 0, busy = 0;
	struct end src, dst;

	end_make(bench, &src, DMABENCH_BUF_REGISTERED, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_REGISTERED, SPAN);
	end_fill(bench, &src, source);
	for (i = 0; i < 2; i++) {
		args[i] = (struct dmabench_copy){ .len = 64 };
		args[i].src = end_side(&src, 0);
		args[i].dst = end_side(&dst, i * PAGE);
		put_copy(bench, &args[i]);
	}
	submit(2);
	for (i = 0; i < 2; i++) {
		int err = completion();

		good += !err;
		busy += err == EBUSY;
	}
	assert_int_equal(good + busy, 2);
	/* The first can't have been sent away, and lost nothing by the other that was. */
	assert_true(good > 0);
	assert_memory_equal(dst.memory, source, 64);
	if (good == 2)
		assert_memory_equal(dst.memory + PAGE, source, 64);
	for (i = 0; i < 2; i++) {
		assert_int_equal(async_copy(bench, &args[i]), 0);
		assert_memory_equal(dst.memory + i * PAGE, source, 64);
	}
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

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
	own.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_true(own.fd >= 0);
	assert_int_equal(open_engine(own.fd, bench->info.name, &own.engine), 0);
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

/* Work that io_uring has for the thread isn't a signal: the copy that waits is made again. */
static void completions_interrupt_nobody(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(PAGE), *dst = pages(PAGE);
	struct dmabench_copy first = user_copy(dst, src, 1);
	struct dmabench_copy second = user_copy(dst + LINE, src + LINE, LINE);

	skip_unless_sim(bench);
	pattern(src, PAGE, 2);
	sim_set("latency_ns", 100 * MS);
	put_copy(bench, &first);
	submit(1);
	assert_int_equal(copy(bench, &second), 0);
	sim_set("latency_ns", 0);
	assert_int_equal(completion(), 0);
	assert_memory_equal(dst + LINE, src + LINE, LINE);
	pages_free(src, PAGE);
	pages_free(dst, PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_full_session_is_ebusy, ring_setup, ring_teardown),
		cmocka_unit_test_setup_teardown(timeout_leaves_a_quiet_engine, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(timeouts_during_the_submission, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(buffers_in_flight_stay, ring_setup, ring_teardown),
		cmocka_unit_test_setup_teardown(two_copies_of_one_buffer, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(completions_interrupt_nobody, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(a_process_that_ends_in_flight, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(a_process_that_is_killed_in_flight, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(a_ring_that_is_closed_in_flight, ring_setup,
						ring_teardown),
		cmocka_unit_test_setup_teardown(unbound_in_flight, ring_setup, ring_teardown),
	};

	return cmocka_run_group_tests_name("async end", tests, fill_pattern, NULL);
}
