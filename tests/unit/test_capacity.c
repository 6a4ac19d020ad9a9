// SPDX-License-Identifier: GPL-2.0-only
/* What a case needs against what is allowed: a machine's memory, control groups, limits. */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "machine/cgroup.h"
#include "machine/nodes.h"
#include "paths/path.h"
#include "plan/capacity.h"
#include "fake_machine.h"

#define M (1ull << 20)

static char why[256];

static int check_case(const char *path, struct case_params p)
{
	const struct bench_case c = { .path = path_find(path), .params = p };

	assert_non_null(c.path);
	why[0] = '\0';
	return capacity_check(&c, why, sizeof(why));
}

static int check(const char *path, uint64_t size)
{
	return check_case(path, (struct case_params){ .size = size });
}

/* With plenty of memory; the groups are the tests'. */
static void roomy(const char *name)
{
	machine(name);
	nodes_use("/sys/devices/system/node", "/proc/self/status");
	put("/proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 25165824 kB\n");
}

static void without_limits_the_machine_counts(void **state)
{
	struct cgroup_memory m;

	(void)state;
	roomy("plain");
	assert_int_equal(check("memcpy", 96 * M), 0);
	assert_int_equal(cgroup_memory_left(&m), -ENOENT);
	put("/proc/meminfo", "MemAvailable: 204800 kB\n");
	assert_int_equal(check("memcpy", 96 * M), -ENOMEM);
	assert_non_null(strstr(why, "209715200 are available"));
	assert_int_equal(check("memcpy", 80 * M), 0);
}

/* Half of the bytes each way take as much as all of them one way. */
static void both_directions_need_what_one_needs(void **state)
{
	const struct case_params both = { .size = 80 * M, .direction = DIRECTION_BOTH };
	const struct case_params more = { .size = 96 * M, .direction = DIRECTION_BOTH };

	(void)state;
	roomy("both");
	put("/proc/meminfo", "MemAvailable: 204800 kB\n");
	assert_int_equal(check_case("memcpy-mt", both), 0);
	assert_int_equal(check_case("memcpy-mt", more), -ENOMEM);
}

static void the_tightest_group_counts_less_what_it_keeps(void **state)
{
	struct cgroup_memory m;

	(void)state;
	roomy("v2");
	put("/proc/self/cgroup", "0::/a/b\n");
	put("/sys/fs/cgroup/a/b/memory.max", "max\n");
	put("/sys/fs/cgroup/a/b/memory.high", "max\n");
	assert_int_equal(cgroup_memory_left(&m), -ENOENT);
	assert_int_equal(check("memcpy", 96 * M), 0);
	/* The parent's limit holds as well; page cache is given back. */
	put("/sys/fs/cgroup/a/memory.max", "134217728\n");
	put("/sys/fs/cgroup/a/memory.current", "33554432\n");
	put("/sys/fs/cgroup/a/memory.stat",
	    "anon 1\ninactive_anon 999999999\ninactive_file 8388608\nactive_file 4194304\n"
	    "slab_reclaimable 4194304\n");
	assert_int_equal(cgroup_memory_left(&m), 0);
	assert_true(m.limit == 128 * M);
	assert_true(m.left == 112 * M);
	assert_int_equal(check("memcpy", 96 * M), -ENOMEM);
	assert_non_null(strstr(why, "needs 2"));
	assert_non_null(strstr(why, "117440512 are allowed (control group)"));
	assert_int_equal(check("memcpy", 40 * M), 0);
	/* Beyond memory.high nothing is killed, but all stands still. */
	put("/sys/fs/cgroup/a/b/memory.high", "67108864\n");
	assert_int_equal(check("memcpy", 40 * M), -ENOMEM);
	assert_int_equal(check("memcpy", 20 * M), 0);
	/* Used up already. */
	put("/sys/fs/cgroup/a/b/memory.current", "99999999\n");
	assert_int_equal(check("memcpy", 4096), -ENOMEM);
	assert_non_null(strstr(why, " 0 are allowed"));
}

static void version_1_is_read_as_well(void **state)
{
	struct cgroup_memory m;

	(void)state;
	roomy("v1");
	put("/proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/abc\n0::/\n");
	/* In a container the group's own folder may not be there, but as the top. */
	put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
	assert_int_equal(cgroup_memory_left(&m), -ENOENT);
	put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "134217728\n");
	put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "67108864\n");
	put("/sys/fs/cgroup/memory/memory.stat",
	    "inactive_file 1\nactive_file 1\ntotal_inactive_file 33554432\n"
	    "total_active_file 16777216\n");
	assert_int_equal(cgroup_memory_left(&m), 0);
	assert_true(m.left == 112 * M);
	assert_int_equal(check("memcpy", 96 * M), -ENOMEM);
	assert_int_equal(check("memcpy", 40 * M), 0);
}

/* What each path needs: buffers of both sides, and what it has beside them. */
static void each_path_needs_its_own(void **state)
{
	static const struct {
		const char *path;
		uint32_t share;
		unsigned int sizes; /* times the size, all in all */
	} paths[] = {
		{ "memcpy", 0, 2 },	   { "mremap", 100, 3 },     { "cow-private", 0, 3 },
		{ "cow-private", 100, 4 }, { "cow-fork", 0, 4 },     { "cow-fork", 100, 4 },
		{ "engine", 0, 4 },	   { "memcpy-batch", 0, 2 }, { "uffd-move", 0, 3 },
		{ "process-vm", 0, 3 },	   { "shared", 0, 3 },	     { "splice", 0, 2 },
		{ "migrate", 0, 4 },
	};

	(void)state;
	roomy("paths");
	put("/proc/self/cgroup", "0::/\n");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct case_params p = { .size = 64 * M, .share = paths[i].share };
		unsigned long long need = paths[i].sizes * p.size;
		char text[32];

		snprintf(text, sizeof(text), "%llu\n", need / 100 * 105);
		put("/sys/fs/cgroup/memory.max", text);
		if (!check_case(paths[i].path, p))
			fail_msg("%s needs less than %u sizes", paths[i].path, paths[i].sizes);
		snprintf(text, sizeof(text), "%llu\n", need / 100 * 130);
		put("/sys/fs/cgroup/memory.max", text);
		if (check_case(paths[i].path, p))
			fail_msg("%s: %s", paths[i].path, why);
	}
}

static void pairs_and_large_pages_count(void **state)
{
	struct case_params p = { .size = 4 * M, .threads = 1, .queue = 2 };

	(void)state;
	roomy("pairs");
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/memory.max", "50331648\n");
	assert_int_equal(check_case("memcpy-mt", p), 0);
	p.threads = 8;
	assert_int_equal(check_case("memcpy-mt", p), -ENOMEM);
	/* A byte takes huge pages for itself and its guards on either side. */
	p = (struct case_params){ .size = 1, .pages = PAGES_THP };
	assert_int_equal(check_case("memcpy", p), 0);
	put("/sys/fs/cgroup/memory.max", "8388608\n");
	assert_int_equal(check_case("memcpy", p), -ENOMEM);
}

static void hugetlb_has_a_limit_of_its_own(void **state)
{
	struct case_params p = { .size = 16 * M, .pages = PAGES_2M };

	(void)state;
	roomy("hugetlb");
	put("/proc/self/cgroup", "0::/\n");
	put("/sys/fs/cgroup/memory.max", "20971520\n");
	put("/sys/fs/cgroup/hugetlb.2MB.max", "max\n");
	assert_int_equal(check_case("memcpy", p), 0);
	put("/sys/fs/cgroup/hugetlb.2MB.max", "33554432\n");
	assert_int_equal(check_case("memcpy", p), -ENOMEM);
	assert_non_null(strstr(why, "huge pages of 2M"));
	roomy("hugetlb-v1");
	put("/proc/self/cgroup", "7:hugetlb:/\n4:memory:/\n");
	put("/sys/fs/cgroup/hugetlb/hugetlb.2MB.limit_in_bytes", "67108864\n");
	put("/sys/fs/cgroup/hugetlb/hugetlb.2MB.usage_in_bytes", "0\n");
	assert_int_equal(check_case("memcpy", p), 0);
	put("/sys/fs/cgroup/hugetlb/hugetlb.2MB.usage_in_bytes", "41943040\n");
	assert_int_equal(check_case("memcpy", p), -ENOMEM);
}

static void limits_of_the_process_count(void **state)
{
	static const struct {
		int resource;
		const char *part;
	} limits[] = { { RLIMIT_AS, "ulimit -v" }, { RLIMIT_DATA, "ulimit -d" } };

	(void)state;
	roomy("limits");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const __rlimit_resource_t resource = (__rlimit_resource_t)limits[i].resource;
		struct rlimit had, limit;

		assert_int_equal(getrlimit(resource, &had), 0);
		limit = had;
		limit.rlim_cur = 4ull << 30;
		assert_int_equal(setrlimit(resource, &limit), 0);
		/* QEMU's user mode takes them for its own memory, and sets none. */
		assert_int_equal(getrlimit(resource, &limit), 0);
		if (limit.rlim_cur == had.rlim_cur)
			continue;
		assert_int_equal(check("memcpy", 3ull << 30), -ENOMEM);
		assert_non_null(strstr(why, limits[i].part));
		assert_int_equal(check("memcpy", 64 * M), 0);
		assert_int_equal(setrlimit(resource, &had), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_limits_the_machine_counts),
		cmocka_unit_test(both_directions_need_what_one_needs),
		cmocka_unit_test(the_tightest_group_counts_less_what_it_keeps),
		cmocka_unit_test(version_1_is_read_as_well),
		cmocka_unit_test(each_path_needs_its_own),
		cmocka_unit_test(pairs_and_large_pages_count),
		cmocka_unit_test(hugetlb_has_a_limit_of_its_own),
		cmocka_unit_test(limits_of_the_process_count),
	};

	return cmocka_run_group_tests(tests, fresh_folder, drop_folder);
}
