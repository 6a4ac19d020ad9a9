/* SPDX-License-Identifier: GPL-2.0-only */
/* What may happen to a caller, its memory and its file while the engine is at work. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define LEN (2 * PAGE)
#define MS 1000000UL

static char *src;

static int group_setup(void **state)
{
	(void)state;
	src = pages(LEN);
	pattern(src, LEN, 9);
	return 0;
}

static int teardown(void **state)
{
	const struct bench *bench = *state;

	if (on_sim(bench))
		sim_set("latency_ns", 0);
	return bench_teardown(state);
}

/* A copy of src to memory that is at work by the time that this returns. */
static pthread_t copying(const struct bench *bench, struct job *job, char *memory)
{
	long wanted = pins() + 2 * LEN / PAGE;
	pthread_t thread;

	if (on_sim(bench))
		sim_set("latency_ns", 150 * MS);
	job->bench = bench;
	job->arg = user_copy(memory, src, LEN);
	assert_int_equal(pthread_create(&thread, NULL, do_job, job), 0);
	wait_for_pins(wanted);
	return thread;
}

/* What the copy was told to write is let go, and nothing of it is missed or left. */
static void ends_well(pthread_t thread, const struct job *job, long pins_before)
{
	pthread_join(thread, NULL);
	assert_int_equal(job->err, 0);
	assert_int_equal(pins(), pins_before);
	assert_int_equal(locked_kib(), 0);
}

/* The parent's pinned pages stay the parent's: the child gets copies. */
static void fork_during_a_copy(void **state)
{
	const struct bench *bench = *state;
	char *dst = pages(3 * PAGE);
	long before = pins();
	struct job job;
	pthread_t thread;
	int status;
	pid_t pid;

	memset(dst, 1, 3 * PAGE);
	thread = copying(bench, &job, dst);
	pid = fork();
	if (!pid) {
		memset(dst, 2, 3 * PAGE);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	ends_well(thread, &job, before);
	assert_memory_equal(dst, src, LEN);
	assert_int_equal(dst[LEN], 1);
	pages_free(dst, 3 * PAGE);
}

static void munmap_during_a_copy(void **state)
{
	const struct bench *bench = *state;
	char *dst = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long before = pins();
	struct job job;
	pthread_t thread;

	assert_ptr_not_equal(dst, MAP_FAILED);
	thread = copying(bench, &job, dst);
	assert_int_equal(munmap(dst, LEN), 0);
	ends_well(thread, &job, before);
}

/* What comes after is new memory, which the engine doesn't write to. */
static void dontneed_during_a_copy(void **state)
{
	static const char zeroes[LEN];
	const struct bench *bench = *state;
	char *dst = pages(LEN);
	long before = pins();
	struct job job;
	pthread_t thread;

	memset(dst, 1, LEN);
	thread = copying(bench, &job, dst);
	assert_int_equal(madvise(dst, LEN, MADV_DONTNEED), 0);
	ends_well(thread, &job, before);
	assert_memory_equal(dst, zeroes, LEN);
	pages_free(dst, LEN);
}

/* The pages leave the file; they live until the engine is done with them. */
static void truncate_during_a_copy(void **state)
{
	const struct bench *bench = *state;
	int fd = memfd_create("test", 0);
	char seen[LEN], zeroes[LEN] = { 0 };
	long before = pins();
	struct job job;
	pthread_t thread;
	char *dst;

	assert_int_equal(ftruncate(fd, LEN), 0);
	dst = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(dst, MAP_FAILED);
	thread = copying(bench, &job, dst);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(ftruncate(fd, LEN), 0);
	ends_well(thread, &job, before);
	assert_int_equal(pread(fd, seen, LEN, 0), LEN);
	assert_memory_equal(seen, zeroes, LEN);
	munmap(dst, LEN);
	close(fd);
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* Each copy either is whole or says that it was interrupted, and leaves nothing. */
static void alarms_at_1_khz(void **state)
{
	const struct bench *bench = *state;
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	int i, err, interrupted = 0, rounds = on_sim(bench) ? 200 : 5;
	char *dst = pages(LEN);
	long before = pins();

	if (on_sim(bench))
		sim_set("latency_ns", MS / 2);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	for (i = 0; i < rounds; i++) {
		struct dmabench_copy arg = user_copy(dst, src, LEN);

		arg.flags = i % 2 ? DMABENCH_COPY_POLL : 0;
		memset(dst, 0, LEN);
		err = copy(bench, &arg);
		assert_true(!err || err == EINTR);
		if (!err)
			assert_memory_equal(dst, src, LEN);
		interrupted += err == EINTR;
	}
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_true(interrupted > 0);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
	copies_right(bench, dst, src, LEN);
	pages_free(dst, LEN);
}

static void ctrl_c_ends_a_copy(void **state)
{
	const struct bench *bench = *state;
	char *dst = pages(LEN);
	long before = pins();
	int status;
	pid_t pid;

	if (on_sim(bench))
		sim_set("latency_ns", 500 * MS);
	pid = copy_in_child(bench, dst, src, LEN);
	wait_for_pins(before + 2);
	kill(pid, SIGINT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	assert_int_equal(pins(), before);
	if (on_sim(bench))
		sim_set("latency_ns", 0);
	copies_right(bench, dst, src, LEN);
	pages_free(dst, LEN);
}

union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(int))];
};

static void pass(int socket, int fd)
{
	union control control = { .space = { 0 } };
	char nothing = 0;
	struct iovec iov = { &nothing, 1 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&message);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	assert_int_equal(sendmsg(socket, &message, 0), 1);
}

static int receive(int socket)
{
	union control control;
	char nothing;
	struct iovec iov = { &nothing, 1 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fd = -1;

	if (recvmsg(socket, &message, 0) == 1)
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return fd;
}

/* A session that was passed on works there, on the memory of the process it came to. */
static void session_passed_to_another_process(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;
	char *dst = pages(LEN);
	int ends[2], status;
	pid_t pid;

	memset(dst, 1, LEN);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	pid = fork();
	if (!pid) {
		struct dmabench_copy arg = user_copy(dst, src, LEN);

		close(bench->fd);
		other.fd = receive(ends[1]);
		_exit(copy(&other, &arg) || memcmp(dst, src, LEN));
	}
	other = another_session(bench);
	assert_int_equal(other.engine, bench->engine);
	pass(ends[0], other.fd);
	close(other.fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(dst[0], 1);
	assert_int_equal(memcmp(dst, dst + 1, LEN - 1), 0);
	close(ends[0]);
	close(ends[1]);
	pages_free(dst, LEN);
}

#define MEANWHILE(name) cmocka_unit_test_setup_teardown(name, bench_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MEANWHILE(fork_during_a_copy),
		MEANWHILE(munmap_during_a_copy),
		MEANWHILE(dontneed_during_a_copy),
		MEANWHILE(truncate_during_a_copy),
		MEANWHILE(alarms_at_1_khz),
		MEANWHILE(ctrl_c_ends_a_copy),
		MEANWHILE(session_passed_to_another_process),
	};

	return cmocka_run_group_tests_name("meanwhile", tests, group_setup, NULL);
}
