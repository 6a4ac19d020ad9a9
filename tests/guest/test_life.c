/* SPDX-License-Identifier: GPL-2.0-only */
/* Timeouts, signals, closing: bounded, and the engine is quiet afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define LEN (4 * PAGE)

#include "sides.h"

#define MS 1000000ULL

static int teardown(void **state)
{
	const struct bench *bench = *state;

	if (on_sim(bench)) {
		sim_set("latency_ns", 0);
		sim_set("bandwidth", 0);
	}
	return bench_teardown(state);
}

static void times_out(const struct bench *bench, uint32_t flags)
{
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	uint64_t start = now();
	long before = pins();

	arg.timeout_ms = 50;
	arg.flags = flags;
	assert_int_equal(copy(bench, &arg), ETIMEDOUT);
	assert_true(now() - start >= 50 * MS);
	assert_true(now() - start < 60000 * MS);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

static void timeout_leaves_a_quiet_engine(void **state)
{
	const struct bench *bench = *state;

	skip_if_instant(bench);
	if (on_sim(bench))
		sim_set("latency_ns", 5000 * MS);
	times_out(bench, 0);
	times_out(bench, DMABENCH_COPY_POLL);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	copies_right(bench, dst, src, LEN);
}

/* 0 is the default of seconds, and the longest is cut: neither returns at once. */
static void extreme_timeouts_are_defined(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE);

	if (on_sim(bench))
		sim_set("latency_ns", 20 * MS);
	assert_int_equal(copy(bench, &arg), 0);
	arg.timeout_ms = UINT32_MAX;
	assert_int_equal(copy(bench, &arg), 0);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void interrupted(const struct bench *bench, uint32_t flags)
{
	struct itimerval soon = { .it_value.tv_usec = 50000 };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	long before = pins();

	arg.depth = 1;
	arg.flags = flags;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(copy(bench, &arg), EINTR);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

static void signal_ends_a_copy(void **state)
{
	const struct bench *bench = *state;

	skip_if_instant(bench);
	if (on_sim(bench))
		sim_set("latency_ns", 200 * MS);
	interrupted(bench, 0);
	interrupted(bench, DMABENCH_COPY_POLL);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	copies_right(bench, dst, src, LEN);
}

static void killed_caller_leaves_nothing(void **state)
{
	const struct bench *bench = *state;
	uint64_t start;
	long before = pins();
	int status;
	pid_t pid;

	skip_if_instant(bench);
	if (on_sim(bench))
		sim_set("latency_ns", 500 * MS);
	pid = copy_in_child(bench, dst, src, LEN);
	wait_for_pins(before + 2);
	start = now();
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(now() - start < 60000 * MS);
	assert_int_equal(pins(), before);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	copies_right(bench, dst, src, LEN);
}

static void file_closed_during_a_copy(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;
	struct job job = { .bench = &other, .arg = user_copy(dst, src, LEN) };
	long before = pins();
	pthread_t thread;

	if (on_sim(bench))
		sim_set("latency_ns", 100 * MS);
	other = another_session(bench);
	memset(dst, 0, LEN);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	wait_for_pins(before + 2);
	assert_int_equal(close(other.fd), 0);
	pthread_join(thread, NULL);
	assert_int_equal(job.err, 0);
	assert_memory_equal(dst, src, LEN);
}

/* Stopping a shared channel ends the other's copy with an error, not with a hang. */
static void stopped_engine_tells_the_other_session(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;
	struct job job = { .bench = &other, .arg = user_copy(dst, src, PAGE) };
	struct dmabench_copy arg = user_copy(dst + PAGE, src + PAGE, PAGE);
	long before = pins();
	pthread_t thread;

	skip_unless_sim(bench);
	sim_set("latency_ns", 3000 * MS);
	other = another_session(bench);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	wait_for_pins(before + 2);
	/* Its descriptor is queued by then. */
	usleep(50000);
	arg.timeout_ms = 50;
	assert_int_equal(copy(bench, &arg), ETIMEDOUT);
	pthread_join(thread, NULL);
	assert_int_equal(job.err, EIO);
	close(other.fd);
	sim_set("latency_ns", 0);
	copies_right(bench, dst, src, LEN);
}

static void cant_go(const char *module)
{
	assert_int_equal(syscall(SYS_delete_module, module, O_NONBLOCK), -1);
	assert_int_equal(errno, EWOULDBLOCK);
}

/* The provider's module, unless it is built into the kernel. */
static void modules_in_use_cant_go(void **state)
{
	const struct bench *bench = *state;
	char path[128], module[128];
	ssize_t len;

	cant_go("dmabench");
	snprintf(path, sizeof(path), "/sys/class/dma/%s/device/driver/module", bench->info.name);
	len = readlink(path, module, sizeof(module) - 1);
	if (len > 0) {
		module[len] = 0;
		cant_go(strrchr(module, '/') + 1);
	} else {
		assert_true(!on_sim(bench) && errno == ENOENT);
	}
	copies_right(bench, dst, src, LEN);
}

/* The simulator never reports an end before its model's. */
static void simulated_time_is_never_short(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	uint64_t model;
	int i;

	skip_unless_sim(bench);
	sim_set("bandwidth", 1000000);
	sim_set("latency_ns", 100000);
	for (i = 0; i < 5; i++) {
		arg.flags = i % 2 ? DMABENCH_COPY_POLL : 0;
		assert_int_equal(copy(bench, &arg), 0);
		model = arg.descriptors * 100000 + LEN * 1000;
		assert_true(arg.total_ns >= model);
	}
}

#define LIFE_TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE_TEST(timeout_leaves_a_quiet_engine),
		LIFE_TEST(extreme_timeouts_are_defined),
		LIFE_TEST(signal_ends_a_copy),
		LIFE_TEST(killed_caller_leaves_nothing),
		LIFE_TEST(file_closed_during_a_copy),
		LIFE_TEST(stopped_engine_tells_the_other_session),
		LIFE_TEST(modules_in_use_cant_go),
		LIFE_TEST(simulated_time_is_never_short),
	};

	return cmocka_run_group_tests_name("life", tests, sides_make, NULL);
}
