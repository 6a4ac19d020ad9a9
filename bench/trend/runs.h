/* SPDX-License-Identifier: GPL-2.0-only */
/* The results in a folder that belong together: complete, and of one machine. */
#ifndef DMABENCH_TREND_RUNS_H
#define DMABENCH_TREND_RUNS_H

#include <jansson.h>

#include "compare/compare.h"

struct trend_run {
	char *file;   /* below the folder */
	size_t batch; /* characters of file that are a fleet's folder; 0: it's a run by itself */
	const char *batch_start; /* of the first run of the fleet, or its own */
	/*
	 * The result without what isn't needed again: its ok cases only, and of their launches
	 * only "log_ns", the logarithm of the median over launches of the location.
	 */
	json_t *json;
	const char *start, *commit; /* in json */
};

struct runs {
	struct trend_run *run; /* the oldest first; within a fleet by chance */
	size_t n;
	json_t *left_out; /* array of {file, reason} */
};

/*
 * Read FOLDER/NAME.json and FOLDER/NAME/result.json, and the same one folder further down: those
 * are a fleet's. The newest `last` of them. Left out, each with its reason: what compare would
 * refuse, a run that is there twice, and runs of another machine than that of the file `like`;
 * NULL: than the newest one's. 0, -ENOENT: there is no whole result of that name, or -errno if the
 * folder can't be read. runs_free() in any case.
 */
int runs_read(const char *folder, enum location location, size_t last, const char *like,
	      struct runs *runs);
void runs_free(struct runs *runs);

/* A name or message that may not be UTF-8, as JSON; new reference. */
json_t *runs_text(const char *text);

/* What differs between two runs: fingerprint()'s list; new reference, or NULL: no memory. */
json_t *runs_differences(const struct trend_run *before, const struct trend_run *after);

#endif
