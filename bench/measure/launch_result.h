/* SPDX-License-Identifier: GPL-2.0-only */
/* What a launch came to. */
#ifndef DMABENCH_LAUNCH_RESULT_H
#define DMABENCH_LAUNCH_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/clock.h"
#include "memory/placement.h"
#include "paths/path.h"
#include "statistics/hist.h"
#include "co_runner.h"
#include "config.h"
#include "events.h"

/* The proof of a cold cache, for cases that ask for one. Times are ns per cache line. */
struct first_touch {
	bool known;
	size_t lines;		/* of both buffers together, read one after the other */
	double cold_ns, hot_ns; /* after the eviction, and once more */
	char reason[96];	/* why it isn't known */
};

/* Bytes of why there are none. */
#define NEIGHBOUR_REASON 224

/* A neighbour's rates in bytes per ns: alone before, beside the path, alone after. */
struct neighbour {
	double before[CO_RUNNER_KINDS], with[CO_RUNNER_KINDS], after[CO_RUNNER_KINDS];
	double path_alone, path_with[CO_RUNNER_KINDS]; /* ns per operation of the path */
	uint64_t working_set[CO_RUNNER_KINDS];	       /* bytes */
	int cpu;
	bool smt_sibling; /* no CPU but the caller's SMT sibling was there */
	bool shares_cpu;  /* the path has a thread on the neighbour's CPU */
};

/* Of cases in which the CPU writes the source and reads the destination: sums of its parts, in ns. */
struct use_sums {
	uint64_t ops, write, operation, read;
};

/* Of cases in which each operation goes into pages that were never touched. */
struct fresh_sums {
	uint64_t ops, pages, faults;
};

/* Of cases with others at work: what these read while the samples were taken. */
struct load_sums {
	uint64_t bytes, ns;
};

enum launch_status { LAUNCH_OK, LAUNCH_SKIPPED, LAUNCH_FAILED };

struct launch_result {
	enum launch_status status;
	char reason[256];
	bool late;	  /* failed because it took too long, as it may where CPUs are short */
	bool engine_lost; /* an engine didn't answer, and may still be at work */
	unsigned int samples;
	double sample_ns_per_op[MAX_SAMPLES];
	uint64_t ops;		 /* timed for the samples */
	uint64_t ops_per_timing; /* operations between two readings of the clock */
	struct clock_info clock; /* as this launch found it */
	double window_ns;	 /* mean length of what is timed with two readings of it */
	uint64_t verified_bytes; /* destination bytes compared and found right */
	uint64_t verified_whole; /* of these, operations verified one by one, all their bytes */
	uint64_t verified_spots; /* operations of which three bytes were checked one by one */
	struct overlapped_work meanwhile;
	bool have_cpu;
	char no_cpu_reason[160];
	double cpu_caller;  /* ns per byte */
	double cpu_machine; /* ns per byte */
	double cpu_left;    /* share of all CPUs */
	bool have_neighbour;
	char no_neighbour_reason[NEIGHBOUR_REASON];
	struct neighbour neighbour;
	bool have_placement[2]; /* source, destination */
	struct placement placement[2];
	int cpu;
	char variant[COPY_VARIANT_LEN]; /* which way the path took, "": it has but one */
	struct first_touch first_touch;
	struct stage_sums stages;
	struct submission_sums submissions;
	struct use_sums use;
	struct fresh_sums fresh;
	struct load_sums load;
	unsigned int load_cpus;
	struct hist latency;
	struct event_totals events;
	struct descriptor_sums descriptors;
	struct hist descriptor_latency;
};

#endif
