// SPDX-License-Identifier: GPL-2.0-only
/* The neighbour works while it is asked to, and what a launch says of it. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "machine/clock.h"
#include "machine/nodes.h"
#include "measure/co_runner.h"
#include "measure/measure.h"
#include "paths/path.h"
#include "lacking.h"

static int cpus[MAX_CPUS], others[MAX_CPUS];

/* Until it has gone through that many more bytes: no time is asserted. */
static void wait_for(const struct co_runner *v, double bytes)
{
	double from = co_runner_bytes(v);

	while (co_runner_bytes(v) < from + bytes)
		sleep_ns(100000);
}

static void a_neighbour_works_while_it_is_asked_to(void **state)
{
	struct co_runner *v;
	double bytes;
	char why[96];

	(void)state;
	node_cpus(-1, cpus);
	v = co_runner_start(cpus[0], why, sizeof(why));
	assert_non_null(v);
	assert_true(co_runner_bytes(v) == 0);
	for (int kind = 0; kind < CO_RUNNER_KINDS; kind++) {
		co_runner_work(v, (enum co_runner_kind)kind);
		wait_for(v, 1 << 20);
	}
	co_runner_rest(v);
	/* On a busy machine it may have no turn for a while, asleep or not: a long while. */
	for (int tries = 0, same = 0; same < 20; tries++) {
		bytes = co_runner_bytes(v);
		sleep_ns(20000000);
		same = co_runner_bytes(v) == bytes ? same + 1 : 0;
		assert_true(tries < 500);
	}
	co_runner_stop(v);
}

/* At a pace it works on, and not at all once it rests. */
static void a_paced_neighbour_works_too(void **state)
{
	struct co_runner *v;
	char why[96];

	(void)state;
	node_cpus(-1, cpus);
	v = co_runner_start(cpus[0], why, sizeof(why));
	assert_non_null(v);
	co_runner_pace(v, 1);
	co_runner_work(v, CO_RUNNER_BANDWIDTH);
	wait_for(v, 4 << 20);
	co_runner_stop(v);
}

/* Under load a launch says what others got; and where there is nobody, why there is none. */
static void others_at_work_are_told_of(void **state)
{
	struct bench_case c = { .path = path_find("memcpy"),
				.params = { .size = 65536, .load = 50 } };
	struct measure_config config = {
		.samples = 3, .sample_ns = 20000000, .budget_ns = 1000000000, .seed = 3
	};
	static struct launch_result r;

	(void)state;
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, &r);
	if (node_cpus(c.params.cpu_node, cpus) < 2) {
		assert_int_equal(r.status, LAUNCH_SKIPPED);
		assert_non_null(strstr(r.reason, "no other usable CPU"));
		return;
	}
	if (r.status != LAUNCH_OK)
		fail_msg("%s", r.reason);
	assert_true(r.load_cpus > 0 && r.load.ns > 0);
	c.params.load = 0;
	measure(&c, &config, &r);
	assert_int_equal(r.status, LAUNCH_OK);
	assert_true(!r.load.ns && !r.load_cpus);
}

static void it_is_another_cpu_or_none(void **state)
{
	unsigned int n = node_cpus(-1, cpus);
	bool sibling;

	(void)state;
	assert_int_equal(co_runner_cpu(cpus, 1, &sibling), -1);
	assert_int_equal(co_runner_cpus(cpus, 1, others, MAX_CPUS), 0);
	for (unsigned int i = co_runner_cpus(cpus, n, others, MAX_CPUS); i--;)
		assert_int_not_equal(others[i], cpus[0]);
	assert_int_equal(co_runner_cpus(cpus, n, others, 1), n > 1);
	if (n > 1) {
		int cpu = co_runner_cpu(cpus, n, &sibling);

		assert_true(cpu >= 0 && cpu != cpus[0]);
	}
}

static void working_sets_fit_their_purpose(void **state)
{
	(void)state;
	node_cpus(-1, cpus);
	assert_true(co_runner_working_set(CO_RUNNER_CACHE, cpus[0]) >= 65536);
	assert_true(co_runner_working_set(CO_RUNNER_BANDWIDTH, cpus[0]) >
		    co_runner_working_set(CO_RUNNER_CACHE, cpus[0]));
	/* No such CPU: nothing is told of its caches, and the guess is used. */
	assert_int_equal(co_runner_working_set(CO_RUNNER_CACHE, 99999), 4 << 20);
	assert_int_equal(co_runner_working_set(CO_RUNNER_BANDWIDTH, 99999), 32 << 20);
}

static void measure_path_beside(const struct copy_path *path, enum cache_state cache, uint64_t ns,
				struct launch_result *r)
{
	struct bench_case c = { .path = path, .params = { .size = 65536, .cache = cache } };
	struct measure_config config = {
		.samples = 1, .budget_ns = 1000000, .neighbour_ns = ns, .seed = 3
	};

	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, r);
	assert_int_equal(r->status, LAUNCH_OK);
}

static void measure_beside(const char *path, enum cache_state cache, uint64_t ns,
			   struct launch_result *r)
{
	measure_path_beside(path_find(path), cache, ns, r);
}

static unsigned int setups;

static int set_up_once(struct copy_ctx *ctx)
{
	if (!setups++)
		return 0;
	strcpy(ctx->reason, "limit of processes (ulimit -u)");
	return -EAGAIN;
}

/* What was measured stays; only that figure is missing. */
static void a_path_that_has_no_room_beside_it_keeps_its_figures(void **state)
{
	struct copy_path path = *path_find("null");
	static struct launch_result r;

	(void)state;
	if (node_cpus(node_here(), cpus) < 2)
		skip();
	path.setup = set_up_once;
	measure_path_beside(&path, CACHE_HOT, 1000000, &r);
	assert_int_equal(r.samples, 1);
	if (setups == 1) /* a quota, or no memory for the neighbour */
		skip();
	assert_false(r.have_neighbour);
	assert_string_equal(r.no_neighbour_reason,
			    "setting up beside a neighbour: limit of processes (ulimit -u)");
}

static void every_kind_of_path_has_a_neighbour(void **state)
{
	static const char *const paths[] = { "memcpy", "cow-private", "cow-fork", "mremap",
					     "null" };
	static struct launch_result r;

	(void)state;
	if (node_cpus(node_here(), cpus) < 2)
		skip();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct case_params p = { .size = 65536 };

		if (lacking(path_find(paths[i]), &p))
			continue;
		measure_beside(paths[i], CACHE_HOT, 30000000, &r);
		/* On a busy machine the neighbour may not have run in its window. */
		if (!r.have_neighbour) {
			assert_string_equal(r.no_neighbour_reason, "the neighbour had no turn");
			continue;
		}
		for (int kind = 0; kind < CO_RUNNER_KINDS; kind++) {
			assert_true(r.neighbour.before[kind] > 0);
			assert_true(r.neighbour.with[kind] > 0);
			assert_true(r.neighbour.after[kind] > 0);
			assert_true(r.neighbour.path_with[kind] > 0);
		}
		assert_true(r.neighbour.path_alone > 0);
		assert_int_not_equal(r.neighbour.cpu, r.cpu);
		assert_false(r.neighbour.shares_cpu);
	}
	measure_beside("memcpy-mt", CACHE_HOT, 1000000, &r);
	assert_true(r.neighbour.shares_cpu);
}

static void where_there_is_no_figure_there_is_a_reason(void **state)
{
	static struct launch_result r;

	(void)state;
	measure_beside("memcpy", CACHE_HOT, 0, &r);
	assert_false(r.have_neighbour);
	assert_string_equal(r.no_neighbour_reason, "not measured in this run");
	measure_beside("memcpy", CACHE_COLD, 1000000, &r);
	assert_false(r.have_neighbour);
	assert_non_null(strstr(r.no_neighbour_reason, "emptying the caches"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_neighbour_works_while_it_is_asked_to),
		cmocka_unit_test(a_paced_neighbour_works_too),
		cmocka_unit_test(others_at_work_are_told_of),
		cmocka_unit_test(it_is_another_cpu_or_none),
		cmocka_unit_test(working_sets_fit_their_purpose),
		cmocka_unit_test(every_kind_of_path_has_a_neighbour),
		cmocka_unit_test(a_path_that_has_no_room_beside_it_keeps_its_figures),
		cmocka_unit_test(where_there_is_no_figure_there_is_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
