// SPDX-License-Identifier: GPL-2.0-only
/* The right sentences. */
#include "made_up.h"

static void nothing_beats_memcpy(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 50, 40, 30, 10 }, 0.02);
	copies(r, "movsb", (double[]){ 50, 39, 30, 10.1 }, 0.02);
	says(r,
	     "Here no copy by one thread is measurably faster than memcpy (4K to 16M). There is no "
	     "DMA engine.");
}

static void two_copies_share_the_sizes(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 20, 20, 10, 5 }, 0.02);
	copies(r, "vector", (double[]){ 60, 40, 10, 5 }, 0.02);
	copies(r, "movsb", (double[]){ 30, 20, 20, 10 }, 0.02);
	/* The ratio goes from 2 to 1/2 between 64K and 1M: halfway on the logarithmic scale. */
	says(r, "Here one thread copies fastest with vector up to 260K and movsb above. There is "
		"no DMA "
		"engine.");
	r = machine("native");
	copies(r, "vector", (double[]){ 60, 40, 10, 5 }, 0.02);
	copies(r, "movsb", (double[]){ 30, 20, 20, 10 }, 0.02);
	copies(r, "nt", (double[]){ 5, 5, 20, 9.9 }, 0.02);
	says(r, "Here one thread copies fastest with vector up to 260K and movsb (others are as "
		"good) above. There is no DMA engine.");
}

/* The fastest at some sizes and as good as others at the rest is no winner of all. */
static void one_copy_wins_where_it_is_beyond_doubt(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 20, 40, 40, 5 }, 0.02);
	copies(r, "vector", (double[]){ 60, 80, 80, 20 }, 0.02);
	says(r, "Here one thread copies fastest with vector at each size that was measured (4K to "
		"16M). There is no DMA engine.");
	r = machine("native");
	copies(r, "memcpy", (double[]){ 20, 40, 40, 5 }, 0.02);
	copies(r, "movsb", (double[]){ 10, 41, 40, 20 }, 0.02);
	copies(r, "vector", (double[]){ 60, 41, 41, 20 }, 0.02);
	says(r, "Here no copy by one thread is measurably faster than vector (4K to 16M). There is "
		"no DMA engine.");
}

static void threads_pay_from_a_size_on(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 40, 10 }, 0.02);
	copies(r, "memcpy-mt", (double[]){ 4, 20, 80, 20 }, 0.02);
	says(r, "Here memcpy is the only copy by one thread that was measured; a thread "
		"a CPU "
		"pays from 260K on. There is no DMA engine.");
}

static void threads_pay_nowhere_or_cannot_be_told(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 40, 10 }, 0.02);
	copies(r, "memcpy-mt", (double[]){ 4, 20, 39, 10 }, 0.02);
	says(r, "Here memcpy is the only copy by one thread that was measured; a thread "
		"a CPU "
		"doesn't pay. There is no DMA engine.");
	r = machine("native");
	copies(r, "memcpy", (double[]){ 40, 40, 40, 10 }, 0.2);
	copies(r, "memcpy-mt", (double[]){ 42, 41, 39, 10 }, 0.2);
	says(r, "Here memcpy is the only copy by one thread that was measured; a thread "
		"a CPU "
		"makes no difference to be seen. There is no DMA engine.");
}

static void an_engine_wins_above(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	engine(r, "hardware", (double[]){ 1, 10, 20, 30 }, 0.01);
	says(r, "Here memcpy is the only copy by one thread that was measured. A DMA "
		"engine "
		"(idxd by registered) is faster than any copy by the CPUs from 260K on.");
}

static void an_engine_never_wins(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	engine(r, "hardware", (double[]){ 1, 2, 3, 4 }, 0.01);
	says(r, "Here memcpy is the only copy by one thread that was measured. No DMA "
		"engine is "
		"faster than the CPUs; at 16M the nearest, registered, takes 2.5 times as long.");
}

static void of_engine(json_t *r, const char *path, const double *gbps, double wide)
{
	for (size_t i = 0; i < SIZES; i++)
		add(r, (struct made){ .path = path,
				      .kind = "hardware",
				      .size = sizes[i],
				      .time = sizes[i] / gbps[i],
				      .share = -1,
				      .threads = -1,
				      .wide = wide });
}

/* It is named that wins where it is said to, not the best one elsewhere. */
static void the_engine_that_wins_is_named(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 10, 10, 40, 40 }, 0.02);
	of_engine(r, "pinned", (double[]){ 40, 40, 1, 1 }, 0.02);
	of_engine(r, "registered", (double[]){ 1, 1, 10, 10 }, 0.02);
	says(r, "Here memcpy is the only copy by one thread that was measured. A DMA engine (idxd "
		"by pinned) is "
		"faster than any copy by the CPUs up to 260K.");
}

/* Nothing is said of sizes where it can't be told. */
static void ranges_end_where_it_is_beyond_doubt(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 10, 10, 10, 10 }, 0.02);
	of_engine(r, "pinned", (double[]){ 10, 10, 10.1, 40 }, 0.02);
	says(r, "Here memcpy is the only copy by one thread that was measured. A DMA engine (idxd "
		"by pinned) is "
		"faster than any copy by the CPUs from 16M on.");
}

/* Not the one with most cases, or named first. */
static void each_variant_takes_part(void **state)
{
	static const int threads[] = { 2, 8 };
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 10, 10, 10, 10 }, 0.02);
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < SIZES; i++)
			add(r, (struct made){ .path = "memcpy-mt",
					      .size = sizes[i],
					      .time = sizes[i] / (t ? 80 : 5),
					      .share = -1,
					      .threads = threads[t],
					      .wide = 0.02 });
	says(r, "Here memcpy is the only copy by one thread that was measured; several threads pay "
		"at each size that "
		"was measured (4K to 16M). There is no DMA engine.");
}

/* However fast: a CPU that plays an engine is no advice. */
static void other_engines_are_no_advice(void **state)
{
	static const char *const kinds[] = { "software", "emulated" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *r = machine("native");

		copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
		engine(r, kinds[i], (double[]){ 100, 200, 300, 400 }, 0.01);
		says(r, "Here memcpy is the only copy by one thread that was measured. "
			"No DMA "
			"engine here is hardware, so that none is advice.");
	}
}

static void unlisted(json_t *result, const char *what)
{
	json_t *env = json_array_get(json_object_get(result, "environments"), 0);

	if (!json_object_get(env, "engines_unlisted"))
		json_object_set_new(env, "engines_unlisted", json_array());
	json_array_append_new(json_object_get(env, "engines_unlisted"),
			      json_pack("{s:s,s:s}", "what", what, "reason", "x"));
}

/* "There is none" is said only where that was looked at. */
static void engines_that_were_not_listed_are_said(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	unlisted(r, "gpu");
	says(json_deep_copy(r),
	     "Here memcpy is the only copy by one thread that was measured. No DMA engine was "
	     "measured: there "
	     "is a GPU, and its copy engines weren't looked at.");
	unlisted(r, "dmaengine");
	says(r, "Here memcpy is the only copy by one thread that was measured. No DMA engine was "
		"measured: "
		"neither the kernel's DMA channels nor a GPU's copy engines were looked at.");
	r = machine("native");
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	unlisted(r, "dmaengine");
	says(r, "Here memcpy is the only copy by one thread that was measured. No DMA engine was "
		"measured: the "
		"kernel has DMA channels, and without dmabench's driver it can't be said what they "
		"can do.");
}

static void what_copies_between_processes_is_no_rival(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	copies(r, "process-vm", (double[]){ 2, 8, 20, 20 }, 0.01);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA engine.");
}

static void one_launch_says_nothing(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0);
	copies(r, "movsb", (double[]){ 10, 20, 30, 40 }, 0);
	engine(r, "hardware", (double[]){ 100, 200, 300, 400 }, 0);
	says(r, "Here which copy is fastest can't be said: one launch a case gives no intervals. "
		"Whether the "
		"DMA engine is faster than the CPUs can't be said: one launch a case gives no "
		"intervals.");
}

static void emulated_machines_give_no_advice(void **state)
{
	json_t *r = machine("vm-tcg"), *answer;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.01);
	copies(r, "movsb", (double[]){ 80, 40, 20, 20 }, 0.01);
	answer = answer_make(r);
	assert_int_equal(json_array_size(json_object_get(json_array_get(answer, 0), "winners")), 0);
	assert_int_equal(json_array_size(json_object_get(json_array_get(answer, 0), "map")), 0);
	json_decref(answer);
	says(r, "No advice from an emulated machine: its times mean nothing.");
	says(machine("vm-icount"),
	     "No advice from an emulated machine: its times are instruction counts.");
}

static void nothing_measured(void **state)
{
	(void)state;
	says(machine("native"), "Here no copy by one thread was measured. There is no DMA engine.");
}

static void few_launches_are_said(void **state)
{
	json_t *r = machine("native"), *c;
	size_t i;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	json_array_foreach(json_object_get(r, "cases"), i, c) {
		while (json_array_size(json_object_get(c, "launches")) > 3)
			json_array_remove(json_object_get(c, "launches"), 0);
	}
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA "
		"engine. Of 3 launches a case small differences can't be seen.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_beats_memcpy),
		cmocka_unit_test(two_copies_share_the_sizes),
		cmocka_unit_test(one_copy_wins_where_it_is_beyond_doubt),
		cmocka_unit_test(threads_pay_from_a_size_on),
		cmocka_unit_test(threads_pay_nowhere_or_cannot_be_told),
		cmocka_unit_test(an_engine_wins_above),
		cmocka_unit_test(an_engine_never_wins),
		cmocka_unit_test(the_engine_that_wins_is_named),
		cmocka_unit_test(ranges_end_where_it_is_beyond_doubt),
		cmocka_unit_test(each_variant_takes_part),
		cmocka_unit_test(other_engines_are_no_advice),
		cmocka_unit_test(engines_that_were_not_listed_are_said),
		cmocka_unit_test(what_copies_between_processes_is_no_rival),
		cmocka_unit_test(one_launch_says_nothing),
		cmocka_unit_test(emulated_machines_give_no_advice),
		cmocka_unit_test(nothing_measured),
		cmocka_unit_test(few_launches_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
