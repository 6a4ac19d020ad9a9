/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_COMPARE_OPTIONS_H
#define DMABENCH_COMPARE_OPTIONS_H

#include <stdio.h>

#include "compared.h"

/*
 * Read argv (argv[0] is the command). 0, or EXIT_USAGE after one line on stderr that says
 * which argument and what was expected.
 */
int compare_options_parse(int argc, char **argv, struct compare_options *o);

void compare_options_help(FILE *to);

/* "5", "2.5": a percentage above 0, at most 1000, in whatever locale; a share comes out. 0 or -errno. */
int read_share(const char *text, double *share);

#endif
