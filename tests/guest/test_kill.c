/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is killed while it waits for a channel that hangs is gone soon: the channel is stopped. */
#include <pthread.h>
#include <signal.h>

#include "way.h"

#define TIMEOUT_MS 60000
/* Much more than it takes, and much less than the timeout. */
#define SOON (5000 * MS)

/* Whether it ended within SOON. */
static bool is_gone(pid_t pid, int *status)
{
	uint64_t start = now();

	while (now() - start < SOON) {
		pid_t ended = waitpid(pid, status, WNOHANG);

		assert_true(ended >= 0);
		if (ended)
			return true;
		usleep(10000);
	}
	return false;
}

/* By the timeout of another copy. */
static void stop_channel(const struct bench *bench)
{
	char *memory = pages(2 * PAGE);
	struct dmabench_copy arg = user_copy(memory + PAGE, memory, PAGE);

	arg.timeout_ms = 50;
	copy(bench, &arg);
	pages_free(memory, 2 * PAGE);
}

/* Afterwards nothing of it is left, and the engine is as good as new. */
static void ends_soon_by_signal(const struct bench *bench, pid_t pid, int sig, long pinned,
				const char *what)
{
	int status;

	if (!is_gone(pid, &status)) {
		stop_channel(bench);
		waitpid(pid, &status, 0);
		fail_msg("%s: still there five seconds after the signal", what);
	}
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
	assert_int_equal(pins(), pinned);
	sim_fault_off();
	assert_int_equal(go(bench, COPY_SLEEPS, 0), 0);
	assert_int_equal(go(bench, BATCH_POLLS, 0), 0);
	assert_int_equal(pins(), pinned);
}

static void killed(const struct bench *bench, enum way way, int sig)
{
	long pinned = pins();
	pid_t pid;

	skip_unless_sim(bench);
	sim_fault("never", 1, 0, -1);
	pid = going(bench, way, TIMEOUT_MS);
	assert_int_equal(kill(pid, sig), 0);
	ends_soon_by_signal(bench, pid, sig, pinned, way_names[way]);
}

/* SIGKILL of one that sleeps in COPY. */
static void kill_ends_a_copy(void **state)
{
	killed(*state, COPY_SLEEPS, SIGKILL);
}

/* SIGKILL of one that polls in COPY. */
static void kill_ends_a_polling_copy(void **state)
{
	killed(*state, COPY_POLLS, SIGKILL);
}

/* SIGKILL of one that sleeps or polls in BATCH. */
static void kill_ends_a_batch(void **state)
{
	killed(*state, BATCH_SLEEPS, SIGKILL);
	killed(*state, BATCH_POLLS, SIGKILL);
}

/* Any other signal that the process doesn't survive is as good. */
static void fatal_signals_end_a_copy(void **state)
{
	killed(*state, COPY_SLEEPS, SIGTERM);
	killed(*state, BATCH_SLEEPS, SIGINT);
}

static void on_signal(int sig)
{
	(void)sig;
}

/* A signal that is handled leaves it waiting for what is in flight; SIGKILL ends that too. */
static void kill_ends_the_wait_after_a_signal(void **state)
{
	struct sigaction action = { .sa_handler = on_signal }, was;
	const struct bench *bench = *state;
	long pinned = pins();
	int way;

	skip_unless_sim(bench);
	assert_int_equal(sigaction(SIGINT, &action, &was), 0);
	for (way = 0; way < WAYS; way++) {
		pid_t pid;

		sim_fault("never", 1, 0, -1);
		pid = going(bench, way, TIMEOUT_MS);
		assert_int_equal(kill(pid, SIGINT), 0);
		usleep(150000);
		assert_int_equal(kill(pid, SIGKILL), 0);
		ends_soon_by_signal(bench, pid, SIGKILL, pinned, way_names[way]);
	}
	assert_int_equal(sigaction(SIGINT, &was, NULL), 0);
}

static void *copies(void *param)
{
	go(param, COPY_SLEEPS, TIMEOUT_MS);
	return NULL;
}

/* With several threads in copies, all of them go. */
static void kill_ends_all_threads(void **state)
{
	const struct bench *bench = *state;
	long pinned = pins();
	pid_t pid;

	skip_unless_sim(bench);
	sim_fault("never", 1, 0, -1);
	pid = fork();
	if (!pid) {
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, copies, *state);
		pthread_create(&thread, NULL, copies, *state);
		_exit(go(bench, BATCH_SLEEPS, TIMEOUT_MS));
	}
	usleep(300000);
	kill(pid, SIGKILL);
	ends_soon_by_signal(bench, pid, SIGKILL, pinned, "three threads");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, way_setup, way_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kill_ends_a_copy),
		TEST(kill_ends_a_polling_copy),
		TEST(kill_ends_a_batch),
		TEST(fatal_signals_end_a_copy),
		TEST(kill_ends_the_wait_after_a_signal),
		TEST(kill_ends_all_threads),
	};

	return cmocka_run_group_tests_name("kill", tests, NULL, NULL);
}
