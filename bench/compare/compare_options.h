/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_COMPARE_OPTIONS_H
#define DMABENCH_COMPARE_OPTIONS_H

#include "options/reader.h"
#include "compared.h"

/*
 * Read argv (argv[0] is the command). 0, or EXIT_USAGE after one line on stderr that says
 * which argument and what was expected.
 */
int compare_options_parse(int argc, char **argv, struct compare_options *o);

extern const struct option compare_option_rows[];

/* Readers for others' options: read_share()'s, and what a launch is summarised by. */
option_reader option_share, option_location;

/* "5", "2.5": a percentage above 0, at most 1000, in whatever locale; a share comes out. 0 or -errno. */
int read_share(const char *text, double *share);

#endif
