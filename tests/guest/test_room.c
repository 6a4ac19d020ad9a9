/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A provider whose full channels wait for room, without an end: there is never more in flight than
 * there is room for, over all sessions, so that nobody is held up who could give up.
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
#define ROOM 4
#define MOST "/sys/module/dmabench_sim/parameters/most"

static int setup(void **state)
{
	struct bench *bench;

	sides_make(state);
	if (bench_setup(state))
		return -1;
	bench = *state;
	if (!on_sim(bench))
		return 0;
	close(bench->fd);
	unload_driver();
	assert_int_equal(load_driver("room=nosuch/1,dmabench_sim/4"), 0);
	bench_open(bench);
	sim_set("room", ROOM);
	sim_set("full_waits", 1);
	sim_set("most", 0);
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	if (on_sim(bench)) {
		sim_fault_off();
		sim_set("latency_ns", 0);
		sim_set("full_waits", 0);
		sim_set("room", 0);
		close(bench->fd);
		unload_driver();
		assert_int_equal(load_driver(""), 0);
		bench_open(bench);
	}
	return sides_teardown(state);
}

/* Two sessions, each of which asks for four times as many as there may be. */
static void never_more_than_there_is_room_for(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;

	skip_unless_sim(bench);
	assert_int_equal(bench->info.room, ROOM);
	other = another_session(bench);
	sim_set("latency_ns", MS);
	halves_at_once(bench, &other, dst, src, LEN, PAGE / 2, 5);
	close(other.fd);
	assert_true(file_field(MOST, "") > 1);
	assert_true(file_field(MOST, "") <= ROOM);
}

static void *do_batch(void *param)
{
	static struct dmabench_segment list[LEN / PAGE];
	struct job *job = param;
	struct dmabench_batch arg = {
		.src = job->arg.src,
		.dst = job->arg.dst,
		.span = LEN,
		.segments_ptr = (uintptr_t)list,
		.segments = LEN / PAGE,
		.engine = job->bench->engine,
		.timeout_ms = job->arg.timeout_ms,
	};
	size_t i;

	for (i = 0; i < LEN / PAGE; i++)
		list[i] = (struct dmabench_segment){ i * PAGE, i * PAGE, PAGE };
	job->err = request(job->bench->fd, DMABENCH_IOC_BATCH, &arg);
	return NULL;
}

static bool gave_up(const struct job *job)
{
	return job->err == ETIMEDOUT || job->err == EIO || job->err == ENOMEM;
}

/* The channel hangs: who has descriptors in it and who waits for room both give up in time. */
static void hanging_channel_holds_nobody_up(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;
	struct job one = { .bench = bench, .arg = user_copy(dst, src, LEN) };
	struct job two = { .bench = &other };
	pthread_t threads[2];
	long before = pins();
	struct end from, to;

	skip_unless_sim(bench);
	other = another_session(bench);
	end_make(&other, &from, DMABENCH_BUF_KERNEL, LEN);
	end_make(&other, &to, DMABENCH_BUF_COHERENT, LEN);
	two.arg.src = end_side(&from, 0);
	two.arg.dst = end_side(&to, 0);
	sim_fault("never", 1, 0, -1);
	one.arg.chunk = PAGE / 2;
	one.arg.timeout_ms = 1000;
	two.arg.timeout_ms = 1000;
	assert_int_equal(pthread_create(&threads[0], NULL, do_job, &one), 0);
	assert_int_equal(pthread_create(&threads[1], NULL, do_batch, &two), 0);
	assert_true(ends_soon(threads[0], NULL));
	assert_true(ends_soon(threads[1], NULL));
	assert_true(gave_up(&one));
	assert_true(gave_up(&two));
	sim_fault_off();
	assert_int_equal(pins(), before);
	copies_right(bench, dst, src, LEN);
	end_drop(&other, &from);
	end_drop(&other, &to);
	close(other.fd);
}

#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOM_TEST(never_more_than_there_is_room_for),
		ROOM_TEST(hanging_channel_holds_nobody_up),
	};

	return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
