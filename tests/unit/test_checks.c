// SPDX-License-Identifier: GPL-2.0-only
/* Copies that are wrong on purpose go through the whole of a launch and none passes. */
#include "unit.h"

#include <string.h>

#include "machine/nodes.h"
#include "measure/measure.h"
#include "paths/checks/checks.h"
#include "paths/slowed_build.h"
#include "lacking.h"

static void measure_path(const struct copy_path *path, uint64_t size, uint64_t sample_ns,
			 struct launch_result *r)
{
	struct bench_case c = { .path = path, .params = { .size = size, .offset = 1 } };
	/* The budget is so large that time bounds nothing. */
	struct measure_config config = {
		.samples = 2, .sample_ns = sample_ns, .budget_ns = 60000000000ull, .seed = 3
	};

	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, r);
}

static void every_faulty_path_fails_its_verification(void **state)
{
	static const uint64_t sizes[] = { 2, 4097, 65536, 1 << 20 };
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < faulty_paths_count; i++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			/* 64 operations at 1M: every 100th is not among them. */
			if (sizes[s] > 65536 && strstr(faulty_paths[i]->name, "hundredth"))
				continue;
			measure_path(faulty_paths[i], sizes[s], 100000000, &r);
			if (r.status != LAUNCH_FAILED || strncmp(r.reason, "verification: ", 14))
				fail_msg("%s, %zu bytes: status %d, \"%s\"", faulty_paths[i]->name,
					 (size_t)sizes[s], r.status, r.reason);
		}
}

static void measure_used(const struct copy_path *path, uint64_t size, enum use_kind use,
			 uint64_t sample_ns, struct launch_result *r)
{
	struct bench_case c = { .path = path, .params = { .size = size, .use = use } };
	struct measure_config config = {
		.samples = 2, .sample_ns = sample_ns, .budget_ns = 60000000000ull, .seed = 3
	};

	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	c.params.offset = path->axes & AXIS_OFFSET ? 1 : 0;
	measure(&c, &config, r);
}

static void no_faulty_path_passes_where_the_cpu_uses_the_bytes(void **state)
{
	static const uint64_t sizes[] = { 2, 4097, 65536 };
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < faulty_paths_count; i++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			for (int use = USE_READ; use <= USE_WRITE_READ; use++) {
				measure_used(faulty_paths[i], sizes[s], (enum use_kind)use,
					     100000000, &r);
				if (r.status != LAUNCH_FAILED ||
				    strncmp(r.reason, "verification: ", 14))
					fail_msg("%s, %zu bytes, %s: status %d, \"%s\"",
						 faulty_paths[i]->name, (size_t)sizes[s],
						 use_names[use], r.status, r.reason);
			}
}

/* Other bytes each time: what was left out is seen where the CPU reads them, not only at the end. */
static void what_the_cpu_reads_tells_of_a_lazy_path(void **state)
{
	static struct launch_result r;

	(void)state;
	measure_used(check_find("check-second-not"), 65536, USE_WRITE_READ, 100000000, &r);
	assert_string_equal(r.reason,
			    "verification: after operation 2 in a row the CPU read wrong bytes");
	measure_used(check_find("check-hundredth-not"), 65536, USE_WRITE_READ, 100000000, &r);
	assert_non_null(strstr(r.reason, "in a row the CPU read wrong bytes"));
	measure_used(check_find("check-shifted"), 65536, USE_READ, 100000000, &r);
	assert_non_null(strstr(r.reason, "the CPU read wrong bytes"));
}

static bool not_here(const char *path, uint64_t size)
{
	const struct case_params p = { .size = size };

	return lacking(path_find(path), &p);
}

static void right_paths_pass_and_have_their_parts(void **state)
{
	static const char *const paths[] = { "memcpy",	    "nt",     "memcpy-mt", "memcpy-batch",
					     "cow-private", "mremap", "shared" };
	static const uint64_t sizes[] = { 4096, 65536, 1 << 20 };
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			for (int use = USE_READ; use <= USE_WRITE_READ; use++) {
				if (not_here(paths[i], sizes[s]))
					continue;
				measure_used(path_find(paths[i]), sizes[s], (enum use_kind)use,
					     1000000, &r);
				if (r.status != LAUNCH_OK)
					fail_msg("%s, %s: %s", paths[i], use_names[use], r.reason);
				assert_true(r.use.ops > 0 && r.use.operation > 0 && r.use.read > 0);
				assert_true(!r.use.write == (use == USE_READ));
			}
	measure_used(path_find("memcpy"), 4096, USE_NONE, 1000000, &r);
	assert_int_equal(r.use.ops, 0);
}

/* Each page of the destination is a fault: kernels give base pages one by one. */
static void fresh_pages_are_faulted_in_by_each_operation(void **state)
{
	static const char *const paths[] = { "memcpy", "movsb", "nt", "memcpy-mt", "process-vm" };
	struct measure_config config = {
		.samples = 2, .sample_ns = 1000000, .budget_ns = 60000000000ull, .seed = 3
	};
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct bench_case c = { .path = path_find(paths[i]),
					.params = { .size = 256 * 1024, .touch = TOUCH_FRESH } };

		if (not_here(paths[i], c.params.size))
			continue;
		c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
		measure(&c, &config, &r);
		if (r.status != LAUNCH_OK)
			fail_msg("%s: %s", paths[i], r.reason);
		assert_int_equal(r.ops_per_timing, 1);
		assert_true(r.fresh.ops > 0);
		assert_int_equal(r.fresh.pages, r.fresh.ops * (256 * 1024 / page_bytes(PAGES_4K)));
		/* A few others may be among them, of threads that only now come to run. */
		assert_in_range(r.fresh.faults, r.fresh.pages, r.fresh.pages + r.fresh.ops + 64);
		assert_false(r.have_cpu);
		/* And with the CPU's part. */
		if (path_find(paths[i])->unwritable)
			continue;
		c.params.use = USE_WRITE_READ;
		measure(&c, &config, &r);
		assert_int_equal(r.status, LAUNCH_OK);
		assert_true(r.use.ops > 0 && r.fresh.faults >= r.fresh.pages);
	}
}

static void no_faulty_path_passes_in_fresh_pages(void **state)
{
	struct measure_config config = {
		.samples = 2, .sample_ns = 10000000, .budget_ns = 60000000000ull, .seed = 3
	};
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < faulty_paths_count; i++) {
		struct bench_case c = { .path = faulty_paths[i],
					.params = { .size = 65536, .touch = TOUCH_FRESH } };

		c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
		measure(&c, &config, &r);
		if (r.status != LAUNCH_FAILED || strncmp(r.reason, "verification: ", 14))
			fail_msg("%s: status %d, \"%s\"", faulty_paths[i]->name, r.status,
				 r.reason);
	}
}

static void what_can_have_no_fresh_pages_is_skipped_with_the_reason(void **state)
{
	static const struct {
		const char *path, *why;
		uint64_t size;
		uint32_t offset, queue;
	} cases[] = {
		{ "registered", "pinned beforehand", 65536, 0, 0 },
		{ "batch", "pinned beforehand", 65536, 0, 0 },
		{ "coherent", "the driver's", 65536, 0, 0 },
		{ "engine", "the kernel's", 65536, 0, 0 },
		{ "gpu-staged", "pinned beforehand", 65536, 0, 0 },
		{ "cow-private", "only a copy", 65536, 0, 0 },
		{ "mremap", "only a copy", 65536, 0, 0 },
		{ "coherent-out", "only a copy", 65536, 0, 0 },
		{ "null", "only a copy", 65536, 0, 0 },
		{ "memcpy", "no whole page", 1024, 0, 0 },
		{ "memcpy", "no whole page", 4096, 1, 0 },
		{ "memcpy-mt", "--queue 1", 65536, 0, 64 },
	};
	char why[160];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct case_params p = { .size = cases[i].size,
					 .offset = cases[i].offset,
					 .queue = cases[i].queue,
					 .threads = cases[i].queue ? 2 : 0,
					 .touch = TOUCH_FRESH };

		assert_int_not_equal(path_takes(path_find(cases[i].path), &p, why, sizeof(why)), 0);
		if (!strstr(why, cases[i].why) || strncmp(why, "--touch fresh: ", 15))
			fail_msg("%s: %s", cases[i].path, why);
	}
}

static void what_means_nothing_is_skipped_with_the_reason(void **state)
{
	static const struct {
		const char *path, *why;
		enum use_kind use;
		struct case_params p;
	} cases[] = {
		{ "engine", "kernel's", USE_READ, { 0 } },
		{ "cow-fork", "another process's", USE_READ, { 0 } },
		{ "splice", "pipe", USE_WRITE_READ, { 0 } },
		{ "process-vm", "another process's", USE_WRITE_READ, { 0 } },
		{ "memory-read", "the CPU's part, and nothing else", USE_READ, { 0 } },
		{ "null", "moves nothing", USE_READ, { 0 } },
		{ "cow-private", "--share 0", USE_READ, { .share = 50 } },
		{ "memcpy-mt", "--queue 1", USE_READ, { .queue = 64, .threads = 2 } },
	};
	struct case_params crowded = { .size = 4096, .load = 10 };
	char why[160];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct case_params p = cases[i].p;

		p.size = 4096;
		assert_int_equal(path_takes(path_find(cases[i].path), &p, why, sizeof(why)), 0);
		p.use = cases[i].use;
		assert_int_not_equal(path_takes(path_find(cases[i].path), &p, why, sizeof(why)), 0);
		if (!strstr(why, cases[i].why) || strncmp(why, "--use ", 6))
			fail_msg("%s: %s", cases[i].path, why);
	}
	assert_int_equal(path_takes(path_find("memcpy"), &crowded, why, sizeof(why)), 0);
	assert_int_not_equal(path_takes(path_find("memcpy-mt"), &crowded, why, sizeof(why)), 0);
	assert_non_null(strstr(why, "--load: "));
	/* It reads from another process: that can be used. */
	assert_int_equal(path_takes(path_find("process-vm"),
				    &(struct case_params){ .size = 1, .use = USE_READ }, why,
				    sizeof(why)),
			 0);
}

static void a_lazy_path_is_told_by_single_operations(void **state)
{
	static struct launch_result r;

	(void)state;
	measure_path(check_find("check-second-not"), 65536, 100000000, &r);
	assert_string_equal(r.reason, "verification: the destination is wrong at byte 0 of 65536");
	measure_path(check_find("check-hundredth-not"), 65536, 100000000, &r);
	assert_non_null(strstr(r.reason, "in a row left byte 0 of 65536 as it was"));
}

static void right_paths_are_verified_one_by_one(void **state)
{
	static struct launch_result r;

	(void)state;
	measure_path(path_find("memcpy"), 4096, 1000000, &r);
	assert_int_equal(r.status, LAUNCH_OK);
	assert_int_equal(r.verified_whole, 16);
	assert_int_equal(r.verified_spots, 256);
	measure_path(path_find("memcpy"), 8 << 20, 100000000, &r);
	assert_int_equal(r.status, LAUNCH_OK);
	assert_int_equal(r.verified_whole, 2);
	assert_int_equal(r.verified_spots, 8);
}

/* Memory of its own is only seen by a pull: there are no spots. */
static void snapshots_and_moves_are_verified_one_by_one(void **state)
{
	static const char *const paths[] = { "cow-private", "cow-fork", "mremap" };
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		if (not_here(paths[i], 65536))
			continue;
		measure_path(path_find(paths[i]), 65536, 100000000, &r);
		assert_int_equal(r.status, LAUNCH_OK);
		assert_int_equal(r.verified_whole, 16);
		assert_int_equal(r.verified_spots, 0);
	}
}

static void an_operation_that_fills_a_sample_is_verified_there(void **state)
{
	static struct launch_result r;

	(void)state;
	measure_path(path_find("memcpy"), 65536, 0, &r);
	assert_int_equal(r.status, LAUNCH_OK);
	if (r.ops_per_timing == 1)
		assert_int_equal(r.verified_whole, 0);
}

static void a_batch_holds_whole_periods(void **state)
{
	struct bench_case c = { .path = &path_slowed_little, .params = { .size = 65536 } };
	struct measure_config config = {
		.samples = 1, .budget_ns = 1000000, .min_batch = SLOWED_BATCH, .seed = 3
	};
	static struct launch_result r;

	(void)state;
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, &r);
	assert_int_equal(r.status, LAUNCH_OK);
	assert_int_equal(r.ops_per_timing % SLOWED_BATCH, 0);
	assert_int_equal(SLOWED_BATCH % SLOWED_LITTLE_PERIOD, 0);
	assert_int_equal(SLOWED_BATCH % SLOWED_MUCH_PERIOD, 0);
}

static void a_slowed_build_does_its_share_and_this_one_none(void **state)
{
	static const unsigned int percents[] = { 0, 5, 10, 50, 100 };

	(void)state;
	assert_int_equal(DMABENCH_SLOWED, 0);
	for (size_t size = 1; size < 20000; size += size < 300 ? 1 : 977)
		for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
			struct slowed_part part = slowed_part(size, percents[i]);

			assert_int_equal(part.len, size * percents[i] / 100);
			assert_in_range(size - part.len - part.from, part.from, part.from + 1);
		}
}

static void checking_paths_are_in_no_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < faulty_paths_count; i++) {
		assert_null(path_find(faulty_paths[i]->name));
		assert_ptr_equal(check_find(faulty_paths[i]->name), faulty_paths[i]);
	}
	assert_null(path_find("check-slowed-6"));
	assert_non_null(check_find("check-slowed-6"));
	assert_null(check_find("memcpy"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_faulty_path_fails_its_verification),
		cmocka_unit_test(no_faulty_path_passes_where_the_cpu_uses_the_bytes),
		cmocka_unit_test(what_the_cpu_reads_tells_of_a_lazy_path),
		cmocka_unit_test(right_paths_pass_and_have_their_parts),
		cmocka_unit_test(fresh_pages_are_faulted_in_by_each_operation),
		cmocka_unit_test(no_faulty_path_passes_in_fresh_pages),
		cmocka_unit_test(what_can_have_no_fresh_pages_is_skipped_with_the_reason),
		cmocka_unit_test(what_means_nothing_is_skipped_with_the_reason),
		cmocka_unit_test(a_lazy_path_is_told_by_single_operations),
		cmocka_unit_test(right_paths_are_verified_one_by_one),
		cmocka_unit_test(snapshots_and_moves_are_verified_one_by_one),
		cmocka_unit_test(an_operation_that_fills_a_sample_is_verified_there),
		cmocka_unit_test(a_batch_holds_whole_periods),
		cmocka_unit_test(a_slowed_build_does_its_share_and_this_one_none),
		cmocka_unit_test(checking_paths_are_in_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
