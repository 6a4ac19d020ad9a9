/* SPDX-License-Identifier: GPL-2.0-only */
/* The results in a folder that belong together: complete, and of one machine. */
#ifndef DMABENCH_TREND_RUNS_H
#define DMABENCH_TREND_RUNS_H

#include "compare/compare.h"
#include "run.h"

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
