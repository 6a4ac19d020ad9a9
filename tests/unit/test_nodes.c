// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes of a machine that few have: numbers with holes, memory without CPUs (node 2), CPUs
 * without memory (node 5), a node that this process may not use at all (node 7). Which CPUs
 * may be used is real: the first of them is put on node 5, the others on node 0.
 */
#include "fake_nodes.h"

#include <errno.h>
#include <sched.h>

#include "memory/region.h"
#include "plan/numa_matrix.h"
#include "text/ranges.h"

static char status_file[80];

static void take(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(remove(path), 0);
}

static int first_allowed(void)
{
	cpu_set_t set[MAX_CPUS / CPU_SETSIZE];

	assert_int_equal(sched_getaffinity(0, sizeof(set), set), 0);
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (CPU_ISSET_S((size_t)cpu, sizeof(set), set))
			return cpu;
	fail();
	return -1;
}

static int make_machine(void **state)
{
	char cpu[16];

	(void)state;
	if (fresh_nodes())
		return -1;
	snprintf(cpu, sizeof(cpu), "%d", first_allowed());
	snprintf(status_file, sizeof(status_file), "%s/status", folder);
	put("status", "Name:\tx\nMems_allowed_list:\t0-6");
	put("online", "0,2,5,7");
	put("has_memory", "0,2,7");
	put("node0/cpulist", "0-7999");
	put("node2/cpulist", "");
	put("node5/cpulist", cpu);
	put("node7/cpulist", "8000-8191");
	put("node0/distance", "10 17 21 31");
	put("node2/distance", "17 10 16 31");
	put("node5/distance", "21 16 10 31");
	put("node7/distance", "31 31 31 10");
	put("node0/meminfo",
	    "Node 0 MemTotal: 2048 kB\nNode 0 MemFree: 1000 kB\nNode 0 Active(file): 30 kB\n"
	    "Node 0 Inactive(file): 10 kB");
	nodes_use(folder, status_file);
	return 0;
}

static void lists_of_the_kernel_are_read(void **state)
{
	static const char *const bad[] = { "1,", ",1", "a", "3-1", "1-", "-1", "1 2", "1--2" };
	bool set[8];

	(void)state;
	assert_int_equal(ranges_parse("0-2,5,7-4096", set, 8), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(set[i], i <= 2 || i == 5 || i == 7);
	assert_int_equal(ranges_parse("", set, 8), 0);
	for (int i = 0; i < 8; i++)
		assert_false(set[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(ranges_parse(bad[i], set, 8), -EINVAL);
		assert_false(set[1]);
	}
}

static void numbers_have_holes(void **state)
{
	(void)state;
	assert_true(node_exists(0) && node_exists(2) && node_exists(5) && node_exists(7));
	assert_false(node_exists(1) || node_exists(6) || node_exists(8) || node_exists(-1));
	assert_false(node_exists(MAX_NODES));
	assert_int_equal(node_last(), 7);
	/* Distances stand in the order of the nodes that are there, not of all numbers. */
	assert_int_equal(node_distance(0, 2), 17);
	assert_int_equal(node_distance(2, 5), 16);
	assert_int_equal(node_distance(5, 7), 31);
	assert_int_equal(node_distance(7, 7), 10);
	assert_int_equal(node_distance(0, 1), 0);
}

static void each_node_says_what_it_lacks(void **state)
{
	static int cpus[MAX_CPUS];
	char why[128];

	(void)state;
	assert_int_equal(node_check_cpu(5, why, sizeof(why)), 0);
	assert_int_equal(node_cpus(5, cpus), 1);
	assert_int_equal(cpus[0], first_allowed());
	assert_int_equal(node_here(), 5);
	assert_int_equal(node_check_cpu(2, why, sizeof(why)), -ENODATA);
	assert_non_null(strstr(why, "node 2 has no CPUs"));
	assert_int_equal(node_cpus(2, cpus), 0);
	assert_int_equal(node_check_cpu(7, why, sizeof(why)), -ENODATA);
	assert_non_null(strstr(why, "may use no CPU of node 7"));
	assert_int_equal(node_check_memory(0, why, sizeof(why)), 0);
	assert_int_equal(node_check_memory(2, why, sizeof(why)), 0);
	assert_int_equal(node_check_memory(5, why, sizeof(why)), -ENODATA);
	assert_non_null(strstr(why, "node 5 has no memory"));
	assert_int_equal(node_check_memory(7, why, sizeof(why)), -ENODATA);
	assert_non_null(strstr(why, "may use no memory of node 7"));
}

static void memory_is_taken_from_the_nearest_node(void **state)
{
	unsigned long long bytes;

	(void)state;
	assert_int_equal(node_memory_near(0), 0);
	assert_int_equal(node_memory_near(2), 2);
	assert_int_equal(node_memory_near(5), 2);
	assert_int_equal(node_bytes(0, &bytes), 0);
	assert_int_equal(bytes, 2048 << 10);
	/* No numbers of a machine's. */
	put("node2/meminfo", "Node 2 MemTotal:       -5 kB");
	assert_int_equal(node_bytes(2, &bytes), -ENOENT);
	put("node2/meminfo", "Node 2 MemTotal:       99999999999999999999 kB");
	assert_int_equal(node_bytes(2, &bytes), -ENOENT);
	take("node2/meminfo");
	/* Not a node without memory: one whose memory can't be seen. */
	assert_int_equal(node_bytes(2, &bytes), -ENOENT);
	assert_int_equal(node_bytes(9, &bytes), -ENOENT);
}

static void memory_of_one_node_needs_no_look(void **state)
{
	(void)state;
	assert_int_equal(node_only(), -1);
	put("has_memory", "2");
	nodes_use(folder, status_file);
	assert_int_equal(node_only(), 2);
	/* Which nodes have memory can't be seen: any that is there may. */
	take("has_memory");
	nodes_use(folder, status_file);
	assert_int_equal(node_only(), -1);
	assert_int_equal(node_check_memory(0, (char[128]){ 0 }, 128), 0);
	put("has_memory", "0,2,7");
	nodes_use(folder, status_file);
}

static void a_node_that_gives_no_figures_is_not_empty(void **state)
{
	unsigned long long bytes;

	(void)state;
	assert_int_equal(node_available(0, &bytes), 0);
	assert_int_equal(bytes, 1020 << 10);
	assert_int_equal(node_available(2, &bytes), -ENOENT);
}

/* No kernel has node 1000: that it isn't given is told, and another doesn't stand in. */
static void memory_that_can_not_be_bound_has_a_reason(void **state)
{
	struct region r;
	char why[160];

	(void)state;
	put("online", "0,2,5,7,1000");
	put("has_memory", "0,2,7,1000");
	nodes_use(folder, status_file);
	assert_int_equal(region_create(&r, 65536, 0, PAGES_4K, 1000, why, sizeof(why)), -ENODATA);
	assert_non_null(strstr(why, "node 1000: mbind: "));
	put("online", "0,2,5,7");
	put("has_memory", "0,2,7");
	nodes_use(folder, status_file);
}

static void the_matrix_is_cpus_by_memory_by_memory(void **state)
{
	struct axes axes = { .numa_matrix = true };
	size_t last;

	(void)state;
	assert_int_equal(numa_matrix_axes(&axes), 0);
	/* Node 0 has usable CPUs unless this process may use one only. */
	assert_in_range(axes.cpu_node.n, 1, 2);
	last = axes.cpu_node.n - 1;
	assert_int_equal(axes.cpu_node.v[last], 5);
	assert_int_equal(axes.src_node.n, 2);
	assert_int_equal(axes.src_node.v[0], 0);
	assert_int_equal(axes.src_node.v[1], 2);
	assert_memory_equal(&axes.src_node, &axes.dst_node, sizeof(axes.src_node));

	memset(&axes, 0, sizeof(axes));
	axes.dst_node = (struct numbers){ { 0 }, 1 };
	assert_int_equal(numa_matrix_axes(&axes), -EEXIST);
}

/* The local case of a matrix may be in an earlier group: measured once, not an error. */
static void a_matrix_shares_cases_with_earlier_groups(void **state)
{
	struct axes axes = { .npaths = 1, .size = { { 4096 }, 1 } };
	struct plan plan = { 0 };
	char twice[512];

	(void)state;
	axes.paths[0] = path_find("memcpy");
	axes_defaults(&axes);
	axes.cpu_node = (struct numbers){ { 5 }, 1 };
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), 0);
	axes.numa_matrix = true;
	axes.src_node = axes.dst_node = (struct numbers){ { 0, 2 }, 2 };
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), 0);
	assert_int_equal(plan.n, 4);
	/* Within one group it is a mistake as ever. */
	axes.npaths = 2;
	axes.paths[1] = axes.paths[0];
	axes.size = (struct numbers){ { 8192 }, 1 };
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), -EEXIST);
	plan_free(&plan);
}

static void every_node_with_engines_gives_one(void **state)
{
	static const struct dmabench_engine_info engines[] = {
		{ .name = "dma0chan0", .driver = "ioatdma", .node = 0 },
		{ .name = "dma0chan1", .driver = "ioatdma", .node = 0 },
		{ .name = "dma1chan0", .driver = "ioatdma", .node = 2 },
		{ .name = "dma2chan0", .driver = "dmabench_sim", .node = -1 },
		{ .name = "dma2chan1", .driver = "dmabench_sim", .node = -1 },
	};
	struct labels list = { .n = 0 };

	(void)state;
	engines_choose(engines, 5, false, &list);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.v[0], "ioatdma");
	assert_string_equal(list.v[1], "dmabench_sim");
	list.n = 0;
	engines_choose(engines, 5, true, &list);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.v[0], "dma0chan0");
	assert_string_equal(list.v[1], "dma1chan0");
	assert_string_equal(list.v[2], "dmabench_sim");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_the_kernel_are_read),
		cmocka_unit_test(numbers_have_holes),
		cmocka_unit_test(each_node_says_what_it_lacks),
		cmocka_unit_test(memory_is_taken_from_the_nearest_node),
		cmocka_unit_test(memory_of_one_node_needs_no_look),
		cmocka_unit_test(a_node_that_gives_no_figures_is_not_empty),
		cmocka_unit_test(memory_that_can_not_be_bound_has_a_reason),
		cmocka_unit_test(the_matrix_is_cpus_by_memory_by_memory),
		cmocka_unit_test(a_matrix_shares_cases_with_earlier_groups),
		cmocka_unit_test(every_node_with_engines_gives_one),
	};

	return cmocka_run_group_tests(tests, make_machine, drop_nodes);
}
