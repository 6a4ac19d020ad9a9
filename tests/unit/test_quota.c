// SPDX-License-Identifier: GPL-2.0-only
/* As many threads as may run at the same time: usable CPUs, and no more than a quota allows. */
#include "unit.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "machine/nodes.h"
#include "machine/quota.h"
#include "measure/soaker.h"
#include "paths/path.h"
#include "fake_machine.h"

static int cpus[MAX_CPUS];

static void group(const char *name, const char *cpu_max)
{
	machine(name);
	nodes_use("/sys/devices/system/node", "/proc/self/status");
	put("/proc/self/cgroup", "0::/a/b\n");
	put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
	put("/sys/fs/cgroup/a/cpu.max", cpu_max);
}

static void a_quota_bounds_threads(void **state)
{
	static const struct {
		const char *cpu_max;
		unsigned int threads;
	} quotas[] = { { "10000 100000\n", 1 },
		       { "100000 100000\n", 1 },
		       { "190000 100000\n", 1 },
		       { "200000 100000\n", 2 },
		       { "6400000 100000\n", 64 } };

	(void)state;
	for (size_t i = 0; i < sizeof(quotas) / sizeof(quotas[0]); i++) {
		unsigned int usable, expected = quotas[i].threads;

		group("quota", quotas[i].cpu_max);
		usable = node_cpus(0, cpus);
		assert_int_equal(quota_threads(0), expected < usable ? expected : usable);
	}
	group("none", "max 100000\n");
	assert_int_equal(quota_threads(0), node_cpus(0, cpus));
	machine("v1");
	put("/proc/self/cgroup", "2:cpu,cpuacct:/\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
	put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "50000\n");
	assert_int_equal(quota_threads(0), 1);
}

static void affinity_bounds_threads(void **state)
{
	cpu_set_t had[MAX_CPUS / CPU_SETSIZE];

	(void)state;
	machine("affinity");
	nodes_use("/sys/devices/system/node", "/proc/self/status");
	assert_int_equal(sched_getaffinity(0, sizeof(had), had), 0);
	node_cpus(0, cpus);
	assert_int_equal(pin_to_cpu(cpus[0]), 0);
	nodes_use("/sys/devices/system/node", "/proc/self/status");
	assert_int_equal(quota_threads(0), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(had), had), 0);
}

/* By its pairs: each thread has one. */
static void memcpy_mt_has_so_many(void **state)
{
	const struct copy_path *mt = path_find("memcpy-mt");
	struct case_params p = { .size = 65536, .queue = 2 };
	char why[160];

	(void)state;
	group("one", "150000 100000\n");
	assert_int_equal(mt->pairs(&p), 1);
	p.threads = 1;
	assert_int_equal(mt->probe(&p, why, sizeof(why)), 0);
	if (node_cpus(0, cpus) < 2)
		return;
	p.threads = 2;
	assert_int_equal(mt->probe(&p, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "quota of 1.50 CPUs"));
	group("two", "200000 100000\n");
	assert_int_equal(mt->probe(&p, why, sizeof(why)), 0);
}

static void idle_time_is_not_counted_within_a_quota(void **state)
{
	char why[96];

	(void)state;
	group("soaker", "10000 100000\n");
	assert_null(soaker_start(why, sizeof(why)));
	assert_non_null(strstr(why, "quota of 0.10 CPUs"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quota_bounds_threads),
		cmocka_unit_test(affinity_bounds_threads),
		cmocka_unit_test(memcpy_mt_has_so_many),
		cmocka_unit_test(idle_time_is_not_counted_within_a_quota),
	};

	return cmocka_run_group_tests(tests, fresh_folder, drop_folder);
}
