/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EINTR tells of a signal that the process has handled. What has no effect on it (being stopped
 * and continued, a signal that is ignored, a tracer that comes and goes) isn't seen.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>

#include "way.h"

#define TAKES (500 * MS)

/* What happens to a child. False: it had ended before, with this status. */
typedef bool event(pid_t pid, int *status);

static bool stop_and_continue(pid_t pid, int *status)
{
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(waitpid(pid, status, WUNTRACED), pid);
	return WIFSTOPPED(*status) && !kill(pid, SIGCONT);
}

/* Several times over: each time the copy is made again from its beginning. */
static bool stop_twice(pid_t pid, int *status)
{
	if (!stop_and_continue(pid, status))
		return false;
	usleep(200000);
	return stop_and_continue(pid, status);
}

static bool be_ignored(pid_t pid, int *status)
{
	assert_int_equal(kill(pid, SIGCHLD), 0);
	usleep(50000);
	assert_int_equal(kill(pid, SIGWINCH), 0);
	return !waitpid(pid, status, WNOHANG);
}

static bool seized(pid_t pid, int *status)
{
	if (!ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		return true;
	assert_int_equal(waitpid(pid, status, 0), pid);
	return false;
}

static bool trace_and_leave(pid_t pid, int *status)
{
	if (!seized(pid, status))
		return false;
	ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	assert_int_equal(waitpid(pid, status, __WALL), pid);
	return WIFSTOPPED(*status) && !ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

/* To a tracee, even what is ignored comes by way of the tracer, who passes it on. */
static bool ignore_in_a_tracee(pid_t pid, int *status)
{
	if (!seized(pid, status))
		return false;
	kill(pid, SIGWINCH);
	assert_int_equal(waitpid(pid, status, __WALL), pid);
	return WIFSTOPPED(*status) && WSTOPSIG(*status) == SIGWINCH &&
	       !ptrace(PTRACE_CONT, pid, NULL, (void *)SIGWINCH);
}

/* A slow guest may not have got to it before the child had ended. */
#define TRIES 5

static bool happens_unseen(const struct bench *bench, enum way way, event *happens)
{
	pid_t pid = going(bench, way, 0);
	int status;
	bool happened = happens(pid, &status);

	if (happened)
		assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status))
		fail_msg("%s: %s", way_names[way],
			 WEXITSTATUS(status) == 255 ? "wrong bytes"
						    : strerror(WEXITSTATUS(status)));
	return happened;
}

/* Something happens to it in its wait: it ends as if nothing had. */
static void undisturbed(const struct bench *bench, event *happens)
{
	long pinned = pins();
	int way, tries;

	skip_unless_sim(bench);
	sim_set("latency_ns", TAKES);
	for (way = 0; way < WAYS; way++) {
		for (tries = 0; tries < TRIES; tries++) {
			if (happens_unseen(bench, way, happens))
				break;
		}
		assert_true(tries < TRIES);
		assert_int_equal(pins(), pinned);
	}
}

/* SIGSTOP and SIGCONT. */
static void being_stopped_is_no_eintr(void **state)
{
	undisturbed(*state, stop_and_continue);
}

/* And that twice. */
static void being_stopped_twice_is_no_eintr(void **state)
{
	undisturbed(*state, stop_twice);
}

/* Signals whose default is to do nothing. */
static void ignored_signal_is_no_eintr(void **state)
{
	undisturbed(*state, be_ignored);
}

/* A debugger that looks at it and goes. */
static void being_traced_is_no_eintr(void **state)
{
	undisturbed(*state, trace_and_leave);
}

static void ignored_signal_of_a_tracee_is_no_eintr(void **state)
{
	undisturbed(*state, ignore_in_a_tracee);
}

static void on_signal(int sig)
{
	(void)sig;
}

/* What the child ends with that gets signals as long as it lives. */
static int signalled(const struct bench *bench, enum way way)
{
	pid_t pid = going(bench, way, 0);
	int status;

	/* Again, for the case that it wasn't waiting yet. */
	while (!waitpid(pid, &status, WNOHANG)) {
		kill(pid, SIGUSR1);
		usleep(100000);
	}
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* With a handler it is EINTR, also where the handler asks for calls to be restarted. */
static void handled(const struct bench *bench, int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags }, was;
	long pinned = pins();
	int way, tries, status;

	skip_unless_sim(bench);
	sim_set("latency_ns", TAKES);
	assert_int_equal(sigaction(SIGUSR1, &action, &was), 0);
	for (way = 0; way < WAYS; way++) {
		/* 0: a slow guest got to it only when it had ended. */
		for (tries = 0, status = 0; !status && tries < TRIES; tries++)
			status = signalled(bench, way);
		if (status != EINTR)
			fail_msg("%s: %d, not EINTR", way_names[way], status);
		assert_int_equal(pins(), pinned);
	}
	assert_int_equal(sigaction(SIGUSR1, &was, NULL), 0);
}

static void handled_signal_is_eintr(void **state)
{
	handled(*state, 0);
}

static void restarting_handler_is_eintr_too(void **state)
{
	handled(*state, SA_RESTART);
}

/* Whether buffers are used in turns here: with bounce buffers for all. */
static bool takes_turns(void)
{
	char line[4096] = "";
	FILE *f = fopen("/proc/cmdline", "r");
	bool forced;

	assert_non_null(f);
	forced = fgets(line, sizeof(line), f) && strstr(line, "swiotlb=force");
	fclose(f);
	return forced;
}

/* 0, the errno, or 255 where not all bytes came. */
static int transfer(const struct bench *bench, const struct end *kernel, bool write)
{
	ssize_t len = write ? pwrite(bench->fd, src, LEN, (off_t)kernel->offset)
			    : pread(bench->fd, dst, LEN, (off_t)kernel->offset);

	return len < 0 ? errno : len == LEN ? 0 : 255;
}

/* A copy has the buffer; a child waits in pread or pwrite, and something happens to it. */
static void waits_for_its_turn(const struct bench *bench, bool write, event *happens)
{
	struct job job = { .bench = bench, .arg = user_copy(NULL, src, LEN) };
	struct end kernel;
	pthread_t thread;
	bool happened;
	int status;
	pid_t pid;

	end_make(bench, &kernel, DMABENCH_BUF_KERNEL, LEN);
	sim_set("latency_ns", 4 * TAKES);
	job.arg.dst = end_side(&kernel, 0);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(150000);
	memset(dst, 0, LEN);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(transfer(bench, &kernel, write));
	}
	usleep(150000);
	happened = happens(pid, &status);
	if (happened)
		assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(job.err, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(happened);
	/* In its turn: after the copy, which is what it has read. */
	if (!write)
		assert_memory_equal(dst, src, LEN);
	sim_set("latency_ns", 0);
	end_drop(bench, &kernel);
}

static void both_wait(const struct bench *bench, bool write)
{
	skip_unless_sim(bench);
	if (!takes_turns())
		skip();
	waits_for_its_turn(bench, write, stop_and_continue);
	waits_for_its_turn(bench, write, trace_and_leave);
}

/* Who waits in pread for a kernel buffer that a copy has doesn't see it either. */
static void stopped_while_pread_waits_for_its_turn(void **state)
{
	both_wait(*state, false);
}

static void stopped_while_pwrite_waits_for_its_turn(void **state)
{
	both_wait(*state, true);
}

/* Nor who waits in COPY for a buffer that another copy has. */
static void stopped_while_a_copy_waits_for_its_turn(void **state)
{
	const struct bench *bench = *state;
	struct job job = { .bench = bench, .arg = user_copy(NULL, src, LEN) };
	pthread_t thread;
	int status;
	pid_t pid;

	skip_unless_sim(bench);
	if (!takes_turns())
		skip();
	sim_set("latency_ns", 2 * TAKES);
	job.arg.dst = (struct dmabench_side){ DMABENCH_BUF_REGISTERED, to.handle, 0 };
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(100000);
	pid = going(bench, BATCH_SLEEPS, 0);
	if (stop_and_continue(pid, &status))
		assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(job.err, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, way_setup, way_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(being_stopped_is_no_eintr),
		TEST(being_stopped_twice_is_no_eintr),
		TEST(ignored_signal_is_no_eintr),
		TEST(being_traced_is_no_eintr),
		TEST(ignored_signal_of_a_tracee_is_no_eintr),
		TEST(handled_signal_is_eintr),
		TEST(restarting_handler_is_eintr_too),
		TEST(stopped_while_pread_waits_for_its_turn),
		TEST(stopped_while_pwrite_waits_for_its_turn),
		TEST(stopped_while_a_copy_waits_for_its_turn),
	};

	return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
