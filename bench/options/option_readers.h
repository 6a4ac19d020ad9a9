/* SPDX-License-Identifier: GPL-2.0-only */
/* How the values of options are read; the table of options is in options.c. */
#ifndef DMABENCH_OPTION_READERS_H
#define DMABENCH_OPTION_READERS_H

#include "result/run_options.h"

struct parser {
	struct run_options *o;
	struct axes axes; /* of the group being read */
};

/* An option: its name, what its value looks like, what it means, and its reader. */
struct option_row {
	const char *name, *value, *help;
	int (*read)(struct parser *p, const struct option_row *row, const char *text);
	size_t list; /* offset of the numbers it fills in struct axes */
	uint64_t max;
};

/* The part of the last value that a reader refused. */
extern char option_bad_part[128];

/* A reader: 0, or -EINVAL, -ERANGE, -E2BIG or -ENODEV (no such node). */
typedef int option_reader(struct parser *p, const struct option_row *row, const char *text);

/* Lists that fill the axes of a group. */
option_reader read_sizes, read_numbers, read_vectors, read_nodes, read_words, read_paths,
	read_engines;
/* Single values that fill the options of the run. */
option_reader read_launches, read_samples, read_ms, read_seed, read_output, read_env, read_mode;
option_reader read_force, read_part, read_dry_run, read_only, read_state_ms;
/* Of the group. */
option_reader read_numa_matrix;

#endif
