/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The caps on bytes and on handles are a user's, over all of its sessions and processes, and
 * nobody else's. What counts is who asks, and all comes back.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define OTHER 12345

/* The caps as they are by default. */
static struct dmabench_info defaults;

static int setup(void **state)
{
	const struct bench *bench;

	if (bench_setup(state))
		return -1;
	bench = *state;
	return request(bench->fd, DMABENCH_IOC_INFO, &defaults);
}

static void cap(const char *name, unsigned long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lu", value);
	assert_int_equal(put_parameter("dmabench", name, text), 0);
}

static int caps_off(void **state)
{
	(void)state;
	cap("max_bytes", 0);
	cap("max_handles", defaults.max_handles);
	return 0;
}

/* A session more, with the same engine. */
static struct bench second_session(const struct bench *bench)
{
	struct bench other = *bench;

	other = another_session(bench);
	return other;
}

static int make(const struct bench *bench, unsigned long bytes, uint32_t *handle)
{
	struct dmabench_buffer buffer;
	int err = create(bench, DMABENCH_BUF_KERNEL, NULL, bytes, &buffer);

	*handle = buffer.handle;
	return err;
}

/* So many bytes are left, and not one more. */
static void left(const struct bench *bench, unsigned long bytes)
{
	uint32_t handle;

	assert_int_equal(make(bench, bytes + 1, &handle), ENOMEM);
	if (!bytes)
		return;
	assert_int_equal(make(bench, bytes, &handle), 0);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

/* Two sessions of one process share the bytes; closing one gives back its own. */
static void sessions_share_the_bytes(void **state)
{
	const struct bench *bench = *state;
	struct bench other = second_session(bench);
	uint32_t first, second;

	cap("max_bytes", 4 * PAGE);
	assert_int_equal(make(bench, 2 * PAGE, &first), 0);
	left(&other, 2 * PAGE);
	assert_int_equal(make(&other, PAGE, &second), 0);
	left(bench, PAGE);
	assert_int_equal(destroy(bench->fd, first), 0);
	left(bench, 3 * PAGE);
	left(&other, 3 * PAGE);
	assert_int_equal(close(other.fd), 0);
	left(bench, 4 * PAGE);
}

/* Coherent and kernel buffers share them too; what is registered counts elsewhere. */
static void kinds_share_the_bytes(void **state)
{
	const struct bench *bench = *state;
	struct bench other = second_session(bench);
	struct dmabench_buffer coherent, registered;
	char *memory = pages(8 * PAGE);

	cap("max_bytes", 4 * PAGE);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, 3 * PAGE, &coherent), 0);
	left(&other, PAGE);
	assert_int_equal(create(&other, DMABENCH_BUF_REGISTERED, memory, 8 * PAGE, &registered), 0);
	left(&other, PAGE);
	assert_int_equal(destroy(other.fd, registered.handle), 0);
	assert_int_equal(destroy(bench->fd, coherent.handle), 0);
	left(&other, 4 * PAGE);
	close(other.fd);
	pages_free(memory, 8 * PAGE);
}

/*
 * A child with a buffer, in a session of its own or the parent's, that waits to be killed; it
 * may be another user. Returns when it has the buffer.
 */
static pid_t child_with(const struct bench *bench, bool own, uid_t uid, unsigned long bytes,
			uint32_t *handle)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		struct bench mine = own ? second_session(bench) : *bench;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (uid && setresuid(uid, uid, uid))
			_exit(1);
		if (make(&mine, bytes, handle))
			_exit(2);
		if (write(ends[1], handle, sizeof(*handle)) != sizeof(*handle))
			_exit(3);
		for (;;)
			pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], handle, sizeof(*handle)), sizeof(*handle));
	close(ends[0]);
	return pid;
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

/* Two processes share them, and one that is killed gives back what its session had. */
static void processes_share_the_bytes(void **state)
{
	const struct bench *bench = *state;
	uint32_t handle;
	pid_t pid;

	cap("max_bytes", 4 * PAGE);
	pid = child_with(bench, true, 0, 3 * PAGE, &handle);
	left(bench, PAGE);
	end(pid);
	left(bench, 4 * PAGE);
	/* In the parent's session it stays until somebody destroys it. */
	pid = child_with(bench, false, 0, 3 * PAGE, &handle);
	end(pid);
	left(bench, PAGE);
	assert_int_equal(destroy(bench->fd, handle), 0);
	left(bench, 4 * PAGE);
}

/* As another user, how much is had of the cap: 0 if exactly so many bytes. */
static int left_for(const struct bench *bench, uid_t uid, unsigned long bytes)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		uint32_t handle;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (setresuid(uid, uid, uid))
			_exit(1);
		if (make(bench, bytes + 1, &handle) != ENOMEM)
			_exit(2);
		if (bytes && (make(bench, bytes, &handle) || destroy(bench->fd, handle)))
			_exit(3);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Whose session it is says nothing: another user who got the file has bytes of its own. */
static void users_have_bytes_of_their_own(void **state)
{
	const struct bench *bench = *state;
	uint32_t mine, its;
	pid_t pid;

	cap("max_bytes", 4 * PAGE);
	assert_int_equal(make(bench, 4 * PAGE, &mine), 0);
	assert_int_equal(left_for(bench, OTHER, 4 * PAGE), 0);
	pid = child_with(bench, false, OTHER, 3 * PAGE, &its);
	assert_int_equal(left_for(bench, OTHER, PAGE), 0);
	assert_int_equal(left_for(bench, OTHER + 1, 4 * PAGE), 0);
	left(bench, 0);
	end(pid);
	/* Given back to whom it was charged, whoever destroys it. */
	assert_int_equal(left_for(bench, OTHER, PAGE), 0);
	assert_int_equal(destroy(bench->fd, its), 0);
	assert_int_equal(left_for(bench, OTHER, 4 * PAGE), 0);
	left(bench, 0);
	assert_int_equal(destroy(bench->fd, mine), 0);
	left(bench, 4 * PAGE);
}

/* Whoever closes the session: each user gets back its own. */
static void closing_gives_back_to_each(void **state)
{
	const struct bench *bench = *state;
	struct bench other = second_session(bench);
	uint32_t handle;

	cap("max_bytes", 4 * PAGE);
	end(child_with(&other, false, OTHER, 3 * PAGE, &handle));
	assert_int_equal(make(&other, 2 * PAGE, &handle), 0);
	assert_int_equal(left_for(bench, OTHER, PAGE), 0);
	left(bench, 2 * PAGE);
	close(other.fd);
	assert_int_equal(left_for(bench, OTHER, 4 * PAGE), 0);
	left(bench, 4 * PAGE);
}

/* Handles: an engine in each of two sessions, and one buffer more. */
static void sessions_share_the_handles(void **state)
{
	const struct bench *bench = *state;
	struct bench other = second_session(bench);
	uint32_t first, second;

	cap("max_handles", 3);
	assert_int_equal(make(bench, 1, &first), 0);
	assert_int_equal(make(bench, 1, &second), ENOMEM);
	assert_int_equal(make(&other, 1, &second), ENOMEM);
	assert_int_equal(destroy(bench->fd, first), 0);
	assert_int_equal(make(&other, 1, &second), 0);
	assert_int_equal(make(bench, 1, &first), ENOMEM);
	close(other.fd);
	/* Its engine and its buffer. */
	assert_int_equal(make(bench, 1, &first), 0);
	assert_int_equal(make(bench, 1, &second), 0);
	assert_int_equal(destroy(bench->fd, first), 0);
	assert_int_equal(destroy(bench->fd, second), 0);
}

/* An engine that would be one handle too many isn't opened, and is no longer held. */
static void engines_count_too(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;

	other.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_true(other.fd >= 0);
	cap("max_handles", 1);
	assert_int_equal(open_engine(other.fd, bench->info.name, &other.engine), ENOMEM);
	cap("max_handles", 2);
	assert_int_equal(open_engine(other.fd, bench->info.name, &other.engine), 0);
	close(other.fd);
}

/* A user who got the session has handles of its own; a killed one's are back. */
static void users_have_handles_of_their_own(void **state)
{
	const struct bench *bench = *state;
	struct bench other = second_session(bench);
	uint32_t handle, more;

	cap("max_handles", 2);
	assert_int_equal(make(bench, 1, &handle), ENOMEM);
	end(child_with(&other, false, OTHER, 1, &handle));
	end(child_with(&other, false, OTHER, 1, &more));
	assert_int_equal(left_for(&other, OTHER, 0), 0);
	assert_int_equal(left_for(bench, OTHER, 0), 0);
	assert_int_equal(destroy(other.fd, handle), 0);
	end(child_with(&other, false, OTHER, 1, &handle));
	close(other.fd);
	/* All of OTHER's went with the session, and this user's second engine. */
	assert_int_equal(make(bench, 1, &handle), 0);
	assert_int_equal(destroy(bench->fd, handle), 0);
	end(child_with(bench, false, OTHER, 1, &handle));
	end(child_with(bench, false, OTHER, 1, &more));
	assert_int_equal(destroy(bench->fd, handle), 0);
	assert_int_equal(destroy(bench->fd, more), 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, caps_off)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sessions_share_the_bytes),	  TEST(kinds_share_the_bytes),
		TEST(processes_share_the_bytes),  TEST(users_have_bytes_of_their_own),
		TEST(closing_gives_back_to_each), TEST(sessions_share_the_handles),
		TEST(engines_count_too),	  TEST(users_have_handles_of_their_own),
	};

	return cmocka_run_group_tests_name("users", tests, setup, bench_teardown);
}
