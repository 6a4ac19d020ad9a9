/* SPDX-License-Identifier: GPL-2.0-only */
/* The same as test_held of copies that nobody waits for. */
#include "uring.h"

#define LEN (8 * PAGE)
#define COUNT 8
#define WRONGLY "/sys/module/dmabench_sim/parameters/held_wrongly"

static char *src, *dst;

static int setup(void **state)
{
	src = pages(LEN);
	dst = pages(LEN);
	pattern(src, LEN, 62);
	if (ring_setup(state))
		return -1;
	if (on_sim(*state)) {
		sim_set("held_wrongly", 0);
		sim_set("holds", 1);
	}
	return 0;
}

static int teardown(void **state)
{
	if (on_sim(*state)) {
		sim_fault_off();
		sim_set("holds", 0);
	}
	pages_free(src, LEN);
	pages_free(dst, LEN);
	return ring_teardown(state);
}

static void many_in_flight(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg[COUNT];
	long before = kernel_warnings();
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
	assert_int_equal(file_field(WRONGLY, ""), 0);
	assert_int_equal(kernel_warnings(), before);
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
	assert_int_equal(file_field(WRONGLY, ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(many_in_flight, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_one_lets_go, setup, teardown),
	};

	return cmocka_run_group_tests_name("held async", tests, NULL, NULL);
}
