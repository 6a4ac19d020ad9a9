/* SPDX-License-Identifier: GPL-2.0-only */
/* How copies by IORING_OP_URING_CMD end when they aren't left in peace. */
#include <errno.h>
#include <sched.h>

#include "uring.h"

#define SPAN (4 * PAGE)
#define MANY DMABENCH_MAX_ASYNC
/* Copies in flight at once have cache lines of their own, as two engines' writes need. */
#define LINE 64
#define MS 1000000UL

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
		RING_TEST(a_full_session_is_ebusy),
		RING_TEST(timeout_leaves_a_quiet_engine),
		RING_TEST(timeouts_during_the_submission),
		RING_TEST(completions_interrupt_nobody),
	};

	return cmocka_run_group_tests_name("async end", tests, NULL, NULL);
}
