/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run is asked to do, which its result records. */
#ifndef DMABENCH_RUN_OPTIONS_H
#define DMABENCH_RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/config.h"
#include "plan/plan.h"

#define MAX_ONLY 512

struct run_options {
	struct plan plan;
	struct measure_config measure;
	unsigned int launches;
	const char *output; /* NULL: no file */
	const char *env_id; /* "host" */
	const char *mode;   /* free word that is recorded, "quick" */
	bool force, dry_run;
	bool ids;	   /* rows for programs at the end */
	bool part;	   /* of a larger run: its file never says it is complete */
	uint64_t state_ns; /* the machine is watched so long before and after; 0: not at all */
	const char *only[MAX_ONLY]; /* ids: no other case is measured */
	size_t nonly;
};

#endif
