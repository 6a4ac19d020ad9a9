/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which machines stand out from others of their kind? Numbers in, numbers out: docs/fleet.md says
 * why it is done so and how often it is wrong, tests/rates/fleet_rates.c counts that.
 */
#ifndef DMABENCH_FLEET_STAND_OUT_H
#define DMABENCH_FLEET_STAND_OUT_H

#include <stdbool.h>
#include <stddef.h>

#define STAND_OUT_MACHINES 8 /* fewer of a kind say nothing */
#define STAND_OUT_LAUNCHES 3 /* fewer are no value of a machine */
#define STAND_OUT_CASES 5    /* fewer don't say what one of them should be like */
#define STAND_OUT_FAMILY 4   /* fewer cases are no family */
#define STAND_OUT_ALPHA 0.01 /* of a kind without odd machines: any called slower */

/* A case over the machines of a kind; all but n are logarithms. */
struct case_spread {
	size_t n;    /* machines that have it */
	bool judged; /* enough of them */
	double median, scale, low, q25, q75, high;
};

enum standing { STANDS_WITH_THE_REST, STANDS_SLOWER, STANDS_FASTER };

struct machine_standing {
	size_t cases; /* judged ones that it has */
	double whole; /* median over its cases of the log ratio to the case's median */
	double error; /* standard error of whole, by the launches */
	double worst; /* the largest score of its cases, to either side */
	enum standing whole_stands, cases_stand; /* slower goes before faster */
};

/* Cases that belong together, such as all of a path: what they share shows where one alone doesn't. */
struct case_family {
	const size_t *cases;
	size_t n; /* STAND_OUT_FAMILY or more */
};

/*
 * A column is what machines are held against each other in: first the cases, then the families,
 * whose change is the median of their cases'.
 */
struct group {
	size_t machines, cases, families;
	const struct case_family *family;
	double threshold; /* smallest change that matters, as a share */
	/*
	 * In, [machine * cases + case]: the log of the time and its standard error, by the launches
	 * within the machine. A value that isn't there is NAN.
	 */
	const double *value, *error;
	/* Out. */
	struct case_spread *spread; /* of each case */
	size_t columns;
	double *change; /* [machine * columns + column], log ratio to the kind's median; NAN: none */
	double *score;	/* the same; NAN: not judged */
	struct machine_standing *standing;
	double whole;			   /* of all machines: the middle of theirs */
	double slower_limit, faster_limit; /* of the log ratios of whole machines, from there */
	double usual_error;		   /* of wholes */
	double score_limit;		   /* of columns; HUGE_VAL: none was judged */
	size_t judged;			   /* cases */
};

/* 0 or -ENOMEM; group_free() in any case. */
int group_look(struct group *g);
void group_free(struct group *g);

/* How a machine stands in one column. */
enum standing group_column(const struct group *g, size_t machine, size_t column);

/* The limits, in units of each scale, for n machines: from a table that fleet_rates --limits makes. */
double limit_of_wholes(size_t n);
double limit_of_worsts(size_t n);

/* The median of a machine's launches and its standard error, by their own spread; changes v. */
void launches_value(double *v, size_t n, double *value, double *error);

/*
 * The place and scale of the three quarters of v[n] that lie closest together (Rousseeuw's minimum
 * covariance determinant, in one dimension); sorts v. scale is that of a normal distribution.
 */
void closest_part(double *v, size_t n, double *place, double *scale);

/* Where whole machines are, and their scales towards either side; sorts v. */
void wholes_spread(double *v, size_t n, double *place, double *slower, double *faster);

/* Mean and standard deviation of the lowest three quarters of v[n]; sorts v. */
void lowest_part(double *v, size_t n, double *place, double *scale);

#endif
