/* SPDX-License-Identifier: GPL-2.0-only */
/* The time of each case over the runs of a folder, and where it changed. */
#ifndef DMABENCH_TREND_H
#define DMABENCH_TREND_H

#include <stdio.h>

#include "statistics/divisive.h"
#include "runs.h"

#define TREND_SCHEMA "dmabench-trend/1"
#define TREND_ALPHA 0.01
#define TREND_LAST 100

struct level_change {
	size_t run;	      /* of runs: the first of the new level */
	double before, after; /* ns/op (vm-icount: instructions), medians of both levels */
	double change;	      /* share of before, Hodges-Lehmann */
	bool have_interval;
	double lo, hi; /* 95 %, as if the place had been known beforehand */
	double p;      /* of the split; -1: counted, not tested */
};

struct trend_case {
	const json_t *json; /* of the newest run that has it */
	const char *id, *env, *platform;
	bool counted;	     /* instructions: any change above the threshold is one */
	const char *skipped; /* times mean nothing: why; NULL: they mean something */
	char reason[128];    /* why nothing could be found; "": it was looked for */
	size_t n;
	size_t *run;   /* which runs have it */
	double *value; /* logarithms, of these runs */
	struct level_change *changes;
	size_t nchanges;
};

struct trend {
	const char *folder;
	enum location location;
	double alpha; /* of a false alarm in any case */
	double level; /* of one in one case: alpha / tested */
	size_t tested;
	size_t least_runs; /* fewer can't reach level whatever they show */
	struct runs runs;
	struct trend_case *cases;
	size_t n;
	bool looked; /* in any case */
};

/* Find the changes; folder, location, alpha and runs are given. 0 or -ENOMEM. trend_free() in any case. */
int trend_analyse(struct trend *t);
void trend_free(struct trend *t);

/* trend_report.c, trend_json.c */
typedef void trend_writer(const struct trend *t, FILE *to);
trend_writer trend_text, trend_markdown, trend_json;

#endif
