/* SPDX-License-Identifier: GPL-2.0-only */
/* Two results, what may be compared of them, and what came of it. */
#ifndef DMABENCH_COMPARED_H
#define DMABENCH_COMPARED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "verdict.h"

#define COMPARE_SCHEMA "dmabench-compare/1"

/* A figure that a launch has, and where. All of them: less is better. */
struct figure {
	const char *name, *key, *unit, *what;
};

/* The first is the default. */
enum { FIGURE_TIME, FIGURES = 4 };
extern const struct figure figures[FIGURES];

/* What a launch is summarised by, of the quantiles over its samples. */
enum location { LOCATION_MIN, LOCATION_P10, LOCATION_P25, LOCATION_MEDIAN, LOCATIONS };
extern const char *const location_names[LOCATIONS];

enum format {
	FORMAT_TEXT,
	FORMAT_MARKDOWN,
	FORMAT_JSON,
	FORMAT_JUNIT,
	FORMAT_KTAP,
	FORMAT_BIGGER,
	FORMAT_SMALLER,
	FORMAT_BMF,
	FORMAT_GOOGLE_BENCHMARK,
	FORMATS
};
extern const char *const format_names[FORMATS];

#define MAX_OUTPUTS 16

struct compare_options {
	struct rule rule;
	enum location location;
	bool figure[FIGURES];
	const char *changed; /* list of conditions that may differ, or NULL */
	struct {
		enum format format;
		const char *file; /* NULL: standard output */
	} outputs[MAX_OUTPUTS];
	size_t noutputs;
	bool advisory;
	const char *file[2];	/* BASE, NEW */
	const char *confirm[2]; /* the confirmation block, or NULL */
};

enum side { BASE, NOW };

/* A figure of a case; struct comparison beside it has the numbers. */
struct entry {
	const char *id, *env, *platform;
	const char *kind; /* of its engine; NULL: no engine */
	const struct figure *figure;
	bool have[2];
	double value[2]; /* median over launches, in the figure's unit, BASE and NEW */
	bool have_median;
	double median_change; /* of time: the shift of the launches' medians */
	const json_t *json;   /* the case in NEW, or in BASE where NEW lacks it */
	double *room;	      /* of the comparison's launches */
};

struct compare {
	const struct compare_options *options;
	json_t *json[2]; /* the results, BASE and NEW */
	/* Array of {env, kind, name, base, new, allowed}; see fingerprint.h. */
	json_t *differences;
	bool comparable;
	struct entry *entries;
	struct comparison *c; /* of entries[i] */
	size_t *order;	      /* of entries, worst first */
	size_t n;
	struct family family;
	size_t counts[VERDICTS];
	size_t compared; /* entries with a verdict of their own: not NEW, not SKIPPED */
	int status;	 /* EXIT_*, as it is without --advisory */
};

/* The environment of that id in a result, or NULL. */
const json_t *compare_environment(const json_t *result, const char *id);

#endif
