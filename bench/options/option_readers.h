/* SPDX-License-Identifier: GPL-2.0-only */
/* How the values of options are read; the table of options is in options.c. */
#ifndef DMABENCH_OPTION_READERS_H
#define DMABENCH_OPTION_READERS_H

#include "result/run_options.h"
#include "reader.h"

struct parser {
	struct run_options *o;
	struct axes axes; /* of the group being read */
};

/* Lists that fill the axes of a group. */
option_reader read_sizes, read_numbers, read_vectors, read_nodes, read_words, read_paths,
	read_engines, read_dsa_queues;
/* Single values that fill the options of the run. */
option_reader read_launches, read_samples, read_ms, read_seed, read_output, read_env, read_mode;
option_reader read_force, read_ids, read_part, read_dry_run, read_only, read_state_ms;
/* Of the group. */
option_reader read_numa_matrix;

#endif
