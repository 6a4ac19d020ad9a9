/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers of copies by IORING_OP_URING_CMD that are in flight. */
#include <errno.h>
#include <pthread.h>

#include "uring.h"

#define SPAN (4 * PAGE)
#define MS 1000000UL

static char source[SPAN];

static int fill_pattern(void **state)
{
	(void)state;
	pattern(source, SPAN, 1);
	return 0;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(buffers_in_flight_stay),
		RING_TEST(two_copies_of_one_buffer),
	};

	return cmocka_run_group_tests_name("async buffers", tests, fill_pattern, NULL);
}
