// SPDX-License-Identifier: GPL-2.0-only
/* Rates beside what they can't be above: results made up so that the answers are known. */
#include "fake_machine.h"

#include <math.h>

#include "machine/caches.h"
#include "result/bounds.h"

#define M (1024.0 * 1024)
#define CACHES (32ull << 20)

/* A copy of so many GB/s, whose interval is as wide as that share each way. */
static json_t *add(json_t *cases, const char *path, double size, double rate, double wide,
		   int threads)
{
	double ns = size / rate;
	json_t *c = json_pack(
		"{s:o,s:s,s:s,s:s,s:s,s:n,s:{s:f,s:i,s:i,s:i},s:{s:f,s:[f,f]},s:[{s:{s:f}},"
		"{s:{s:f}}]}",
		"id", json_sprintf("%s:%g", path, size / M), "env", "host", "path", path, "class",
		"copy", "status", "ok", "engine", "params", "size", size, "cpu_node", 0, "src_node",
		0, "dst_node", 0, "throughput", "value", rate * 1e9, "ci95",
		rate * 1e9 * (1 - wide), rate * 1e9 * (1 + wide), "launches", "ns_per_op", "min",
		ns * 1.1, "ns_per_op", "min", ns);

	if (threads >= 0)
		json_object_set_new(json_object_get(c, "params"), "threads", json_integer(threads));
	json_array_append_new(cases, c);
	return c;
}

static double bound_of(const json_t *c, const char *field)
{
	return json_number_value(
		json_object_get(json_array_get(json_object_get(c, "bounds"), 0), field));
}

static bool broken(const json_t *c)
{
	char why[256] = "";
	bool is = bounds_broken(c, why, sizeof(why));

	assert_true(is == !!strstr(why, "an error of the harness: "));
	return is;
}

static void memory_bounds_what_lies_beyond_the_caches(void **state)
{
	json_t *cases = json_array();
	json_t *small = add(cases, "memcpy", 16 * M, 90, 0.01, -1);
	json_t *large = add(cases, "memcpy", 64 * M, 9, 0.01, -1);
	json_t *larger = add(cases, "nt", 256 * M, 11, 0.01, -1);

	(void)state;
	add(cases, "memcpy-mt", 16 * M, 100, 0.01, 0); /* in a cache */
	add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	add(cases, "memcpy-mt", 256 * M, 15, 0.01, 0);
	add(cases, "memcpy-mt", 64 * M, 40, 0.01, 1); /* one thread isn't all */
	bounds_add(cases, CACHES);
	assert_null(json_object_get(small, "bounds"));
	assert_true(fabs(bound_of(large, "value") - 12e9) < 1e3);
	assert_true(fabs(bound_of(large, "share") - 0.75) < 1e-6);
	/* The fastest at this size or less. */
	assert_true(fabs(bound_of(larger, "value") - 15e9) < 1e3);
	assert_false(broken(large) || broken(larger) || broken(small));
	json_decref(cases);
}

static void other_nodes_and_other_work_are_no_bound(void **state)
{
	json_t *cases = json_array(), *c = add(cases, "memcpy", 64 * M, 9, 0.01, -1), *other;

	(void)state;
	other = add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	json_object_set_new(json_object_get(other, "params"), "dst_node", json_integer(1));
	other = add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	json_object_set_new(json_object_get(other, "params"), "use", json_string("read"));
	other = add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	json_object_set_new(json_object_get(other, "params"), "queue", json_integer(64));
	other = add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	json_object_set_new(other, "status", json_string("failed"));
	bounds_add(cases, CACHES);
	assert_null(json_object_get(c, "bounds"));
	add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	/* No cache is told of: nothing is known to lie beyond it. */
	bounds_add(cases, 0);
	assert_null(json_object_get(c, "bounds"));
	bounds_add(cases, CACHES);
	assert_non_null(json_object_get(c, "bounds"));
	json_decref(cases);
}

/* On one node it is the same memory; between two there may be a way for each direction. */
static void both_directions_are_no_bound_and_have_that_of_one_node(void **state)
{
	json_t *cases = json_array(), *both = add(cases, "memcpy-mt", 64 * M, 14, 0.01, 0), *remote;

	(void)state;
	json_object_set_new(json_object_get(both, "params"), "direction", json_string("both"));
	bounds_add(cases, CACHES);
	assert_null(json_object_get(both, "bounds"));
	add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
	remote = add(cases, "memcpy-mt", 64 * M, 14, 0.01, 0);
	json_object_set_new(json_object_get(remote, "params"), "direction", json_string("both"));
	json_object_set_new(json_object_get(remote, "params"), "dst_node", json_integer(1));
	json_object_set_new(json_object_get(add(cases, "memcpy-mt", 64 * M, 6, 0.01, 0), "params"),
			    "dst_node", json_integer(1));
	bounds_add(cases, CACHES);
	assert_true(fabs(bound_of(both, "value") - 12e9) < 1e3);
	assert_null(json_object_get(remote, "bounds"));
	json_decref(cases);
}

static void above_twice_the_bound_is_an_error_and_noise_is_none(void **state)
{
	static const struct {
		double rate, wide;
		bool broken;
	} rates[] = {
		{ 13, 0.01, false },  /* above it, as a measured bound may be */
		{ 23, 0.01, false },  /* nearly twice */
		{ 30, 0.5, false },   /* an interval that reaches down */
		{ 24.5, 0.01, true }, /* all of it above twice */
		{ 1000, 0.2, true },  /* operations that weren't made */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		json_t *cases = json_array();
		json_t *c = add(cases, "memcpy", 64 * M, rates[i].rate, rates[i].wide, -1);

		add(cases, "memcpy-mt", 64 * M, 12, 0.01, 0);
		bounds_add(cases, CACHES);
		assert_int_equal(broken(c), rates[i].broken);
		/* One launch has no interval. */
		json_object_set_new(json_object_get(c, "throughput"), "ci95", json_null());
		assert_false(broken(c));
		json_decref(cases);
	}
}

/* Generation 4, 16 lanes: 31.5 GB/s each way, whatever it idles at. */
static void a_link_bounds_hardware_behind_it(void **state)
{
	json_t *cases = json_array(), *c, *emulated, *fabric;

	(void)state;
	machine("linked");
	put("/sys/bus/pci/devices/0000:3b:00.0/max_link_speed", "16.0 GT/s PCIe\n");
	put("/sys/bus/pci/devices/0000:3b:00.0/max_link_width", "16\n");
	put("/sys/bus/pci/devices/0000:3b:00.0/current_link_speed", "2.5 GT/s PCIe\n");
	put("/sys/bus/pci/devices/0000:3b:00.0/current_link_width", "16\n");
	put("/sys/bus/pci/devices/0000:00:01.0/max_link_speed", "Unknown\n");
	put("/sys/bus/pci/devices/0000:00:01.0/max_link_width", "0\n");
	c = add(cases, "gpu-staged", 1 * M, 20, 0.01, -1);
	json_object_set_new(c, "engine",
			    json_pack("{s:s,s:s}", "kind", "hardware", "device", "0000:3b:00.0"));
	emulated = add(cases, "pinned", 1 * M, 20, 0.01, -1);
	json_object_set_new(emulated, "engine",
			    json_pack("{s:s,s:s}", "kind", "emulated", "device", "0000:3b:00.0"));
	fabric = add(cases, "pinned", 1 * M, 20, 0.01, -1);
	json_object_set_new(fabric, "engine",
			    json_pack("{s:s,s:s}", "kind", "hardware", "device", "0000:00:01.0"));
	bounds_add(cases, CACHES);
	assert_true(fabs(bound_of(c, "value") / 31.508e9 - 1) < 1e-3);
	assert_true(fabs(bound_of(c, "share") - 20 / 31.508) < 1e-3);
	assert_null(json_object_get(emulated, "bounds"));
	assert_null(json_object_get(fabric, "bounds"));
	assert_false(broken(c));
	json_decref(cases);
}

/* Two pairs of CPUs, a cache of 16M each; who says nothing has none. */
static void caches_are_counted_once(void **state)
{
	static const char *const lists[] = { "0-1\n", "0-1\n", "2-3\n", "2-3\n" };
	unsigned int sharers;
	char path[128];

	(void)state;
	machine("bare");
	assert_int_equal(caches_last_of_all(), 0);
	assert_int_equal(caches_last(0, &sharers), 0);
	machine("cached");
	for (int cpu = 0; cpu < 4; cpu++) {
		snprintf(path, sizeof(path), CPU "cpu%d/cache/index0/size", cpu);
		put(path, "32K\n");
		snprintf(path, sizeof(path), CPU "cpu%d/cache/index0/type", cpu);
		put(path, "Data\n");
		snprintf(path, sizeof(path), CPU "cpu%d/cache/index1/size", cpu);
		put(path, "16384K\n");
		snprintf(path, sizeof(path), CPU "cpu%d/cache/index1/type", cpu);
		put(path, "Unified\n");
		snprintf(path, sizeof(path), CPU "cpu%d/cache/index1/shared_cpu_list", cpu);
		put(path, lists[cpu]);
	}
	assert_int_equal(caches_last(3, &sharers), 16 << 20);
	assert_int_equal(sharers, 2);
	assert_int_equal(caches_last_of_all(), 32 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_bounds_what_lies_beyond_the_caches),
		cmocka_unit_test(other_nodes_and_other_work_are_no_bound),
		cmocka_unit_test(both_directions_are_no_bound_and_have_that_of_one_node),
		cmocka_unit_test(above_twice_the_bound_is_an_error_and_noise_is_none),
		cmocka_unit_test(a_link_bounds_hardware_behind_it),
		cmocka_unit_test(caches_are_counted_once),
	};

	return cmocka_run_group_tests(tests, fresh_folder, drop_folder);
}
