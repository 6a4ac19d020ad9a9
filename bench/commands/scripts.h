/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that are scripts: in the source tree's scripts/, or where make install puts them. So
 * are the pages that commands make by --page.
 */
#ifndef DMABENCH_SCRIPTS_H
#define DMABENCH_SCRIPTS_H

#include "options/reader.h"

struct script {
	const char *name;
	const char *what; /* a line in the list of commands */
};

/* NULL: none is called so. The n-th, or NULL. */
const struct script *script_find(const char *name);
const struct script *script_at(size_t n);

/* Becomes the script; argv[0] is its name. What comes back is an exit status, after one line. */
int script_run(const char *name, int argc, char **argv);

/* The row of --page DIR, for commands that have a page. */
extern const struct option page_option_rows[];

/* Is --page among the arguments of the command? Where it stands, or 0. */
int page_wanted(const struct command *command, int argc, char **argv);

/* Becomes the script that makes the page. An exit status, as above. */
int page_run(const struct command *command, int at, int argc, char **argv);

#endif
