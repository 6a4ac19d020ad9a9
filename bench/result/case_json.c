// SPDX-License-Identifier: GPL-2.0-only
/* What the collected launches come to: the figures of the result file. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "machine/caches.h"
#include "machine/clock.h"
#include "paths/dirty_share.h"
#include "statistics/spread.h"
#include "statistics/stats.h"
#include "bounds.h"
#include "environment.h"
#include "latency.h"
#include "result.h"
#include "version.h"

static json_t *interval(double lo, double hi)
{
	return json_pack("[f,f]", lo, hi);
}

static json_t *cpu_figure(const struct case_record *rec, const double *values, const char *unit,
			  const char *better)
{
	json_t *json = json_pack("{s:s,s:s}", "unit", unit, "better", better);
	double copy[1024];

	if (!rec->ncpu) {
		json_object_set_new(json, "value", json_null());
		json_object_set_new(json, "reason", json_string(rec->no_cpu_reason));
		return json;
	}
	memcpy(copy, values, rec->ncpu * sizeof(*copy));
	json_object_set_new(json, "value", json_real(stats_median(copy, rec->ncpu)));
	return json;
}

/* The share is in whole pages: of 16 pages 1 % is one. */
static json_t *written_json(const struct case_params *p)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return json_pack("{s:I,s:I}", "pages", (json_int_t)dirty_pages(p->size, page, p->share),
			 "of", (json_int_t)((p->size + page - 1) / page));
}

static json_t *cpu_json(const struct case_record *rec)
{
	json_t *machine = cpu_figure(rec, rec->cpu_machine, "ns/B", "lower");

	json_object_set_new(machine, "method", json_string("soaker"));
	return json_pack("{s:o,s:o,s:o}", "caller",
			 cpu_figure(rec, rec->cpu_caller, "ns/B", "lower"), "machine", machine,
			 "left", cpu_figure(rec, rec->cpu_left, "share of all CPUs", "higher"));
}

static json_t *stages_json(const struct stage_sums *s)
{
	double ops = (double)s->ops;
	uint64_t named = s->pin + s->map + s->submit + s->wait + s->unmap + s->unpin;

	if (!s->ops)
		return json_null();
	return json_pack("{s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "unit",
			 "ns/op", "pin", (double)s->pin / ops, "map", (double)s->map / ops,
			 "submit", (double)s->submit / ops, "wait", (double)s->wait / ops, "unmap",
			 (double)s->unmap / ops, "unpin", (double)s->unpin / ops, "other",
			 s->total > named ? (double)(s->total - named) / ops : 0.0, "total",
			 (double)s->total / ops, "descriptors", (double)s->descriptors / ops,
			 "sg_src_pinned", (double)s->sg_src_pinned / ops, "sg_src_mapped",
			 (double)s->sg_src_mapped / ops, "sg_dst_pinned",
			 (double)s->sg_dst_pinned / ops, "sg_dst_mapped",
			 (double)s->sg_dst_mapped / ops);
}

static json_t *submissions_json(const struct submission_sums *s)
{
	double ops = (double)s->ops;

	return json_pack("{s:s,s:f,s:f,s:f}", "unit", "1/op", "descriptors",
			 (double)s->descriptors / ops, "faults", (double)s->faults / ops, "retries",
			 (double)s->retries / ops);
}

/* Only of cases that ask for a cold cache. */
static json_t *first_touch_json(const struct case_record *rec)
{
	json_t *json = json_pack("{s:s}", "unit", "ns/line");
	double cold[1024], hot[1024];

	if (!rec->ntouch) {
		json_object_update_new(json, json_pack("{s:n,s:n,s:s}", "cold", "hot", "reason",
						       rec->no_touch_reason));
		return json;
	}
	memcpy(cold, rec->touch_cold, rec->ntouch * sizeof(*cold));
	memcpy(hot, rec->touch_hot, rec->ntouch * sizeof(*hot));
	json_object_update_new(json,
			       json_pack("{s:f,s:f,s:I}", "cold", stats_median(cold, rec->ntouch),
					 "hot", stats_median(hot, rec->ntouch), "lines",
					 (json_int_t)rec->touch_lines));
	return json;
}

/* null: the CPU wrote nothing. */
static json_t *use_json(const struct use_sums *s, enum use_kind use)
{
	double ops = (double)s->ops;

	return json_pack("{s:s,s:o,s:f,s:f}", "unit", "ns/op", "write",
			 use == USE_WRITE_READ ? json_real((double)s->write / ops) : json_null(),
			 "operation", (double)s->operation / ops, "read", (double)s->read / ops);
}

static void add_figures(json_t *json, const struct case_record *rec, uint64_t seed)
{
	double size = (double)rec->c->params.size, copy[1024], time, lo, hi;
	enum path_class class = rec->c->path->class;

	memcpy(copy, rec->ns_per_op, rec->n * sizeof(*copy));
	time = stats_median(copy, rec->n);
	stats_bootstrap_median(rec->ns_per_op, rec->n, seed, &lo, &hi);
	json_object_set_new(
		json, "time",
		json_pack("{s:s,s:s,s:f,s:o,s:s,s:o}", "unit", "ns/op", "better", "lower", "value",
			  time, "ci95", rec->n > 1 ? interval(lo, hi) : json_null(), "ci_method",
			  "bootstrap over launches", "ci_coverage",
			  rec->n > 1 ? json_real(stats_bootstrap_coverage(rec->n)) : json_null()));
	/* Only a copy moves its bytes; of the others the time per operation is the figure. */
	if (class != CLASS_COPY)
		json_object_set_new(json, "throughput", json_null());
	else
		json_object_set_new(json, "throughput",
				    json_pack("{s:s,s:s,s:f,s:o}", "unit", "B/s", "better",
					      "higher", "value", size / time * 1e9, "ci95",
					      rec->n > 1
						      ? interval(size / hi * 1e9, size / lo * 1e9)
						      : json_null()));
	json_object_set_new(json, "spread", spread_json(rec->launches));
	json_object_set_new(json, "latency", latency_json(&rec->latency, rec->ops_per_timing));
	json_object_set_new(json, "descriptor_latency",
			    rec->c->path->axes & AXIS_ENGINE
				    ? descriptor_latency_json(&rec->descriptor_latency,
							      &rec->descriptors, &rec->c->params)
				    : json_null());
	json_object_set_new(json, "cpu", cpu_json(rec));
	json_object_set_new(json, "events", events_json(&rec->events, rec->c->params.size));
	json_object_set_new(json, "stages", stages_json(&rec->stages));
	if (rec->use.ops)
		json_object_set_new(json, "use", use_json(&rec->use, rec->c->params.use));
	if (rec->fresh.ops)
		json_object_set_new(json, "fresh",
				    json_pack("{s:s,s:f,s:f}", "unit", "1/op", "pages",
					      (double)rec->fresh.pages / (double)rec->fresh.ops,
					      "faults",
					      (double)rec->fresh.faults / (double)rec->fresh.ops));
	if (rec->c->path->axes & AXIS_SHARE)
		json_object_set_new(json, "written", written_json(&rec->c->params));
	if (rec->load.ns)
		json_object_set_new(json, "load",
				    json_pack("{s:s,s:f,s:i}", "unit", "B/s", "value",
					      (double)rec->load.bytes / (double)rec->load.ns * 1e9,
					      "cpus", (int)rec->load_cpus));
	if (rec->submissions.ops)
		json_object_set_new(json, "submissions", submissions_json(&rec->submissions));
	if (rec->meanwhile_of_ns > 0)
		json_object_set_new(json, "meanwhile",
				    json_pack("{s:s,s:s,s:f}", "unit", "share of the time",
					      "better", "higher", "value",
					      rec->meanwhile_ns / rec->meanwhile_of_ns));
	if (rec->c->params.cache == CACHE_COLD)
		json_object_set_new(json, "first_touch", first_touch_json(rec));
}

/* How many launches took which variant, the commonest first; null for paths that have but one. */
static json_t *variant_json(const json_t *launches)
{
	json_t *counts = json_object(), *launch, *count;
	const char *name, *most = NULL;
	json_int_t best = 0;
	size_t i;

	json_array_foreach(launches, i, launch) {
		name = json_string_value(json_object_get(launch, "variant"));
		if (name)
			json_object_set_new(
				counts, name,
				json_integer(json_integer_value(json_object_get(counts, name)) +
					     1));
	}
	json_object_foreach(counts, name, count) {
		if (json_integer_value(count) > best) {
			best = json_integer_value(count);
			most = name;
		}
	}
	if (!most) {
		json_decref(counts);
		return json_null();
	}
	return json_pack("{s:s,s:o}", "name", most, "launches", counts);
}

static json_t *case_json(const struct result *r, const struct case_record *rec)
{
	static const char *const words[] = { "ok", "skipped", "failed" };
	const char *env = r->options->env_id;
	enum launch_status status = rec->status;
	const char *reason = rec->reason;
	json_t *json;

	if (status == LAUNCH_OK && !rec->n) {
		status = LAUNCH_SKIPPED;
		reason = "the run ended before its first launch";
	}
	json = json_pack("{s:o,s:s,s:s,s:s,s:o,s:s,s:o}", "id", json_sprintf("%s@%s", rec->id, env),
			 "env", env, "path", rec->c->path->name, "class",
			 class_names[rec->c->path->class], "params", case_params_to_json(rec->c),
			 "status", words[status], "engine",
			 rec->engine ? json_incref(rec->engine) : json_null());
	if (status != LAUNCH_OK) {
		json_object_set_new(json, "reason", json_string(reason));
		return json;
	}
	json_object_set_new(json, "verified_bytes", json_integer((json_int_t)rec->verified_bytes));
	json_object_set_new(json, "verified_ops",
			    json_pack("{s:I,s:I}", "whole", (json_int_t)rec->verified_whole,
				      "spots", (json_int_t)rec->verified_spots));
	json_object_set(json, "launches", rec->launches);
	json_object_set_new(json, "variant", variant_json(rec->launches));
	add_figures(json, rec, r->options->measure.seed);
	if (r->options->measure.neighbour_ns)
		json_object_set_new(json, "neighbour",
				    neighbour_json(rec, r->options->measure.seed));
	return json;
}

static json_t *run_json(const struct result *r)
{
	const struct measure_config *m = &r->options->measure;
	char start[32];
	struct tm utc;
	json_t *json;

	gmtime_r(&r->start, &utc);
	strftime(start, sizeof(start), "%Y-%m-%dT%H:%M:%SZ", &utc);
	json = json_pack("{s:s,s:f,s:I,s:b,s:i,s:i,s:{s:s,s:i,s:i,s:I,s:I,s:I,s:I,s:I,s:I,s:I}}",
			 "start", start, "duration_s", (double)(now_ns() - r->start_ns) / 1e9,
			 "seed", (json_int_t)m->seed, "complete", r->complete, "launches_planned",
			 (int)r->options->launches, "launches_done", (int)r->rounds_done, "config",
			 "mode", r->options->mode, "launches", (int)r->options->launches, "samples",
			 (int)m->samples, "sample_ns", (json_int_t)m->sample_ns, "budget_ns",
			 (json_int_t)m->budget_ns, "cpu_phase_ns", (json_int_t)m->cpu_phase_ns,
			 "calibrate_ns", (json_int_t)m->calibrate_ns, "descriptor_ns",
			 (json_int_t)m->descriptor_ns, "event_ns", (json_int_t)m->event_ns,
			 "neighbour_ns", (json_int_t)m->neighbour_ns);
	/* Results from before there was such a time are as good as those with none. */
	if (m->settle_ns)
		json_object_set_new(json_object_get(json, "config"), "settle_ns",
				    json_integer((json_int_t)m->settle_ns));
	return json;
}

int result_judge(struct result *r)
{
	json_t *json = result_to_json(r), *cases = json_object_get(json, "cases");

	for (size_t i = 0; i < r->ncases && json; i++) {
		struct case_record *rec = &r->cases[i];

		if (rec->status == LAUNCH_OK &&
		    bounds_broken(json_array_get(cases, i), rec->reason, sizeof(rec->reason)))
			rec->status = LAUNCH_FAILED;
	}
	json_decref(json);
	return json ? 0 : -ENOMEM;
}

json_t *result_to_json(const struct result *r)
{
	json_t *cases = json_array();

	environment_set_state(r->environment, state_to_json(&r->state));
	for (size_t i = 0; i < r->ncases; i++)
		json_array_append_new(cases, case_json(r, &r->cases[i]));
	bounds_add(cases, caches_last_of_all());
	return json_pack("{s:s,s:{s:s,s:s,s:s,s:s,s:s},s:o,s:[O],s:o}", "schema", RESULT_SCHEMA,
			 "tool", "name", "dmabench", "version", DMABENCH_VERSION, "commit",
			 DMABENCH_COMMIT, "compiler", DMABENCH_COMPILER, "flags", DMABENCH_FLAGS,
			 "run", run_json(r), "environments", r->environment, "cases", cases);
}
