// SPDX-License-Identifier: GPL-2.0-only
/* Collecting launches, case by case. */
#include "result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/clock.h"
#include "plan/capacity.h"
#include "statistics/stats.h"
#include "engines_json.h"
#include "environment.h"

static int begin_case(struct case_record *rec, const struct bench_case *c, unsigned int launches)
{
	char why[sizeof(rec->reason)] = "";

	rec->c = c;
	case_id(c, rec->id, sizeof(rec->id));
	rec->launches = json_array();
	rec->ns_per_op = calloc(6 * (size_t)launches, sizeof(double));
	if (!rec->ns_per_op || !rec->launches)
		return -ENOMEM;
	rec->cpu_caller = rec->ns_per_op + launches;
	rec->cpu_machine = rec->cpu_caller + launches;
	rec->cpu_left = rec->cpu_machine + launches;
	rec->touch_cold = rec->cpu_left + launches;
	rec->touch_hot = rec->touch_cold + launches;
	if (path_takes(c->path, &c->params, why, sizeof(why)) ||
	    capacity_check(c, why, sizeof(why)) ||
	    path_probe(c->path, &c->params, why, sizeof(why))) {
		rec->status = LAUNCH_SKIPPED;
		memcpy(rec->reason, why, sizeof(why));
	}
	rec->engine = case_engine(c);
	return 0;
}

int result_begin(struct result *r, const struct run_options *o)
{
	memset(r, 0, sizeof(*r));
	r->options = o;
	r->start = time(NULL);
	r->start_ns = now_ns();
	r->environment = environment(o->env_id, plan_families(&o->plan));
	r->ncases = o->plan.n;
	r->cases = calloc(r->ncases, sizeof(*r->cases));
	if (!r->cases || !r->environment)
		return -ENOMEM;
	for (size_t i = 0; i < r->ncases; i++) {
		int ret = begin_case(&r->cases[i], &o->plan.cases[i], o->launches);

		if (ret)
			return ret;
	}
	return 0;
}

void result_free(struct result *r)
{
	for (size_t i = 0; i < r->ncases && r->cases; i++) {
		json_decref(r->cases[i].engine);
		json_decref(r->cases[i].launches);
		free(r->cases[i].ns_per_op);
		free(r->cases[i].neighbour);
	}
	free(r->cases);
	state_free(&r->state);
	json_decref(r->environment);
}

static json_t *side_placement(const struct launch_result *l, int side)
{
	json_t *list = json_array();

	if (!l->have_placement[side]) {
		json_decref(list);
		return json_null();
	}
	for (int node = 0; node < MAX_NODES; node++)
		if (l->placement[side].pages[node])
			json_array_append_new(
				list, json_pack("{s:i,s:I}", "node", node, "pages",
						(json_int_t)l->placement[side].pages[node]));
	return list;
}

static void add_pages(json_t *list, const char *kind, size_t page, size_t bytes)
{
	if (bytes)
		json_array_append_new(list,
				      json_pack("{s:s,s:I,s:I}", "kind", kind, "page_bytes",
						(json_int_t)page, "bytes", (json_int_t)bytes));
}

static json_t *side_pages(const struct launch_result *l, int side)
{
	const struct pages_obtained *found = &l->placement[side].sizes;
	json_t *list;

	if (!l->have_placement[side] || !l->placement[side].sizes_known)
		return json_null();
	list = json_array();
	add_pages(list, "base", page_bytes(PAGES_4K), found->base);
	add_pages(list, "thp", page_bytes(PAGES_THP), found->thp);
	add_pages(list, "hugetlb", found->hugetlb_page, found->hugetlb);
	return list;
}

static json_t *launch_json(const struct launch_result *l, size_t index, size_t order,
			   double *sorted)
{
	json_t *samples = json_array(), *json;

	for (unsigned int i = 0; i < l->samples; i++)
		json_array_append_new(samples, json_real(l->sample_ns_per_op[i]));
	json = json_pack("{s:I,s:I,s:i,s:I,s:{s:f,s:f,s:f,s:f},s:{s:i,s:o,s:o,s:o,s:o}}", "index",
			 (json_int_t)index, "order", (json_int_t)order, "samples", (int)l->samples,
			 "ops", (json_int_t)l->ops, "ns_per_op", "min", sorted[0], "p10",
			 stats_quantile(sorted, l->samples, 0.1), "p25",
			 stats_quantile(sorted, l->samples, 0.25), "median",
			 stats_quantile(sorted, l->samples, 0.5), "placement", "cpu", l->cpu, "src",
			 side_placement(l, 0), "dst", side_placement(l, 1), "src_pages",
			 side_pages(l, 0), "dst_pages", side_pages(l, 1));

	if (l->variant[0])
		json_object_set_new(json, "variant", json_string(l->variant));
	json_object_set_new(json, "samples_ns_per_op", samples);
	json_object_set_new(json, "clock",
			    json_pack("{s:f,s:f,s:f,s:f}", "cost_ns", l->clock.cost_ns,
				      "resolution_ns", l->clock.resolution_ns, "window_ns",
				      l->window_ns, "share", clock_share(&l->clock, l->window_ns)));
	/* With fewer timings not even ten are beyond it: one launch can't say. */
	json_object_set_new(json, "latency_p99_ns",
			    l->latency.count >= 1000 ? json_real(hist_quantile(&l->latency, 0.99))
						     : json_null());
	if (l->have_cpu)
		json_object_update_new(json, json_pack("{s:f,s:f}", "cpu_caller_ns_per_byte",
						       l->cpu_caller, "cpu_machine_ns_per_byte",
						       l->cpu_machine));
	if (l->first_touch.known)
		json_object_update_new(json, json_pack("{s:f,s:f}", "first_touch_cold_ns_per_line",
						       l->first_touch.cold_ns,
						       "first_touch_hot_ns_per_line",
						       l->first_touch.hot_ns));
	return json;
}

/* Structures of nothing but sums. */
static void add_sums(void *to, const void *from, size_t size)
{
	const uint64_t *in = from;
	uint64_t *out = to;

	for (size_t i = 0; i < size / sizeof(*out); i++)
		out[i] += in[i];
}

static void add_touch(struct case_record *rec, const struct first_touch *touch)
{
	if (!touch->known) {
		memcpy(rec->no_touch_reason, touch->reason, sizeof(rec->no_touch_reason));
		return;
	}
	rec->touch_lines = touch->lines;
	rec->touch_cold[rec->ntouch] = touch->cold_ns;
	rec->touch_hot[rec->ntouch++] = touch->hot_ns;
}

/* What didn't answer once would let every other case wait as long. */
static void give_engine_up(struct result *r, const json_t *engine)
{
	const json_t *name = json_object_get(engine, "name");

	for (size_t i = 0; i < r->ncases; i++) {
		struct case_record *rec = &r->cases[i];

		if (rec->status != LAUNCH_OK || !(rec->c->path->axes & AXIS_DSA) ||
		    !json_equal(json_object_get(rec->engine, "name"), name))
			continue;
		rec->status = LAUNCH_SKIPPED;
		snprintf(rec->reason, sizeof(rec->reason),
			 "%s didn't answer in another case, and isn't used again",
			 json_string_value(name));
	}
}

/* How work goes to a queue is part of what the figure is: the engine's name says it. */
static bool went_otherwise(const struct case_record *rec, const struct launch_result *l)
{
	const char *provider = json_string_value(json_object_get(rec->engine, "driver"));
	const char *way = provider ? strchr(provider, '-') : NULL;

	return rec->c->path->axes & AXIS_DSA && (!way || strcmp(way + 1, l->variant));
}

void result_add(struct result *r, size_t index, size_t order, const struct launch_result *l)
{
	struct case_record *rec = &r->cases[index];
	double sorted[MAX_SAMPLES];

	if (l->engine_lost)
		give_engine_up(r, rec->engine);
	if (l->status != LAUNCH_OK) {
		/* A failure stands whatever the other launches say. */
		if (rec->status != LAUNCH_FAILED) {
			rec->status = l->status;
			memcpy(rec->reason, l->reason, sizeof(rec->reason));
		}
		return;
	}
	if (went_otherwise(rec, l)) {
		rec->status = LAUNCH_FAILED;
		snprintf(rec->reason, sizeof(rec->reason),
			 "a launch handed work over by %s, which the plan didn't know", l->variant);
		return;
	}
	memcpy(sorted, l->sample_ns_per_op, sizeof(sorted));
	stats_sort(sorted, l->samples);
	json_array_append_new(rec->launches, launch_json(l, rec->n, order, sorted));
	rec->ns_per_op[rec->n++] = stats_quantile(sorted, l->samples, 0.5);
	if (l->have_cpu) {
		rec->cpu_caller[rec->ncpu] = l->cpu_caller;
		rec->cpu_machine[rec->ncpu] = l->cpu_machine;
		rec->cpu_left[rec->ncpu++] = l->cpu_left;
	} else {
		memcpy(rec->no_cpu_reason, l->no_cpu_reason, sizeof(rec->no_cpu_reason));
	}
	add_touch(rec, &l->first_touch);
	neighbour_add(rec, r->options->launches, l);
	rec->verified_bytes += l->verified_bytes;
	if (rec->ops_per_timing < l->ops_per_timing)
		rec->ops_per_timing = l->ops_per_timing;
	rec->verified_whole += l->verified_whole;
	rec->verified_spots += l->verified_spots;
	hist_merge(&rec->latency, &l->latency);
	add_sums(&rec->stages, &l->stages, sizeof(rec->stages));
	add_sums(&rec->submissions, &l->submissions, sizeof(rec->submissions));
	add_sums(&rec->use, &l->use, sizeof(rec->use));
	add_sums(&rec->fresh, &l->fresh, sizeof(rec->fresh));
	add_sums(&rec->load, &l->load, sizeof(rec->load));
	rec->load_cpus = l->load_cpus;
	if (l->meanwhile.unit_ns > 0) {
		rec->meanwhile_ns += (double)l->meanwhile.units * l->meanwhile.unit_ns;
		rec->meanwhile_of_ns += l->meanwhile.total_ns;
	}
	events_add(&rec->events, &l->events);
	hist_merge(&rec->descriptor_latency, &l->descriptor_latency);
	add_sums(&rec->descriptors, &l->descriptors, sizeof(rec->descriptors));
}
