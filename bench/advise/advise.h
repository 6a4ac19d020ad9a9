/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What another way of copying would save a program at most: the copies that it makes, by what the
 * result of this machine says such copies take. docs/profile.md has the reasoning.
 */
#ifndef DMABENCH_ADVISE_H
#define DMABENCH_ADVISE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "curves.h"

#define ADVICE_SCHEMA "dmabench-advice/1"

/* Savings below that share of the program's CPU time are hardly anything. */
#define LITTLE 0.01

struct copied {
	double calls, bytes;
};

/* Copies of about one size that may be made in another way. */
struct bin {
	uint64_t from, to; /* to: UINT64_MAX, there is no end */
	struct copied all, overlapping;
	double size; /* mean, of those that don't overlap */
};

/* How they could be saved. */
enum manner { SYNCHRONOUS, OVERLAPPED, MANNERS };

/* The best that can be said of a bin; of one manner and state of the caches. */
struct choice {
	const struct curve *curve; /* NULL: nothing is known to be better */
	bool rival;		   /* another way was measured there */
	bool undecided;		   /* nothing is known to be better, and something may be */
	double saved_ns;	   /* a call */
	double may_save_ns;	   /* a call, the undecided as far as the intervals let it be */
	double takes_ns;	   /* from its begin to its end */
	double cpu_ns;		   /* CPU time of the machine saved, a call; NAN: not known */
};

struct bin_state {
	bool measured; /* its size is one that memcpy was measured around */
	double memcpy_ns;
	struct choice choice[MANNERS];
};

struct saving {
	struct copied copies; /* that something is known to be better for */
	struct copied undecided;
	double time_s, cpu_s; /* cpu_s: NAN, not known */
	double may_s;	      /* time, if all that can't be told were for it */
	double busy_s;	      /* what the engine works, of those that overlap with other work */
	bool cut;	      /* the engine hasn't the time for all of them */
	bool any;	      /* a way that can do so was measured */
	bool known;	      /* false: this result can't say */
};

/* With the caches hot, or cold. */
struct state_advice {
	struct curves curves;
	bool there; /* in the result */
	struct bin_state *bins;
	struct copied inside, below, above; /* of the sizes measured */
	struct copied alone;		    /* of those inside, where nothing else was measured */
	double memcpy_s;		    /* what copies inside take, by memcpy's figures */
	double alone_s;			    /* those alone */
	double below_most_s; /* those below can't take more than as many of the smallest measured */
	struct saving saving[MANNERS];
};

enum { HOT, COLD, STATES };

enum verdict_of_advice {
	NOTHING,
	HARDLY,
	SOMETHING,
	ONLY_OVERLAPPED,
	OVERLAPPED_AT_LEAST, /* and without it can't be told */
	CANT_TELL,
	NO_RIVAL,
	NO_SIZE,
	VERDICTS_OF_ADVICE
};
extern const char *const verdict_words[];

struct advice {
	const json_t *profile, *result;
	const char *env;	/* of the result */
	const char *difference; /* of the machines; NULL: it is one */
	struct bin *bins;
	size_t nbins;
	struct copied all, overlapping;
	double cpu_s, wall_s; /* of the program */
	struct state_advice state[STATES];
	double most_s; /* the largest saving of all */
	enum verdict_of_advice verdict;
};

/*
 * The environment of a result that the profile's machine is, or, for another machine, the first
 * that is none of an emulated machine; *difference says then what differs. NULL: there is none.
 */
const char *advise_environment(const json_t *profile, const json_t *result,
			       const char **difference);

/* profile, result, env and difference are set. 0 or -errno; to be freed in any case. */
int advise(struct advice *a);
void advise_free(struct advice *a);

/* The best that is known for copies of a size. */
struct choice advise_choose(const struct curves *c, double size, enum manner manner);
/* What memcpy takes of a size between the smallest and the largest measured. */
double advise_memcpy_ns(const struct curves *c, double size);

/* Down to what there is: the program's own time, and of an engine what it can do in that. 0 or -ENOMEM. */
int advise_cut(const struct advice *a, struct state_advice *s, enum manner manner);

/* 0 of nothing. */
double share_of(double part, double whole);

/* What savings are a share of: the program's CPU time; where none was counted, how long it ran. */
double advice_whole(const struct advice *a);
/* Is that so much that it counts? Of a program that took no time anything is. */
bool advice_counts(const struct advice *a, double seconds);

json_t *advice_json(const struct advice *a, const char *profile_file, const char *result_file);
void advice_text(const struct advice *a, FILE *to);

#endif
