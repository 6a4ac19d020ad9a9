/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Channels go, in each way that there is, while others look for them and open them. Whoever opens
 * one has it before the going begins, or not at all. The kernel warns of who has it later, and the
 * debug guest sees a look at one that was freed.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "gone.h"
#include "stuck.h"

#define OPENERS 2

struct opener {
	const struct bench *bench;
	atomic_bool *stop;
	unsigned int opened;
	int wrong;
};

/* EBUSY: another one of us has it, and it isn't an open engine yet, or any more. */
static bool may_be_said(int err)
{
	return !err || err == ENODEV || err == EBUSY;
}

static int look_and_open(struct opener *opener)
{
	struct dmabench_engine_info info = { .index = 0 };
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC), err;
	uint32_t handle;

	err = request(fd, DMABENCH_IOC_ENGINE_INFO, &info);
	if (err == ENOENT)
		err = 0;
	if (!err) {
		err = open_engine(fd, opener->bench->info.name, &handle);
		opener->opened += !err;
	}
	close(fd);
	return err;
}

static void *keep_opening(void *param)
{
	struct opener *opener = param;

	while (!atomic_load(opener->stop)) {
		int err = look_and_open(opener);

		if (!may_be_said(err))
			opener->wrong = err;
	}
	return NULL;
}

/* All channels of the device, one after the other; or the device. */
static void let_all_go(const struct bench *bench, enum going going)
{
	unsigned int number;

	if (going != RETIRED) {
		make_it_go(bench, going);
		return;
	}
	for (number = 0; number < 2; number++)
		sim_set("retire", number);
	bind_device(&bench->info, "unbind");
}

static void while_opened(struct bench *bench, enum going going)
{
	int round, rounds = fast(bench) ? 60 : 2, i;
	struct opener openers[OPENERS];
	pthread_t threads[OPENERS];
	atomic_bool stop = false;

	for (i = 0; i < OPENERS; i++) {
		openers[i] = (struct opener){ .bench = bench, .stop = &stop };
		assert_int_equal(pthread_create(&threads[i], NULL, keep_opening, &openers[i]), 0);
	}
	for (round = 0; round < rounds; round++) {
		usleep(200 + 137 * (round % 16));
		let_all_go(bench, going);
		bind_device(&bench->info, "bind");
	}
	/* The last time it stays, and they find it. */
	usleep(50000);
	atomic_store(&stop, true);
	for (i = 0; i < OPENERS; i++) {
		assert_true(ends_soon(threads[i], NULL));
		assert_int_equal(openers[i].wrong, 0);
		assert_int_not_equal(openers[i].opened, 0);
	}
}

static void opened_while(void **state, enum going going)
{
	struct bench *bench = *state;
	long before = kernel_warnings();

	if (going != UNBOUND)
		skip_unless_sim(bench);
	play(bench, going, true);
	close(bench->fd);
	while_opened(bench, going);
	assert_int_equal(kernel_warnings(), before);
	bench_open(bench);
	copies_right(bench, dst, src, LEN);
	play(bench, going, false);
}

static void opened_while_unbound(void **state)
{
	opened_while(state, UNBOUND);
}

static void opened_while_freed(void **state)
{
	opened_while(state, CLASSIC);
}

static void opened_while_its_own_device_goes(void **state)
{
	opened_while(state, OWN_DEVICE);
}

static void opened_while_retired(void **state)
{
	opened_while(state, RETIRED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GONE(opened_while_unbound),
		GONE(opened_while_freed),
		GONE(opened_while_its_own_device_goes),
		GONE(opened_while_retired),
	};

	return cmocka_run_group_tests_name("gone while opened", tests, NULL, NULL);
}
