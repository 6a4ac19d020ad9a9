// SPDX-License-Identifier: GPL-2.0-only
/* Machines made up so that the right sentences are known. */
#include "unit.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/contest.h"
#include "answer/segments.h"
#include "text/units.h"

#define K 1024.0
#define M (1024 * K)

static json_t *machine(const char *platform)
{
	return json_pack("{s:[{s:s,s:s,s:[]}],s:[]}", "environments", "id", "host", "platform",
			 platform, "engines", "cases");
}

struct made {
	const char *path, *class, *variant, *kind; /* kind of the engine, NULL: none */
	double size, time;			   /* ns */
	double share;				   /* -1: none */
	int threads;				   /* -1: no such axis */
	double wide;	  /* of the interval, each way, as a share; 0: one launch */
	double cpu, harm; /* 0: not measured */
};

static json_t *launches(size_t n, double cpu)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      cpu > 0 ? json_pack("{s:f}", "cpu_machine_ns_per_byte", cpu)
					      : json_object());
	return list;
}

static void add(json_t *result, struct made m)
{
	json_t *params = json_pack("{s:f,s:s,s:s,s:i,s:i,s:i}", "size", m.size, "cache", "hot",
				   "pages", "4K", "cpu_node", 0, "src_node", 0, "dst_node", 0);
	json_t *ci = m.wide > 0 ? json_pack("[f,f]", m.time * (1 - m.wide), m.time * (1 + m.wide))
				: json_null();
	json_t *cases = json_object_get(result, "cases"), *c;

	if (m.share >= 0)
		json_object_set_new(params, "share", json_real(m.share));
	if (m.threads >= 0)
		json_object_set_new(params, "threads", json_integer(m.threads));
	c = json_pack("{s:o,s:s,s:s,s:s,s:s,s:o,s:{s:f,s:o},s:o}", "id",
		      json_sprintf("case %zu", json_array_size(cases)), "env", "host", "path",
		      m.path, "class", m.class ? m.class : "copy", "status", "ok", "params", params,
		      "time", "value", m.time, "ci95", ci, "launches",
		      launches(m.wide > 0 ? 10 : 1, m.cpu));
	if (m.kind)
		json_object_set_new(c, "engine",
				    json_pack("{s:s,s:s}", "driver", "idxd", "kind", m.kind));
	if (m.variant)
		json_object_set_new(c, "variant",
				    json_pack("{s:s,s:{s:i}}", "name", m.variant, "launches",
					      m.variant, 10));
	if (m.cpu > 0)
		json_object_set_new(c, "cpu", json_pack("{s:{s:f}}", "machine", "value", m.cpu));
	if (m.harm > 0)
		json_object_set_new(c, "neighbour",
				    json_pack("{s:{s:f,s:[f,f]}}", "cache", "value", m.harm, "ci95",
					      m.harm * 0.9, m.harm * 1.1));
	json_array_append_new(cases, c);
}

static const double sizes[] = { 4 * K, 64 * K, 1 * M, 16 * M };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* GB/s at each of the sizes, one interval for all. */
static void copies(json_t *result, const char *path, const double *gbps, double wide)
{
	for (size_t i = 0; i < SIZES; i++)
		if (gbps[i] > 0)
			add(result, (struct made){ .path = path,
						   .size = sizes[i],
						   .time = sizes[i] / gbps[i],
						   .share = -1,
						   .threads = strcmp(path, "memcpy-mt") ? -1 : 0,
						   .wide = wide });
}

static void engine(json_t *result, const char *kind, const double *gbps, double wide)
{
	json_t *env = json_array_get(json_object_get(result, "environments"), 0);

	json_array_append_new(json_object_get(env, "engines"),
			      json_pack("{s:s,s:s}", "driver", "idxd", "kind", kind));
	for (size_t i = 0; i < SIZES; i++)
		add(result, (struct made){ .path = "registered",
					   .kind = kind,
					   .size = sizes[i],
					   .time = sizes[i] / gbps[i],
					   .share = -1,
					   .threads = -1,
					   .wide = wide });
}

static void snapshot(json_t *result, double size, double share, double time)
{
	add(result, (struct made){ .path = "cow-private",
				   .class = "snapshot",
				   .size = size,
				   .time = time,
				   .share = share,
				   .threads = -1,
				   .wide = 0.01 });
}

/* The answer's sentences are exactly these, one blank between them. */
static void says(json_t *result, const char *want)
{
	json_t *answer = answer_make(result), *s;
	char is[2048] = "";
	size_t i;

	assert_non_null(answer);
	json_array_foreach(json_object_get(json_array_get(answer, 0), "sentences"), i, s) {
		strcat(is, i ? " " : "");
		strcat(is, json_string_value(s));
	}
	assert_string_equal(is, want);
	json_decref(answer);
	json_decref(result);
}

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

static void snapshots_that_pay_at_small_sizes_alone(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 10, 10, 10, 10 }, 0.01);
	snapshot(r, 64 * K, 0, 553.6);
	snapshot(r, 64 * K, 10, 12553.6);
	snapshot(r, 16 * M, 0, 1e9);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying "
		"(cow-private) pays only at sizes of 64K, not at all of them, and while less than "
		"5 % of the pages are "
		"written.");
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

static void snapshots_pay_while_few_pages_are_written(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	/* memcpy: 64K 1638 ns, 1M 104858 ns, 16M 1677722 ns. */
	snapshot(r, 64 * K, 0, 4000);
	snapshot(r, 1 * M, 0, 4858);
	snapshot(r, 1 * M, 10, 1004858);
	snapshot(r, 16 * M, 0, 77722);
	snapshot(r, 16 * M, 10, 3277722);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA "
		"engine. Not copying (cow-private) pays only from 1M on and while less than 1 % "
		"(1M) to 5 % "
		"(16M) of the pages are written.");
}

/* The least and the most of all sizes, not of the first and the last. */
static void the_shares_are_the_extremes_of_all_sizes(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	/* memcpy: 4K 102.4 ns, 64K 1638.4 ns, 1M 104857.6 ns, 16M 1677721.6 ns. */
	snapshot(r, 64 * K, 0, 638.4);
	snapshot(r, 64 * K, 10, 2638.4);
	snapshot(r, 1 * M, 0, 4857.6);
	snapshot(r, 1 * M, 10, 1004857.6);
	snapshot(r, 16 * M, 0, 877721.6);
	snapshot(r, 16 * M, 10, 2877721.6);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying "
		"(cow-private) pays only while less than 1 % (1M) to 5 % (64K) of the pages are "
		"written.");
}

static void snapshots_that_pay_at_each_share(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 1 * M, 0, 4858);
	snapshot(r, 1 * M, 10, 10000);
	snapshot(r, 16 * M, 0, 4858);
	snapshot(r, 16 * M, 10, 10000);
	says(json_deep_copy(r),
	     "Here memcpy is the only copy by one thread that was measured. There is no DMA "
	     "engine. Not copying "
	     "(cow-private) pays at each size that was measured (1M to 16M) and at each share of "
	     "pages written "
	     "that was tried (up to 10 %).");
	/* At one of them more was tried, and at one it doesn't pay. */
	snapshot(r, 16 * M, 50, 20000);
	snapshot(r, 64 * K, 0, 1e6);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying "
		"(cow-private) pays only from 1M on, at each share of pages written that was tried "
		"(up to 10 % at least).");
}

/* At the first size it always pays, at the last one not: the one had no end, the other has. */
static void a_share_without_an_end_is_said_to_be_so(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 1 * M, 0, 4858);
	snapshot(r, 1 * M, 10, 10000);
	snapshot(r, 16 * M, 0, 77721.6);
	snapshot(r, 16 * M, 10, 3277721.6);
	says(json_deep_copy(r),
	     "Here memcpy is the only copy by one thread that was measured. There is no DMA "
	     "engine. Not copying "
	     "(cow-private) pays only while less than 5 % (16M) to 10 % (1M, the most that was "
	     "tried) of the "
	     "pages are written.");
	json_decref(r);
}

static void snapshots_never_pay_at_shares_that_differ(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 64 * K, 1, 4000);
	snapshot(r, 1 * M, 0, 400000);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA engine. Not copying never pays: not even with 1 % of the pages written "
		"(64K to 1M).");
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

static void snapshots_never_pay(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 64 * K, 1, 4000);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA "
		"engine. Not copying never pays: not even with 1 % of the pages written (64K).");
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

/* A trial that took the same copy each time is called after it, and is no rival to it. */
static void a_trial_is_called_after_what_it_took(void **state)
{
	json_t *r = machine("native"), *answer, *winner;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	add(r, (struct made){ .path = "fastest",
			      .variant = "nt512",
			      .size = 16 * M,
			      .time = 16 * M / 20,
			      .share = -1,
			      .threads = -1,
			      .wide = 0.02 });
	add(r, (struct made){ .path = "nt",
			      .variant = "nt512",
			      .size = 16 * M,
			      .time = 16 * M / 20.2,
			      .share = -1,
			      .threads = -1,
			      .wide = 0.02 });
	answer = answer_make(r);
	winner = json_array_get(json_object_get(json_array_get(answer, 0), "winners"), 3);
	assert_string_equal(json_string_value(json_object_get(winner, "name")), "nt512");
	assert_int_equal(json_array_size(json_object_get(winner, "tied")), 0);
	assert_int_equal(json_integer_value(json_object_get(winner, "measured")), 2);
	json_decref(answer);
	says(r, "Here one thread copies fastest with memcpy up to 4M and nt512 above. There is "
		"no DMA "
		"engine.");
}

static json_t *field(json_t *answer, size_t row, size_t i)
{
	json_t *map = json_object_get(json_array_get(answer, 0), "map");

	return json_array_get(json_object_get(json_array_get(map, row), "fields"), i);
}

static void is_field(json_t *answer, size_t row, const char *path, bool certain)
{
	json_t *f = field(answer, row, 0);

	assert_non_null(f);
	assert_string_equal(json_string_value(json_object_get(f, "path")), path);
	assert_int_equal(json_is_true(json_object_get(f, "certain")), certain);
}

static void the_map_has_the_best_for_each_want(void **state)
{
	json_t *r = machine("native"), *answer;
	struct made m = { .size = 1 * M, .share = -1, .threads = -1, .wide = 0.01 };

	(void)state;
	m.path = "memcpy", m.time = 100000, m.cpu = 0.1, m.harm = 20;
	add(r, m);
	m.path = "nt", m.time = 99900, m.cpu = 0.2, m.harm = 5;
	add(r, m);
	m.path = "movsb", m.time = 120000, m.cpu = 0.3, m.harm = 0;
	add(r, m);
	snapshot(r, 1 * M, 0, 1000);
	snapshot(r, 1 * M, 1, 5000);
	snapshot(r, 1 * M, 10, 200000);
	answer = answer_make(r);
	is_field(answer, 0, "nt", false); /* memcpy is as good */
	is_field(answer, 1, "memcpy", true);
	is_field(answer, 2, "nt", true);
	is_field(answer, 3, "cow-private", true);
	assert_true(json_real_value(json_object_get(field(answer, 3, 0), "value")) == 5000);
	json_decref(answer);
	json_decref(r);
}

/* Nothing to compete with: the best of one isn't certain. Nothing measured: no field. */
static void a_map_of_one_path_is_not_certain(void **state)
{
	json_t *r = machine("native"), *answer;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 20, 10, 10 }, 0.02);
	answer = answer_make(r);
	is_field(answer, 0, "memcpy", false);
	assert_null(field(answer, 1, 0));
	assert_null(field(answer, 2, 0));
	assert_null(field(answer, 3, 0));
	json_decref(answer);
	json_decref(r);
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

static void crossings_lie_on_the_line(void **state)
{
	(void)state;
	assert_float_equal(crossing_between(1 * K, -1, 4 * K, 1), 2 * K, 1e-6);
	assert_float_equal(crossing_between(1 * K, 3, 16 * K, -1), 8 * K, 1e-6);
	/* They don't cross: halfway. */
	assert_float_equal(crossing_between(1 * K, 1, 4 * K, 2), 2 * K, 1e-6);
}

static void units_fit(void **state)
{
	char buf[UNIT_TEXT];

	(void)state;
	assert_string_equal(unit_bytes(1024, buf), "1K");
	assert_string_equal(unit_bytes(1023, buf), "1020");
	assert_string_equal(unit_bytes(65536, buf), "64K");
	assert_string_equal(unit_bytes(1.5 * M, buf), "1.5M");
	assert_string_equal(unit_bytes(0, buf), "0");
	assert_string_equal(unit_duration(999.96, buf), "1 µs");
	assert_string_equal(unit_duration(0.123456, buf), "0.123 ns");
	assert_string_equal(unit_duration(2.5e9, buf), "2.5 s");
	assert_string_equal(unit_rate(98.76e9, buf), "98.8 GB/s");
	assert_string_equal(unit_rate(512, buf), "512 B/s");
	assert_string_equal(unit_percent(0.4962, buf), "50 %");
	assert_string_equal(unit_percent(1.1, buf), "110 %");
	assert_string_equal(unit_percent(12.3456, buf), "1200 %");
	assert_string_equal(unit_percent(1e-9, buf), "<0.01 %");
	assert_string_equal(unit_percent(0, buf), "0 %");
	assert_string_equal(unit_decimal(1234567, buf), "1.23 MB");
	assert_string_equal(unit_decimal(6.5536e17, buf), "655 PB");
	assert_string_equal(unit_decimal(7, buf), "7 B");
	assert_float_equal(unit_round(266337, 2), 270000, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_beats_memcpy),
		cmocka_unit_test(two_copies_share_the_sizes),
		cmocka_unit_test(threads_pay_from_a_size_on),
		cmocka_unit_test(threads_pay_nowhere_or_cannot_be_told),
		cmocka_unit_test(an_engine_wins_above),
		cmocka_unit_test(an_engine_never_wins),
		cmocka_unit_test(the_engine_that_wins_is_named),
		cmocka_unit_test(ranges_end_where_it_is_beyond_doubt),
		cmocka_unit_test(each_variant_takes_part),
		cmocka_unit_test(snapshots_that_pay_at_small_sizes_alone),
		cmocka_unit_test(other_engines_are_no_advice),
		cmocka_unit_test(snapshots_pay_while_few_pages_are_written),
		cmocka_unit_test(the_shares_are_the_extremes_of_all_sizes),
		cmocka_unit_test(snapshots_that_pay_at_each_share),
		cmocka_unit_test(a_share_without_an_end_is_said_to_be_so),
		cmocka_unit_test(snapshots_never_pay_at_shares_that_differ),
		cmocka_unit_test(engines_that_were_not_listed_are_said),
		cmocka_unit_test(what_copies_between_processes_is_no_rival),
		cmocka_unit_test(snapshots_never_pay),
		cmocka_unit_test(one_launch_says_nothing),
		cmocka_unit_test(emulated_machines_give_no_advice),
		cmocka_unit_test(nothing_measured),
		cmocka_unit_test(a_trial_is_called_after_what_it_took),
		cmocka_unit_test(the_map_has_the_best_for_each_want),
		cmocka_unit_test(a_map_of_one_path_is_not_certain),
		cmocka_unit_test(few_launches_are_said),
		cmocka_unit_test(crossings_lie_on_the_line),
		cmocka_unit_test(units_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
