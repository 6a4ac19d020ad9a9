/* SPDX-License-Identifier: GPL-2.0-only */
/* A channel goes, in each way that there is, with copies in flight that nobody waits for. */
#include "uring.h"

#include "gone.h"

#define COUNT 4

static int setup(void **state)
{
	return io_uring_queue_init(RING, &ring, 0) ? -1 : gone_setup(state);
}

static int teardown(void **state)
{
	io_uring_queue_exit(&ring);
	return gone_teardown(state);
}

/* All of them are ENODEV, and what they had is given back. */
static void copies_in_flight_lose_it(void **state)
{
	struct bench *bench = *state;
	enum going going;
	int i;

	skip_unless_sim(bench);
	for (going = 0; going < GOINGS; going++) {
		struct dmabench_copy arg[COUNT];
		long before = pins();

		play(bench, going, true);
		sim_set("latency_ns", 2000 * MS);
		memset(dst, 0, LEN);
		for (i = 0; i < COUNT; i++) {
			arg[i] = user_copy(dst + i * PAGE, src + i * PAGE, PAGE);
			put_copy(bench, &arg[i]);
		}
		submit(COUNT);
		make_it_go(bench, going);
		for (i = 0; i < COUNT; i++)
			assert_int_equal(completion(), ENODEV);
		sim_set("latency_ns", 0);
		assert_int_equal(async_copy(bench, &arg[0]), ENODEV);
		it_is_gone(bench);
		bring_it_back(bench, going);
		play(bench, going, false);
		assert_int_equal(pins(), before);
		assert_int_equal(locked_kib(), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(copies_in_flight_lose_it, setup, teardown),
	};

	return cmocka_run_group_tests_name("gone async", tests, NULL, NULL);
}
