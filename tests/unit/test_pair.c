// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of single launches put together again come to what one run of all these launches
 * would have written, figure by figure.
 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pair/read_launch.h"
#include "result/result.h"
#include "statistics/rng.h"

#define LAUNCHES 7

static struct run_options options;

static double noisy(double value, uint64_t *rng)
{
	return value * (1 + 0.1 * (double)rng_below(rng, 1000) / 1000);
}

/* A launch with every figure there is. */
static void make_launch(struct launch_result *l, uint64_t seed)
{
	uint64_t rng = seed;

	memset(l, 0, sizeof(*l));
	l->samples = 5;
	for (unsigned int i = 0; i < l->samples; i++)
		l->sample_ns_per_op[i] = noisy(1000, &rng);
	l->ops = 500 + seed;
	l->ops_per_timing = 1 + seed % 3;
	l->clock = (struct clock_info){ .cost_ns = 20, .resolution_ns = 1 };
	l->window_ns = 1000;
	l->verified_bytes = 4096 * seed;
	l->verified_whole = 16;
	l->verified_spots = 100 + seed;
	l->have_cpu = true;
	l->cpu_caller = noisy(0.5, &rng);
	l->cpu_machine = noisy(0.7, &rng);
	l->cpu_left = 0.4;
	l->stages = (struct stage_sums){ .ops = l->ops,
					 .total = 900 * l->ops,
					 .map = 100 * l->ops,
					 .submit = 30 * l->ops + seed,
					 .wait = 700 * l->ops,
					 .descriptors = 2 * l->ops };
	for (int i = 0; i < 2000; i++) {
		hist_record(&l->latency, noisy(1000, &rng), 1);
		hist_record(&l->descriptor_latency, noisy(400, &rng), 1);
	}
	l->descriptors = (struct descriptor_sums){ .ops = 1005,
						   .descriptors = 2010,
						   .unrecorded = 10,
						   .busy_ns = 2000 * 420,
						   .total_ns = 2000 * 300 };
	l->events.launches = 1;
	l->events.ops = 100 + seed;
	for (int i = 0; i < EVENTS; i++)
		l->events.of[i] = (struct event_count){ .have = true,
							.count = noisy(1e6, &rng),
							.running = 1.0 - 0.01 * (double)seed };
	strcpy(l->events.of[EVENT_CYCLES].reason, "no PMU");
	l->events.of[EVENT_CYCLES].have = false;
	l->have_neighbour = true;
	l->neighbour.path_alone = 1000;
	for (int k = 0; k < CO_RUNNER_KINDS; k++) {
		l->neighbour.before[k] = 10;
		l->neighbour.with[k] = noisy(8, &rng);
		l->neighbour.after[k] = 10.1;
		l->neighbour.path_with[k] = 1100;
		l->neighbour.working_set[k] = 1 << 20;
	}
	l->neighbour.cpu = 1;
	l->first_touch = (struct first_touch){ true, 256, noisy(90, &rng), 2, "" };
}

/* One case; the launches come from the caller. */
static void begin(struct result *r, struct bench_case *c)
{
	*c = (struct bench_case){ .path = path_find("registered"), .params = { .size = 4096 } };
	c->params.cache = CACHE_COLD;
	strcpy(c->params.engine, "unit");
	options = (struct run_options){
		.plan = { c, 1 }, .launches = LAUNCHES, .env_id = "host", .mode = "unit"
	};
	options.measure.neighbour_ns = 1;
	assert_int_equal(result_begin(r, &options), 0);
	r->cases[0].status = LAUNCH_OK;
}

static json_t *case_of(struct result *r)
{
	json_t *json = result_to_json(r), *c;

	assert_non_null(json);
	c = json_deep_copy(json_array_get(json_object_get(json, "cases"), 0));
	json_decref(json);
	return c;
}

/* Numbers to within 0.5 %, all else exactly; where is for the message. */
static void assert_alike(const json_t *a, const json_t *b, const char *where)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_real(a) && json_is_real(b)) {
		double x = json_real_value(a), y = json_real_value(b);

		if (fabs(x - y) > 5e-3 * fmax(fabs(x), fabs(y)))
			fail_msg("%s: %g and %g", where, x, y);
		return;
	}
	if (json_typeof(a) != json_typeof(b) || json_array_size(a) != json_array_size(b) ||
	    json_object_size(a) != json_object_size(b))
		fail_msg("%s is of another kind or size", where);
	json_object_foreach((json_t *)a, key, value)
		assert_alike(value, json_object_get(b, key), key);
	json_array_foreach(a, i, value)
		assert_alike(value, json_array_get(b, i), where);
	if (!json_is_object(a) && !json_is_array(a) && !json_equal(a, b))
		fail_msg("%s differs", where);
}

/* What the file of a run of this launch alone says of it. */
static json_t *alone(const struct launch_result *l)
{
	struct bench_case c;
	struct result r;
	json_t *json;

	begin(&r, &c);
	result_add(&r, 0, 1, l);
	json = case_of(&r);
	result_free(&r);
	return json;
}

static void launches_put_together_are_a_run_of_them(void **state)
{
	static struct launch_result l, back;
	struct result whole, merged;
	struct bench_case c, d;
	json_t *a, *b;
	char why[128];

	(void)state;
	begin(&whole, &c);
	begin(&merged, &d);
	for (uint64_t i = 0; i < LAUNCHES; i++) {
		json_t *one;

		make_launch(&l, i + 1);
		one = alone(&l);
		assert_int_equal(read_launch(one, 4096, &back, why, sizeof(why)), 0);
		json_decref(one);
		result_add(&whole, 0, i + 1, &l);
		result_add(&merged, 0, i + 1, &back);
	}
	a = case_of(&whole);
	b = case_of(&merged);
	/* Where the memory was is in the launches alone, and those are kept as they came. */
	for (size_t i = 0; i < LAUNCHES; i++) {
		json_object_del(json_array_get(json_object_get(a, "launches"), i), "placement");
		json_object_del(json_array_get(json_object_get(b, "launches"), i), "placement");
	}
	assert_alike(a, b, "case");
	assert_true(json_equal(json_object_get(a, "time"), json_object_get(b, "time")));
	assert_true(json_equal(json_object_get(a, "latency"), json_object_get(b, "latency")));
	json_decref(a);
	json_decref(b);
	result_free(&whole);
	result_free(&merged);
}

static void what_was_not_measured_keeps_its_reason(void **state)
{
	static struct launch_result l, back;
	char why[128];
	json_t *one;

	(void)state;
	make_launch(&l, 3);
	l.have_cpu = l.have_neighbour = l.first_touch.known = false;
	strcpy(l.no_cpu_reason, "cold");
	strcpy(l.no_neighbour_reason, "one CPU");
	strcpy(l.first_touch.reason, "no cache");
	memset(&l.events, 0, sizeof(l.events));
	strcpy(l.events.reason, "not asked");
	one = alone(&l);
	assert_int_equal(read_launch(one, 4096, &back, why, sizeof(why)), 0);
	assert_false(back.have_cpu || back.have_neighbour || back.first_touch.known);
	assert_string_equal(back.no_cpu_reason, "cold");
	assert_string_equal(back.no_neighbour_reason, "one CPU");
	assert_string_equal(back.first_touch.reason, "no cache");
	assert_int_equal(back.events.launches, 0);
	assert_string_equal(back.events.reason, "not asked");
	json_decref(one);
}

static void failed_and_broken_ones_are_not_launches(void **state)
{
	static struct launch_result l, back;
	static const char *const keys[] = { "launches", "latency", "status" };
	char why[128];
	json_t *one;

	(void)state;
	one = json_pack("{s:s,s:s}", "status", "failed", "reason", "wrong byte");
	assert_int_equal(read_launch(one, 4096, &back, why, sizeof(why)), 0);
	assert_int_equal(back.status, LAUNCH_FAILED);
	assert_string_equal(back.reason, "wrong byte");
	json_decref(one);
	for (size_t i = 0; i < 3; i++) {
		make_launch(&l, 3);
		one = alone(&l);
		json_object_del(one, keys[i]);
		assert_true(read_launch(one, 4096, &back, why, sizeof(why)) < 0);
		json_decref(one);
	}
}

static void the_last_of_several_results_counts(void **state)
{
	static const char two[] = "{\"schema\": \"dmabench-result/1\", \"run\": {\"n\": 1}, "
				  "\"environments\": [], \"cases\": []}\n"
				  "{\"schema\": \"dmabench-result/1\", \"run\": {\"n\": 2}, "
				  "\"environments\": [], \"cases\": []}\n";
	char why[256];
	json_t *json = result_read_last(two, sizeof(two) - 1, why, sizeof(why));

	(void)state;
	assert_non_null(json);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "run"), "n")), 2);
	json_decref(json);
	/* Cut anywhere in the second, or before the end of the first, it is none. */
	for (size_t len = 0; len < sizeof(two) - 2; len++) {
		char cut[sizeof(two)];

		memcpy(cut, two, len);
		cut[len] = '\0';
		json = result_read_last(cut, len, why, sizeof(why));
		if (json && len != strcspn(two, "\n") && len != strcspn(two, "\n") + 1)
			fail_msg("cut at %zu is taken", len);
		json_decref(json);
	}
}

static void only_the_named_cases_are_kept(void **state)
{
	struct axes axes = { .npaths = 1, .size = { { 1, 2, 3 }, 3 } };
	struct plan plan = { 0 };
	const char *ids[2];
	char first[512], last[600], twice[512];

	(void)state;
	axes.paths[0] = path_find("memcpy");
	axes_defaults(&axes);
	assert_int_equal(plan_add(&plan, &axes, twice, sizeof(twice)), 0);
	case_id(&plan.cases[0], first, sizeof(first));
	case_id(&plan.cases[2], twice, sizeof(twice));
	snprintf(last, sizeof(last), "%s@here", twice);
	ids[0] = last;
	ids[1] = "memcpy";
	assert_null(plan_keep(&plan, ids, 0, "here"));
	assert_int_equal(plan.n, 3);
	assert_ptr_equal(plan_keep(&plan, ids, 1, "there"), ids[0]);
	assert_ptr_equal(plan_keep(&plan, ids, 2, "here"), ids[1]);
	assert_int_equal(plan.n, 3);
	ids[1] = first;
	assert_null(plan_keep(&plan, ids, 2, "here"));
	assert_int_equal(plan.n, 2);
	assert_int_equal(plan.cases[0].params.size, 1);
	assert_int_equal(plan.cases[1].params.size, 3);
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(launches_put_together_are_a_run_of_them),
		cmocka_unit_test(what_was_not_measured_keeps_its_reason),
		cmocka_unit_test(failed_and_broken_ones_are_not_launches),
		cmocka_unit_test(the_last_of_several_results_counts),
		cmocka_unit_test(only_the_named_cases_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
