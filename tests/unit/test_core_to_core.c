// SPDX-License-Identifier: GPL-2.0-only
/* A word between two CPUs: some time or a reason, whatever the machine is. */
#include "unit.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "machine/core_to_core.h"
#include "machine/nodes.h"

static char why[128];

static void two_cpus_have_a_time(void **state)
{
	int cpus[MAX_CPUS];
	double ns = 0;

	(void)state;
	if (node_cpus(-1, cpus) < 2)
		skip();
	assert_int_equal(core_to_core_ns(cpus[0], cpus[1], &ns, why, sizeof(why)), 0);
	assert_true(ns > 0);
}

/* Two that spin for good would keep the one who is to end them from any CPU. */
static void a_real_time_class_hangs_nothing(void **state)
{
	const struct sched_param first = { .sched_priority = 1 }, none = { 0 };
	int cpus[MAX_CPUS], ret;
	double ns;

	(void)state;
	if (node_cpus(-1, cpus) < 2 || sched_setscheduler(0, SCHED_FIFO, &first))
		skip();
	alarm(60);
	ret = core_to_core_ns(cpus[0], cpus[1], &ns, why, sizeof(why));
	alarm(0);
	sched_setscheduler(0, SCHED_OTHER, &none);
	assert_int_equal(ret, 0);
}

static void a_cpu_that_cant_be_had_is_named(void **state)
{
	int cpus[MAX_CPUS];
	double ns;

	(void)state;
	node_cpus(-1, cpus);
	assert_true(core_to_core_ns(cpus[0], MAX_CPUS - 1, &ns, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "CPU 8191: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cpus_have_a_time),
		cmocka_unit_test(a_real_time_class_hangs_nothing),
		cmocka_unit_test(a_cpu_that_cant_be_had_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
