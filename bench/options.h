/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of run, copy and their help, from one table. */
#ifndef DMABENCH_OPTIONS_H
#define DMABENCH_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "measure.h"
#include "plan.h"

/* Exit statuses, part of the interface. */
#define EXIT_OK 0
#define EXIT_FAILED 1 /* regression or failed verification */
#define EXIT_USAGE 2  /* usage, unreadable input, output that can't be written */
#define EXIT_INCONCLUSIVE 3
#define EXIT_INCOMPARABLE 4

#define MAX_ONLY 512

struct run_options {
	struct plan plan;
	struct measure_config measure;
	unsigned int launches;
	const char *output; /* NULL: no file */
	const char *env_id; /* "host" */
	const char *mode;   /* free word that is recorded, "quick" */
	bool force, dry_run;
	bool part;	   /* of a larger run: its file never says it is complete */
	uint64_t state_ns; /* the machine is watched so long before and after; 0: not at all */
	const char *only[MAX_ONLY]; /* ids: no other case is measured */
	size_t nonly;
};

/*
 * Read argv (argv[0] is the command). 0, or EXIT_USAGE after one line on stderr that
 * says which argument and what was expected.
 */
int options_parse_run(int argc, char **argv, struct run_options *o);

void options_help_run(FILE *to);

/*
 * The options about measuring, as arguments that give the same again: name is "--sample-ms",
 * value its value. i counts from 0; false after the last.
 */
bool options_measure(const struct run_options *o, size_t i, const char **name, uint64_t *value);

#endif
