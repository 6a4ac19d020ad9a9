/* SPDX-License-Identifier: GPL-2.0-only */
/* The same as test_held of copies that nobody waits for. */
#include "held.h"
#include "uring.h"

#define LEN (8 * PAGE)

#include "sides.h"

#define COUNT 8

static int setup(void **state)
{
	sides_make(state);
	if (ring_setup(state))
		return -1;
	hold(*state);
	return 0;
}

static int teardown(void **state)
{
	hold_no_more(*state);
	sides_drop();
	return ring_teardown(state);
}

static void many_in_flight(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg[COUNT];
	int i;

	skip_unless_sim(bench);
	for (i = 0; i < COUNT; i++) {
		arg[i] = user_copy(dst + i * PAGE, src + i * PAGE, PAGE);
		put_copy(bench, &arg[i]);
	}
	submit(COUNT);
	for (i = 0; i < COUNT; i++)
		assert_int_equal(completion(), 0);
	assert_memory_equal(dst, src, LEN);
	nobody_did_wrong();
}

static void refused_one_lets_go(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, LEN);

	skip_unless_sim(bench);
	sim_fault("nosubmit", 1, 1, -1);
	assert_int_equal(async_copy(bench, &arg), EIO);
	sim_fault_off();
	assert_int_equal(async_copy(bench, &arg), 0);
	assert_memory_equal(dst, src, LEN);
	nobody_did_wrong();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(many_in_flight, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_one_lets_go, setup, teardown),
	};

	return cmocka_run_group_tests_name("held async", tests, NULL, NULL);
}
