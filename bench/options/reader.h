/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands and their options, read and told of from one table each: "--name value",
 * "--name=value", or "--name" alone. Not argp: an error there takes two lines, any beginning of a
 * name is taken for it, and what --help prints depends on the environment.
 */
#ifndef DMABENCH_READER_H
#define DMABENCH_READER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct option;

/*
 * Takes the value (NULL where the option has none) into what is filled in. 0, -EINVAL, -ERANGE,
 * -E2BIG (too many), -EEXIST (named twice) or -ENODEV (no such NUMA node).
 */
typedef int option_reader(void *into, const struct option *option, const char *text);

/* A table of them ends with one that has no name. */
struct option {
	const char *name;  /* "--size" */
	const char *value; /* what its value looks like, "LIST"; NULL: it has none */
	const char *help;  /* what it means; after the first line whatever else is to be known */
	option_reader *read;
	size_t at;    /* the reader's: where the value goes, an offset */
	uint64_t max; /* the reader's: the largest that there is */
};

/* The part of a value that its reader refused, where that isn't all of it. */
extern char option_bad_part[128];

/*
 * Readers for fields of what is filled in: a text that isn't empty, one that is given once, true,
 * a number up to max, bytes from 1 to max.
 */
option_reader option_text, option_once, option_flag, option_number, option_size;

struct command {
	const char *name;
	const char *what;  /* a line in the list of commands */
	const char *usage; /* what follows the name */
	const char *about; /* above the options, and below them */
	const char *after;
	const struct option *options; /* NULL: none of its own */
	const struct option *more;    /* others' that it takes, too; NULL: none */
	const char *more_about;
	void (*help)(FILE *to);		   /* what else is to be said; NULL: nothing */
	int (*run)(int argc, char **argv); /* argv[0] is the name; exit status */
};

void command_help(const struct command *command, FILE *to);

/* The row of an argument, "--size" or "--size=4K"; NULL: none is called so. */
const struct option *option_row(const struct option *options, const char *argument);

/*
 * One argument and its value, with *i left at the last word taken: 0, or EXIT_USAGE after one line
 * on stderr, or -ENOENT: none of the options is called so.
 */
int option_take(const char *command, const struct option *options, void *into, int argc,
		char **argv, int *i);

/* EXIT_USAGE, after one line that says so and what may have been meant. */
int option_unknown(const char *command, const struct option *options, const char *argument);

/*
 * All of argv. Whatever is no option goes to other, if there is one, whose reader's -EINVAL says
 * that there is no place for it; other->help says what is expected then. 0 or EXIT_USAGE.
 */
int options_read(const char *command, const struct option *options, const struct option *other,
		 void *into, int argc, char **argv);

/* One line on stderr: what was found, and what was expected. Gives EXIT_USAGE back. */
int usage_error(const char *command, const char *argument, const char *expected);

#endif
