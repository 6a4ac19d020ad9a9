// SPDX-License-Identifier: GPL-2.0-only
/* What the harness finds out about clocks that are made up here, and how long it times then. */
#include "unit.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "machine/clock.h"

static bool refused;

/* In place of libc's: a filter of system calls may refuse it. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t, struct timespec *left)
{
	if (refused)
		return EPERM;
		/* Of 32 bits, with times of 64. */
#ifdef SYS_clock_nanosleep_time64
	return syscall(SYS_clock_nanosleep_time64, clock, flags, t, left) ? errno : 0;
#else
	return syscall(SYS_clock_nanosleep, clock, flags, t, left) ? errno : 0;
#endif
}

static void a_sleep_that_is_refused_ends(void **state)
{
	(void)state;
	refused = true;
	alarm(60);
	sleep_ns(1);
	alarm(0);
	refused = false;
}

static uint64_t readings, cost, step;

/* Each reading takes cost; the time shown moves in steps. */
static uint64_t made_up_clock(void)
{
	uint64_t t = ++readings * cost;

	return 1000000000 + t / step * step;
}

static struct clock_info examined(uint64_t clock_cost, uint64_t clock_step)
{
	struct clock_info info;

	readings = 0;
	cost = clock_cost;
	step = clock_step;
	clock_examine_by(&info, made_up_clock);
	return info;
}

static void near(double value, double expected)
{
	assert_true(fabs(value - expected) <= 0.01 * expected);
}

static void a_fine_clock(void **state)
{
	struct clock_info info = examined(25, 1);

	(void)state;
	near(info.cost_ns, 25);
	/* Two readings can't be closer than one reading takes. */
	near(info.resolution_ns, 25);
	near(clock_window_ns(&info), 1250);
}

/* Ticks of 4 ms, read in 100 ns: the tick decides, and the cost is still found. */
static void a_coarse_clock(void **state)
{
	struct clock_info info = examined(100, 4000000);

	(void)state;
	near(info.cost_ns, 100);
	near(info.resolution_ns, 4e6);
	near(clock_window_ns(&info), 200e6);
}

/* As an HPET: 70 ns a step, and a microsecond for a reading. */
static void a_slow_clock(void **state)
{
	struct clock_info info = examined(1000, 70);

	(void)state;
	near(info.cost_ns, 1000);
	near(clock_window_ns(&info), 50000);
}

static void a_clock_that_stands_still(void **state)
{
	struct clock_info info = examined(0, 1);

	(void)state;
	assert_true(info.cost_ns >= 0);
	near(info.resolution_ns, 1e9);
}

/* In a window that is as long as it must be both are at most 2 %; in a shorter one more. */
static void the_window_keeps_both_under_two_percent(void **state)
{
	static const struct clock_info clocks[] = { { 25, 1, "" },
						    { 1, 25, "" },
						    { 900, 7000, "" } };

	(void)state;
	for (int i = 0; i < 3; i++) {
		double window = clock_window_ns(&clocks[i]);

		assert_true(clocks[i].cost_ns / window <= 0.02);
		assert_true(clocks[i].resolution_ns / window <= 0.02);
		near(clock_share(&clocks[i], window), 0.02);
		near(clock_share(&clocks[i], window / 10), 0.2);
		assert_true(clock_share(&clocks[i], 0) == 1);
	}
}

static void this_machines_clock_moves(void **state)
{
	struct clock_info info;

	(void)state;
	clock_examine(&info);
	assert_true(info.cost_ns > 0 && info.resolution_ns >= 1);
	assert_true(info.source[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fine_clock),
		cmocka_unit_test(a_coarse_clock),
		cmocka_unit_test(a_slow_clock),
		cmocka_unit_test(a_clock_that_stands_still),
		cmocka_unit_test(the_window_keeps_both_under_two_percent),
		cmocka_unit_test(a_sleep_that_is_refused_ends),
		cmocka_unit_test(this_machines_clock_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
