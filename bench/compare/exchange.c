// SPDX-License-Identifier: GPL-2.0-only
#include "exchange.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "text/json_text.h"
#include "compared.h"

static const json_t *at(const json_t *json, const char *key, const char *deeper)
{
	return json_object_get(json_object_get(json, key), deeper);
}

static const json_t *environment_of(const json_t *result, const json_t *c)
{
	const char *id = json_text_if_any(c, "env");

	return id ? compare_environment(result, id) : NULL;
}

static bool is_counted(const json_t *result, const json_t *c)
{
	return json_text_is(environment_of(result, c), "platform", "vm-icount");
}

/* As compare has it. */
static bool means_something(const json_t *result, const json_t *c)
{
	if (json_text_is(c, "class", "none") ||
	    json_text_is(environment_of(result, c), "platform", "vm-tcg"))
		return false;
	return is_counted(result, c) ||
	       !json_text_is(json_object_get(c, "engine"), "kind", "emulated");
}

/* The case's id, and what moved the bytes unless it was hardware; new reference. */
static json_t *name_of(const json_t *result, const json_t *c)
{
	const char *kind = json_text_if_any(json_object_get(c, "engine"), "kind");

	if (kind && strcmp(kind, "hardware"))
		return json_sprintf("%s (%s%s)", json_text_if_any(c, "id"), kind,
				    is_counted(result, c) ? ", instructions" : "");
	return json_sprintf("%s%s", json_text_if_any(c, "id"),
			    is_counted(result, c) ? " (instructions)" : "");
}

static void dump(json_t *json, FILE *to)
{
	/* Nothing at all is an error to the caller. */
	if (json &&
	    !json_dumpf(json, to, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)))
		fputc('\n', to);
	json_decref(json);
}

/* ---- Bencher Metric Format ---- */

/* A figure with its 95 % interval, where it has one, as a measure. */
static void add_measure(json_t *measures, const char *measure, const json_t *figure)
{
	const json_t *value = json_object_get(figure, "value"),
		     *ci = json_object_get(figure, "ci95");
	json_t *metric;

	if (!json_is_number(value))
		return;
	metric = json_pack("{s:O}", "value", value);
	if (json_array_size(ci) == 2) {
		json_object_set(metric, "lower_value", json_array_get(ci, 0));
		json_object_set(metric, "upper_value", json_array_get(ci, 1));
	}
	json_object_set_new(measures, measure, metric);
}

void exchange_bmf(const json_t *result, FILE *to)
{
	json_t *all = json_object(), *c;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c) {
		json_t *measures, *name;

		if (!json_text_is(c, "status", "ok") || !means_something(result, c))
			continue;
		measures = json_object();
		name = name_of(result, c);
		add_measure(measures, is_counted(result, c) ? "instructions" : "latency",
			    json_object_get(c, "time"));
		/* Instructions are no throughput. */
		if (!is_counted(result, c))
			add_measure(measures, "bytes-per-second", json_object_get(c, "throughput"));
		json_object_set_new(all, json_string_value(name), measures);
		json_decref(name);
	}
	dump(all, to);
}

/* ---- Google Benchmark ---- */

struct benchmark {
	const json_t *c;
	json_t *name;
	size_t family, repetitions;
	json_t *list; /* of all */
};

/* What a repetition and the sum of them have alike. */
static json_t *begin(const struct benchmark *b, const char *type, const char *suffix)
{
	json_int_t threads = json_integer_value(at(b->c, "params", "threads"));

	return json_pack("{s:o,s:i,s:i,s:O,s:s,s:i,s:I}", "name",
			 json_sprintf("%s%s", json_string_value(b->name), suffix), "family_index",
			 (int)b->family, "per_family_instance_index", 0, "run_name", b->name,
			 "run_type", type, "repetitions", (int)b->repetitions, "threads",
			 threads > 0 ? threads : 1);
}

static void add_times(json_t *json, const struct benchmark *b, double ns, const json_t *cpu)
{
	double size = json_number_value(at(b->c, "params", "size"));

	json_object_set_new(json, "real_time", json_real(ns));
	/* Not where it wasn't measured: a figure that is needed isn't one that is there. */
	if (json_is_number(cpu))
		json_object_set_new(json, "cpu_time", json_real(json_number_value(cpu) * size));
	json_object_set_new(json, "time_unit", json_string("ns"));
	if (json_text_is(b->c, "class", "copy") && ns > 0)
		json_object_set_new(json, "bytes_per_second", json_real(size / ns * 1e9));
}

static void add_repetition(const struct benchmark *b, const json_t *launch, size_t number)
{
	json_t *json = begin(b, "iteration", "");

	json_object_set_new(json, "repetition_index", json_integer((json_int_t)number));
	json_object_set(json, "iterations", json_object_get(launch, "ops"));
	add_times(json, b, json_number_value(at(launch, "ns_per_op", "median")),
		  json_object_get(launch, "cpu_caller_ns_per_byte"));
	json_array_append_new(b->list, json);
}

static void add_median(const struct benchmark *b)
{
	json_t *json = begin(b, "aggregate", "_median");

	json_object_set_new(json, "aggregate_name", json_string("median"));
	json_object_set_new(json, "aggregate_unit", json_string("time"));
	json_object_set_new(json, "iterations", json_integer((json_int_t)b->repetitions));
	add_times(json, b, json_number_value(at(b->c, "time", "value")),
		  json_object_get(at(b->c, "cpu", "caller"), "value"));
	json_array_append_new(b->list, json);
}

static void add_error(const struct benchmark *b)
{
	const char *reason = json_text_if_any(b->c, "reason");
	json_t *json = begin(b, "iteration", "");

	json_object_set_new(json, "error_occurred", json_true());
	json_object_set_new(json, "error_message", json_string(reason ? reason : ""));
	json_array_append_new(b->list, json);
}

static void add_benchmark(const struct benchmark *b)
{
	const json_t *launch;
	size_t i;

	if (json_text_is(b->c, "status", "failed")) {
		add_error(b);
		return;
	}
	json_array_foreach(json_object_get(b->c, "launches"), i, launch)
		add_repetition(b, launch, i);
	add_median(b);
}

void exchange_google_benchmark(const json_t *result, FILE *to)
{
	const json_t *env = json_array_get(json_object_get(result, "environments"), 0), *c;
	json_t *list = json_array();
	struct benchmark b = { .list = list };
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c) {
		bool failed = json_text_is(c, "status", "failed");

		if (!(failed || json_text_is(c, "status", "ok")) || !means_something(result, c) ||
		    is_counted(result, c))
			continue;
		b.c = c;
		b.name = name_of(result, c);
		b.repetitions = json_array_size(json_object_get(c, "launches"));
		add_benchmark(&b);
		json_decref(b.name);
		b.family++;
	}
	dump(json_pack("{s:{s:O?,s:s,s:O?,s:O?,s:i},s:o}", "context", "date",
		       at(result, "run", "start"), "executable", "dmabench", "num_cpus",
		       at(env, "identity", "cpus"), "dmabench_version",
		       at(result, "tool", "version"), "json_schema_version", 1, "benchmarks", list),
	     to);
}
