/* SPDX-License-Identifier: GPL-2.0-only */
/* The result file, "dmabench-result/1": collected launch by launch, written whole each time. */
#ifndef DMABENCH_RESULT_H
#define DMABENCH_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "machine/state.h"
#include "measure/launch_result.h"
#include "run_options.h"

#define RESULT_SCHEMA "dmabench-result/1"

/* What one case has come to so far. */
struct case_record {
	const struct bench_case *c;
	char id[512];
	enum launch_status status; /* of the case: the worst of its launches */
	char reason[256];
	json_t *engine;	   /* {name, driver, …} or NULL */
	json_t *launches;  /* array, one entry a launch */
	size_t n;	   /* launches that are in */
	double *ns_per_op; /* their medians */
	double *cpu_caller, *cpu_machine, *cpu_left;
	size_t ncpu;
	char no_cpu_reason[160];
	struct neighbour_record *neighbour; /* NULL: none was measured, for this reason */
	char no_neighbour_reason[NEIGHBOUR_REASON];
	uint64_t verified_bytes, verified_whole, verified_spots, ops_per_timing;
	struct hist latency;
	struct stage_sums stages;
	struct submission_sums submissions;
	struct use_sums use;
	struct fresh_sums fresh;
	struct load_sums load;
	unsigned int load_cpus;		      /* of a launch */
	double meanwhile_ns, meanwhile_of_ns; /* worked, of the samples' time; 0: the path can't */
	double *touch_cold, *touch_hot;	      /* ns per line, by launch */
	size_t ntouch, touch_lines;
	char no_touch_reason[96];
	struct event_totals events;
	struct descriptor_sums descriptors;
	struct hist descriptor_latency;
};

struct result {
	const struct run_options *options;
	json_t *environment;
	struct state state; /* empty until state_begin */
	struct case_record *cases;
	size_t ncases;
	unsigned int rounds_done;
	time_t start;
	uint64_t start_ns;
	bool complete;
};

/* Everything known before the first launch; cases that can't run are skipped here. 0 or -ENOMEM. */
int result_begin(struct result *r, const struct run_options *o);
void result_free(struct result *r);

/* Take in a launch that was number order of its run. */
void result_add(struct result *r, size_t index, size_t order, const struct launch_result *l);

/* result_neighbour.c: take in what a launch of at most that many says; the case's "neighbour". */
void neighbour_add(struct case_record *rec, size_t launches, const struct launch_result *l);
json_t *neighbour_json(const struct case_record *rec, uint64_t seed);

/* When all launches are in: a case whose rate can't be is failed. 0 or -ENOMEM. */
int result_judge(struct result *r);

/* The whole file; new reference. */
json_t *result_to_json(const struct result *r);

/*
 * Write json to path: a regular file is replaced at once or not at all, anything else
 * (a pipe, a device) is written to. 0 or -errno.
 */
int result_write(const json_t *json, const char *path);

/*
 * Read a result: whole, of this schema, without duplicate keys, ids or non-finite
 * numbers. New reference, or NULL with why[].
 */
json_t *result_read(const char *path, char *why, size_t len);

/*
 * The same of the last of several results that follow each other in text[size], as a run that
 * writes to a pipe leaves them.
 */
json_t *result_read_last(const char *text, size_t size, char *why, size_t len);

#endif
