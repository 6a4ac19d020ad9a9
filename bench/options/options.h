/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of run, copy and their help, from one table. */
#ifndef DMABENCH_OPTIONS_H
#define DMABENCH_OPTIONS_H

#include <stdbool.h>

#include "result/run_options.h"
#include "exit_status.h"
#include "reader.h"

/*
 * Read argv (argv[0] is the command). 0, or EXIT_USAGE after one line on stderr that
 * says which argument and what was expected.
 */
int options_parse_run(int argc, char **argv, struct run_options *o);

/* The table of them, for help and for commands that take these, too. */
extern const struct option run_option_rows[];

/*
 * The options about measuring, as arguments that give the same again: name is "--sample-ms",
 * value its value. i counts from 0; false after the last.
 */
bool options_measure(const struct run_options *o, size_t i, const char **name, uint64_t *value);

#endif
