/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A submission never waits: not for pages that must be got first, nor for anybody. What isn't
 * served is refused.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stuck.h"
#include "uring.h"

#define SPAN (4 * PAGE)
/* Seconds: far more than a submission takes; until the program is given up. */
#define AT_ONCE 10
#define PATIENCE 120

static char source[SPAN];

static int setup(void **state)
{
	pattern(source, SPAN, 1);
	alarm(PATIENCE);
	return ring_setup(state);
}

static int teardown(void **state)
{
	alarm(0);
	return ring_teardown(state);
}

/* A thread that submits copies and takes their completions: both must be one thread's. */
struct submitter {
	const struct bench *bench;
	struct dmabench_copy arg[2];
	int count;
	atomic_bool returned; /* from the submission */
	atomic_int completed;
	int err[2];
	pthread_t thread;
};

static void *submit_and_wait(void *param)
{
	struct submitter *s = param;
	int i, left;

	for (i = 0; i < s->count; i++)
		put_copy(s->bench, &s->arg[i])->user_data = i;
	left = io_uring_submit(&ring);
	atomic_store(&s->returned, true);
	for (; left > 0; left--) {
		struct io_uring_cqe *cqe;

		if (io_uring_wait_cqe(&ring, &cqe))
			break;
		s->err[cqe->user_data] = -cqe->res;
		io_uring_cqe_seen(&ring, cqe);
		atomic_fetch_add(&s->completed, 1);
	}
	return NULL;
}

/* Whether it has come so far soon. */
static bool has_returned(struct submitter *s)
{
	uint64_t start = now();

	while (!atomic_load(&s->returned) && now() - start < AT_ONCE * 1000000000UL)
		usleep(1000);
	return atomic_load(&s->returned);
}

static void start(struct submitter *s, const struct bench *bench, int count)
{
	s->bench = bench;
	s->count = count;
	s->err[0] = s->err[1] = -1;
	atomic_init(&s->returned, false);
	atomic_init(&s->completed, 0);
	assert_int_equal(pthread_create(&s->thread, NULL, submit_and_wait, s), 0);
}

/* One side is a hole that is filled later, the other is memory. */
static void hole_as(const struct bench *bench, bool as_source)
{
	static struct submitter s;
	char *hole = pages(PAGE), *other = pages(PAGE);
	long pinned = pins();
	bool returned, touched, early;
	struct stuck stuck;

	memcpy(other, source + PAGE, PAGE);
	stuck_make(&stuck, hole, PAGE);
	s.arg[0] = as_source ? user_copy(other, hole, PAGE) : user_copy(hole, other, PAGE);
	start(&s, bench, 1);
	returned = has_returned(&s);
	touched = stuck_is_touched(&stuck);
	early = atomic_load(&s.completed) > 0;
	stuck_fill(&stuck, source);
	assert_true(ends_soon(s.thread, NULL));
	stuck_drop(&stuck);
	assert_int_equal(s.err[0], 0);
	assert_true(touched);
	assert_false(early);
	assert_memory_equal(other, as_source ? source : source + PAGE, PAGE);
	assert_memory_equal(hole, as_source ? source : source + PAGE, PAGE);
	assert_int_equal(pins(), pinned);
	assert_int_equal(locked_kib(), 0);
	pages_free(hole, PAGE);
	pages_free(other, PAGE);
	if (!returned)
		fail_msg("the submission waited until the hole was filled");
}

/* A source that takes for ever to come is no matter to who submits. */
static void hole_as_source_is_waited_for_elsewhere(void **state)
{
	hole_as(*state, true);
}

/* Nor is such a destination. */
static void hole_as_destination_is_waited_for_elsewhere(void **state)
{
	hole_as(*state, false);
}

/* A copy that was submitted behind it, in the same call, doesn't wait for it either. */
static void hole_holds_up_no_other_copy(void **state)
{
	const struct bench *bench = *state;
	char *hole = pages(PAGE), *memory = pages(SPAN);
	static struct submitter s;
	struct stuck stuck;
	unsigned long begin;
	bool overtaken;

	memcpy(memory, source, SPAN);
	stuck_make(&stuck, hole, PAGE);
	s.arg[0] = user_copy(memory, hole, PAGE);
	s.arg[1] = user_copy(memory + PAGE, memory + 2 * PAGE, PAGE);
	start(&s, bench, 2);
	for (begin = now(); !atomic_load(&s.completed) && now() - begin < AT_ONCE * 1000000000UL;)
		usleep(1000);
	overtaken = atomic_load(&s.completed) == 1 && !s.err[1];
	stuck_fill(&stuck, source + 3 * PAGE);
	assert_true(ends_soon(s.thread, NULL));
	stuck_drop(&stuck);
	assert_int_equal(s.err[0], 0);
	assert_int_equal(s.err[1], 0);
	assert_memory_equal(memory, source + 3 * PAGE, PAGE);
	assert_memory_equal(memory + PAGE, source + 2 * PAGE, PAGE);
	pages_free(hole, PAGE);
	pages_free(memory, SPAN);
	if (!overtaken)
		fail_msg("the second copy waited for the first one's hole");
}

/* Memory that nobody has touched is got on the way, on either side and on both. */
static void untouched_memory_works(void **state)
{
	static const char zeroes[SPAN];
	const struct bench *bench = *state;
	long pinned = pins();
	int sides;

	for (sides = 1; sides < 4; sides++) {
		char *src = pages(SPAN), *dst = pages(SPAN);
		struct dmabench_copy arg = user_copy(dst, src, SPAN);

		if (!(sides & 1))
			memcpy(src, source, SPAN);
		if (!(sides & 2))
			memset(dst, 1, SPAN);
		assert_int_equal(async_copy(bench, &arg), 0);
		assert_memory_equal(dst, sides & 1 ? zeroes : source, SPAN);
		pages_free(src, SPAN);
		pages_free(dst, SPAN);
	}
	assert_int_equal(pins(), pinned);
	assert_int_equal(locked_kib(), 0);
}

/* Many at once, of which some must be got first: each arrives where it should. */
static void touched_and_untouched_mixed(void **state)
{
	enum { MANY = 32 };
	static struct dmabench_copy args[MANY];
	const struct bench *bench = *state;
	int i, count = on_sim(bench) ? MANY : 4;
	char *src = pages(MANY * PAGE), *dst = pages(MANY * PAGE);

	pattern(src, MANY * PAGE, 5);
	for (i = 0; i < count; i++) {
		if (i & 1)
			dst[i * PAGE] = 1;
		args[i] = user_copy(dst + i * PAGE, src + i * PAGE, PAGE);
		put_copy(bench, &args[i]);
	}
	submit(count);
	for (i = 0; i < count; i++)
		assert_int_equal(completion(), 0);
	assert_memory_equal(dst, src, count * PAGE);
	pages_free(src, MANY * PAGE);
	pages_free(dst, MANY * PAGE);
}

/* A process that is killed while one of its copies waits for a hole leaves nothing. */
static void killed_with_a_hole(void **state)
{
	const struct bench *bench = *state;
	long pinned = pins();
	int ends[2], status;
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		char *hole = pages(PAGE), *other = pages(PAGE);
		static struct submitter s;
		struct stuck stuck;

		stuck_make(&stuck, hole, PAGE);
		s.arg[0] = user_copy(other, hole, PAGE);
		if (io_uring_queue_init(8, &ring, 0))
			_exit(1);
		start(&s, bench, 1);
		if (!stuck_is_touched(&stuck) || write(ends[1], &byte, 1) != 1)
			_exit(2);
		pause();
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	for (status = 0; pins() != pinned && status < 100; status++)
		usleep(20000);
	assert_int_equal(pins(), pinned);
	close(ends[0]);
	close(ends[1]);
}

/* Flags of the command that the driver doesn't serve, though the kernel's core knows one. */
static void command_flags_are_einval(void **state)
{
	static const uint32_t flags[] = { IORING_URING_CMD_FIXED, 2, 1u << 10,
					  IORING_URING_CMD_FIXED | 4 };
	const struct bench *bench = *state;
	char *memory = pages(SPAN);
	struct iovec all = { .iov_base = memory, .iov_len = SPAN };
	struct dmabench_copy arg = user_copy(memory + PAGE, memory, 64);
	size_t i;

	memcpy(memory, source, SPAN);
	assert_int_equal(io_uring_register_buffers(&ring, &all, 1), 0);
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct io_uring_sqe *sqe = put_copy(bench, &arg);
		int err;

		sqe->uring_cmd_flags = flags[i];
		sqe->buf_index = 0;
		submit(1);
		err = completion();
		if (err != EINVAL)
			fail_msg("uring_cmd_flags %#x: %s, not EINVAL", flags[i], strerror(err));
		assert_memory_equal(memory, source, SPAN);
	}
	/* Without any it works, though there are such buffers. */
	assert_int_equal(async_copy(bench, &arg), 0);
	assert_memory_equal(memory + PAGE, source, 64);
	assert_int_equal(io_uring_unregister_buffers(&ring), 0);
	pages_free(memory, SPAN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hole_as_source_is_waited_for_elsewhere),
		TEST(hole_as_destination_is_waited_for_elsewhere),
		TEST(hole_holds_up_no_other_copy),
		TEST(untouched_memory_works),
		TEST(touched_and_untouched_mixed),
		TEST(killed_with_a_hole),
		TEST(command_flags_are_einval),
	};

	return cmocka_run_group_tests_name("uring manners", tests, NULL, NULL);
}
