/* SPDX-License-Identifier: GPL-2.0-only */
/* Is this harness right? Checks whose answers are known beforehand, each with a verdict. */
#ifndef DMABENCH_SELFCHECK_H
#define DMABENCH_SELFCHECK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "measure/launch_result.h"
#include "check_verdict.h"

#define SELFCHECK_MIN_LAUNCHES 6 /* fewer give no 95 % interval of a median */
#define SELFCHECK_MAX_LAUNCHES 200

struct selfcheck {
	unsigned int launches; /* of each side of a comparison */
	uint64_t size;	 /* bytes: the smallest copy, which the harness's cost is held against */
	uint64_t rng;	 /* of orders and patterns */
	const char *env; /* id of the environment, recorded */
	volatile int *stop;
	json_t *list; /* "self_checks" of the result file */
	bool wrong, undecided;
};

/* One check and what came of it. measured and interval are in unit. */
struct check {
	const char *name, *unit;
	char what[160];
	double expected, tolerance; /* ok means: within tolerance of expected */
	bool have_measured, have_interval;
	double measured, lo, hi;
	enum check_verdict verdict;
	char detail[320];
};

/* The groups. 0, or -EINTR when *stop was set; what can't be measured is undecided. */
int selfcheck_verify(struct selfcheck *s);
int selfcheck_cost(struct selfcheck *s);
int selfcheck_slowed(struct selfcheck *s);
int selfcheck_outside(struct selfcheck *s);

/* The median of v[n] with its interval, and the verdict by it. Sorts v. */
void check_judge(struct check *c, double *v, size_t n);
/* One measurement of a check into c: 0, or -EINTR. */
typedef int check_measure(struct selfcheck *s, struct check *c, const void *of);

/*
 * Take a check into the list that by(s, c, of) measures: 0, or -EINTR. An interval of 95 %
 * misses the truth by chance once in twenty; what it calls wrong is measured once more, by fresh
 * launches, and stands if they say the same on the same side. Else it is undecided.
 */
int selfcheck_measured(struct selfcheck *s, struct check *c, check_measure *by, const void *of);
/* Take a check into the list, and say it on stderr. */
void selfcheck_add(struct selfcheck *s, const struct check *c);
/* A launch of path at size on the plainest setting, with a pattern of its own. */
int selfcheck_launch(struct selfcheck *s, const struct copy_path *path, uint64_t size,
		     struct measure_config config, struct launch_result *r);

#endif
