/* SPDX-License-Identifier: GPL-2.0-only */
/* How a launch is measured: the same for each case of a run. Times are ns. */
#ifndef DMABENCH_CONFIG_H
#define DMABENCH_CONFIG_H

#include <stdint.h>

#define MAX_SAMPLES 64

struct measure_config {
	unsigned int samples;	/* 1 … MAX_SAMPLES */
	uint64_t sample_ns;	/* a sample is at least this long, or one operation */
	uint64_t budget_ns;	/* no further sample is begun beyond this */
	uint64_t cpu_phase_ns;	/* 0: CPU use isn't measured */
	uint64_t calibrate_ns;	/* idle time for the soaker */
	uint64_t event_ns;	/* for counting events; 0: not counted */
	uint64_t descriptor_ns; /* for latencies of single descriptors; 0: not measured */
	uint64_t neighbour_ns;	/* 0: the neighbour's cost isn't measured */
	uint64_t settle_ns;	/* idle time before anything else */
	uint64_t min_batch;	/* operations between two readings of the clock, at least */
	uint64_t seed;
};

#endif
