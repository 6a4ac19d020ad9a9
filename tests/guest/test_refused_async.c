/* SPDX-License-Identifier: GPL-2.0-only */
/* What an engine refuses of copies that nobody waits for: for good, or because it is full. */
#include "uring.h"

#define LEN (8 * PAGE)

#include "sides.h"

#define MS 1000000UL

static int setup(void **state)
{
	sides_make(state);
	return ring_setup(state);
}

static int teardown(void **state)
{
	if (on_sim(*state)) {
		sim_set("refuse_below", 0);
		sim_set("room", 0);
	}
	sides_drop();
	return ring_teardown(state);
}

/* An idle engine that refuses on and on does so for good. */
static void too_short_is_einval(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, 64);
	long before = pins();

	skip_unless_sim(bench);
	sim_set("refuse_below", 128);
	arg.timeout_ms = 60000;
	assert_int_equal(async_copy(bench, &arg), EINVAL);
	arg.len = 128;
	assert_int_equal(async_copy(bench, &arg), 0);
	assert_memory_equal(dst, src, 128);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

/* With another's descriptors in it, it has none left. */
static void full_is_ebusy(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy first = user_copy(dst, src, PAGE), second;

	skip_unless_sim(bench);
	memset(dst, 0, LEN);
	second = user_copy(dst + PAGE, src + PAGE, PAGE);
	sim_set("room", 1);
	sim_set("latency_ns", 1000 * MS);
	put_copy(bench, &first);
	put_copy(bench, &second);
	submit(2);
	assert_int_equal(completion(), EBUSY);
	assert_int_equal(completion(), 0);
	assert_memory_equal(dst, src, PAGE);
	sim_set("latency_ns", 0);
	assert_int_equal(async_copy(bench, &second), 0);
}

#define ASYNC_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TEST(too_short_is_einval),
		ASYNC_TEST(full_is_ebusy),
	};

	return cmocka_run_group_tests_name("refused async", tests, NULL, NULL);
}
