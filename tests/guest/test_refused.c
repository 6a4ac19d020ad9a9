/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An engine that never takes a descriptor, and one that takes it later: the first is EINVAL, long
 * before the timeout, the second is waited for.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "stuck.h"

#define LEN (16 * PAGE)

#include "sides.h"

#define MS 1000000UL
#define TIMEOUT_MS 30000
/* Far above what it takes, far below the timeout. */
#define SOON (10000 * MS)

static int teardown(void **state)
{
	if (on_sim(*state)) {
		sim_fault_off();
		sim_set("latency_ns", 0);
		sim_set("refuse_below", 0);
		sim_set("refuse_above", 0xffffffff);
		sim_set("room", 0);
	}
	return sides_teardown(state);
}

static void is_refused_soon(const struct bench *bench, struct dmabench_copy *arg)
{
	uint64_t start = now();

	arg->timeout_ms = TIMEOUT_MS;
	assert_int_equal(copy(bench, arg), EINVAL);
	assert_true(now() - start < SOON);
}

static void too_long_between(const struct bench *bench, uint32_t kind, uint32_t flags)
{
	struct dmabench_copy arg = { .len = PAGE, .flags = flags };
	struct end from, to;

	end_make(bench, &from, kind, LEN);
	end_make(bench, &to, kind, LEN);
	arg.src = end_side(&from, 0);
	arg.dst = end_side(&to, 0);
	is_refused_soon(bench, &arg);
	arg.len = PAGE / 2;
	assert_int_equal(copy(bench, &arg), 0);
	end_drop(bench, &from);
	end_drop(bench, &to);
}

/* Between all kinds of memory whose pieces are longer than the engine takes. */
static void too_long_is_einval(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	uint32_t kind;

	skip_unless_sim(bench);
	sim_set("refuse_above", PAGE / 2);
	for (kind = 0; kind < 4; kind++) {
		too_long_between(bench, kind, 0);
		too_long_between(bench, kind, DMABENCH_COPY_POLL);
	}
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

/* One that comes after some that were taken. */
static void too_short_is_einval(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, 64);
	long before = pins();

	skip_unless_sim(bench);
	sim_set("refuse_below", 128);
	is_refused_soon(bench, &arg);
	arg = user_copy(dst, src, 2 * PAGE + 64);
	arg.chunk = PAGE;
	is_refused_soon(bench, &arg);
	copies_right(bench, dst, src, 128);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

/* In a list, between two that are taken. */
static void refused_in_a_batch_is_einval(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_segment list[] = { { 0, 0, PAGE },
					   { PAGE, PAGE, 64 },
					   { 2 * PAGE, 2 * PAGE, PAGE } };
	struct dmabench_batch arg = {
		.span = LEN,
		.segments_ptr = (uintptr_t)list,
		.segments = 3,
		.engine = bench->engine,
		.timeout_ms = TIMEOUT_MS,
	};
	uint64_t start = now();
	struct end from, to;

	skip_unless_sim(bench);
	end_make(bench, &from, DMABENCH_BUF_REGISTERED, LEN);
	end_make(bench, &to, DMABENCH_BUF_KERNEL, LEN);
	arg.src = end_side(&from, 0);
	arg.dst = end_side(&to, 0);
	sim_set("refuse_below", 128);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BATCH, &arg), EINVAL);
	assert_true(now() - start < SOON);
	list[1].len = 128;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BATCH, &arg), 0);
	end_drop(bench, &from);
	end_drop(bench, &to);
}

/* Two sessions that ask for more at once than there is room for take turns. */
static void full_is_waited_for(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;

	skip_unless_sim(bench);
	other = another_session(bench);
	sim_set("room", 4);
	sim_set("latency_ns", 2 * MS);
	halves_at_once(bench, &other, dst, src, LEN, PAGE, 5);
	close(other.fd);
}

/* Another session's copy hangs, and has all that there is: that isn't for good. */
static void full_to_the_end_is_enomem(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;
	struct job job = { .bench = &other, .arg = user_copy(dst, src, LEN / 2) };
	struct dmabench_copy arg = user_copy(dst + LEN / 2, src + LEN / 2, PAGE);
	pthread_t thread;

	skip_unless_sim(bench);
	other = another_session(bench);
	sim_set("room", 1);
	sim_fault("never", 1, 0, -1);
	job.arg.timeout_ms = 6000;
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	usleep(500000);
	arg.timeout_ms = 300;
	assert_int_equal(copy(bench, &arg), ENOMEM);
	assert_true(ends_soon(thread, NULL));
	assert_int_equal(job.err, ETIMEDOUT);
	sim_fault_off();
	copies_right(bench, dst, src, LEN);
	close(other.fd);
}

#define REFUSED(name) cmocka_unit_test_setup_teardown(name, sides_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REFUSED(too_long_is_einval),	       REFUSED(too_short_is_einval),
		REFUSED(refused_in_a_batch_is_einval), REFUSED(full_is_waited_for),
		REFUSED(full_to_the_end_is_enomem),
	};

	return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
