/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two builds, or two settings, measured side by side: for each launch of one side there is
 * one of the other right before or after it, so that what drifts more slowly hits both alike.
 * Each launch is a run of its own of the side's program, asked for by its public options, so
 * that programs of other versions can be measured too.
 */
#ifndef DMABENCH_PAIR_H
#define DMABENCH_PAIR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "options/options.h"
#include "result/result.h"

enum { SIDE_A, SIDE_B, SIDES };

struct pair_side {
	const char *name;  /* "A" or "B" */
	const char *exe;   /* the program */
	const char *setup; /* for /bin/sh, before each launch; NULL: nothing */
	const char *out;   /* the result */
	char *help;	   /* what it says of the options of its run */
	json_t *tool;	   /* of its results; NULL: there is none yet */
	bool *unknown;	   /* by case: the program doesn't have it */
	struct result result;
};

struct pair {
	struct pair_side side[SIDES];
	struct run_options run; /* the cases and how they are measured, for both sides */
	char id[33];		/* random: of this run of pairs, in both results */
	size_t count;		/* launches so far */
	volatile int *stop;	/* set by signals */
};

/* pair_options.c: 0 or EXIT_USAGE after one line on stderr. */
int pair_options_parse(int argc, char **argv, struct pair *p);
extern const struct option pair_option_rows[];

/*
 * side.c. All: 0, or -EINTR, or another -errno after one line on stderr that says what could
 * not be done.
 *
 * Ask the program what it can, run the setup once, and begin the result.
 */
int side_begin(struct pair *p, struct pair_side *s);
/* Setup, then one launch of a case, into the side's result. */
int side_launch(struct pair *p, struct pair_side *s, size_t index, uint64_t seed);
/* The result as it is now, to its file. */
int side_save(const struct pair *p, struct pair_side *s);
/* New reference. */
json_t *side_json(const struct pair *p, struct pair_side *s);
void side_free(struct pair_side *s);

/*
 * launch_args.c: the command line by which the side's program measures one launch of c.
 * NULL-terminated, to be freed as one block; NULL with why[]: the program lacks an option that
 * this takes.
 */
char **launch_args(const struct pair_side *s, const struct run_options *o,
		   const struct bench_case *c, uint64_t seed, char *why, size_t len);

/* rounds.c: all launches, in random order. Exit status. */
int pair_measure(struct pair *p);

#endif
