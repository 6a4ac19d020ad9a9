/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completions that belong to nobody any more. The simulator calls back for a descriptor
 * that was terminated, just when the next copy's descriptor is at work.
 */
#include <errno.h>
#include <string.h>

#include "guest.h"

#define LEN PAGE

#include "sides.h"

#define MS 1000000UL

static int teardown(void **state)
{
	const struct bench *bench = *state;

	if (on_sim(bench)) {
		sim_fault_off();
		sim_set("fault_ns", 100 * MS);
	}
	return sides_teardown(state);
}

/*
 * The bytes of the second copy come late. Were it believed to be done when the first one's
 * callback comes, it would return without them.
 */
static void stray_before_the_bytes(const struct bench *bench, uint32_t flags)
{
	struct dmabench_copy arg = user_copy(dst, src, PAGE);

	sim_set("fault_ns", 300 * MS);
	arg.flags = flags;
	arg.timeout_ms = 50;
	sim_fault("stray", 1, 1, -1);
	assert_int_equal(copy(bench, &arg), ETIMEDOUT);
	sim_fault("late", 1, 1, -1);
	memset(dst, 0, PAGE);
	arg.timeout_ms = 0;
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(dst, src, PAGE);
	sim_fault_off();
}

static void stray_completion_ends_no_later_copy(void **state)
{
	skip_unless_sim(*state);
	stray_before_the_bytes(*state, 0);
	stray_before_the_bytes(*state, DMABENCH_COPY_POLL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stray_completion_ends_no_later_copy, sides_setup,
						teardown),
	};

	return cmocka_run_group_tests_name("stray", tests, NULL, NULL);
}
