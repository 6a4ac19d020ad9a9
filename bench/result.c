// SPDX-License-Identifier: GPL-2.0-only
/* Collecting launches, case by case. */
#include "result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "driver.h"
#include "environment.h"
#include "files.h"
#include "platform.h"
#include "stats.h"

/* What is recorded of the engine with each case. */
static json_t *engine_of(const struct case_params *p)
{
	struct dmabench_engine_info e;
	char why[128];
	int fd = driver_open(why, sizeof(why)), ret;

	if (fd < 0)
		return NULL;
	ret = driver_find(fd, p->engine, &e, why, sizeof(why));
	close(fd);
	if (ret)
		return NULL;
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:s}", "name", e.name, "driver", e.driver, "device",
			 e.device, "kind", engine_kind(e.driver), "node", e.node, "iommu",
			 iommu_name(e.iommu));
}

/*
 * Would the buffers fit? Without asking, the kernel may end some process, perhaps ours.
 * Paths with memory of their own need as much again.
 */
static bool fits_memory(const struct bench_case *c, char *why, size_t len)
{
	unsigned long long kib, need = (c->path->push ? 4 : 2) * c->params.size;

	if (read_key("/proc/meminfo", "MemAvailable:", &kib) || need / 1024 <= kib / 10 * 9)
		return true;
	snprintf(why, len, "needs %llu bytes of memory, %llu are available", need, kib * 1024);
	return false;
}

static int begin_case(struct case_record *rec, const struct bench_case *c, unsigned int launches)
{
	char why[sizeof(rec->reason)] = "";

	rec->c = c;
	case_id(c, rec->id, sizeof(rec->id));
	rec->launches = json_array();
	rec->ns_per_op = calloc(4 * (size_t)launches, sizeof(double));
	if (!rec->ns_per_op || !rec->launches)
		return -ENOMEM;
	rec->cpu_caller = rec->ns_per_op + launches;
	rec->cpu_machine = rec->cpu_caller + launches;
	rec->cpu_left = rec->cpu_machine + launches;
	if ((c->path->probe && c->path->probe(&c->params, why, sizeof(why))) ||
	    !fits_memory(c, why, sizeof(why))) {
		rec->status = LAUNCH_SKIPPED;
		memcpy(rec->reason, why, sizeof(why));
	}
	if (c->path->axes & AXIS_ENGINE)
		rec->engine = engine_of(&c->params);
	return 0;
}

int result_begin(struct result *r, const struct run_options *o)
{
	memset(r, 0, sizeof(*r));
	r->options = o;
	r->start = time(NULL);
	r->start_ns = now_ns();
	r->environment = environment(o->env_id);
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
	}
	free(r->cases);
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

static json_t *launch_json(const struct launch_result *l, size_t index, size_t order,
			   double *sorted)
{
	json_t *json = json_pack("{s:I,s:I,s:i,s:I,s:{s:f,s:f,s:f,s:f},s:{s:i,s:o,s:o}}", "index",
				 (json_int_t)index, "order", (json_int_t)order, "samples",
				 (int)l->samples, "ops", (json_int_t)l->ops, "ns_per_op", "min",
				 sorted[0], "p10", stats_quantile(sorted, l->samples, 0.1), "p25",
				 stats_quantile(sorted, l->samples, 0.25), "median",
				 stats_quantile(sorted, l->samples, 0.5), "placement", "cpu",
				 l->cpu, "src", side_placement(l, 0), "dst", side_placement(l, 1));

	/* With fewer timings not even ten are beyond it: one launch can't say. */
	json_object_set_new(json, "latency_p99_ns",
			    l->latency.count >= 1000 ? json_real(hist_quantile(&l->latency, 0.99))
						     : json_null());
	if (l->have_cpu)
		json_object_update_new(json, json_pack("{s:f,s:f}", "cpu_caller_ns_per_byte",
						       l->cpu_caller, "cpu_machine_ns_per_byte",
						       l->cpu_machine));
	return json;
}

static void add_stages(struct stage_sums *to, const struct stage_sums *from)
{
	const uint64_t *in = (const uint64_t *)from;
	uint64_t *out = (uint64_t *)to;

	for (size_t i = 0; i < sizeof(*to) / sizeof(*out); i++)
		out[i] += in[i];
}

void result_add(struct result *r, size_t index, size_t order, const struct launch_result *l)
{
	struct case_record *rec = &r->cases[index];
	double sorted[MAX_SAMPLES];

	if (l->status != LAUNCH_OK) {
		/* A failure stands whatever the other launches say. */
		if (rec->status != LAUNCH_FAILED) {
			rec->status = l->status;
			memcpy(rec->reason, l->reason, sizeof(rec->reason));
		}
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
	rec->verified_bytes += l->verified_bytes;
	rec->ops_per_timing = l->ops_per_timing;
	hist_merge(&rec->latency, &l->latency);
	add_stages(&rec->stages, &l->stages);
}
