/* SPDX-License-Identifier: GPL-2.0-only */
/* A result as trend keeps it. */
#ifndef DMABENCH_TREND_RUN_H
#define DMABENCH_TREND_RUN_H

#include <jansson.h>
#include <stddef.h>

struct trend_run {
	char *file;    /* below the folder */
	size_t batch;  /* characters of file that are a fleet's folder; 0: it's a run by itself */
	size_t others; /* machines of the fleet that the run stands for, besides its own */
	const char *batch_start; /* of the first run of the fleet, or its own */
	/*
	 * The result without what isn't needed again: its ok cases only, and of their launches
	 * only "log_ns", the logarithm of the median over launches of the location; of a run that
	 * stands for others as well the median over all of them.
	 */
	json_t *json;
	const char *start, *commit; /* in json */
};

struct runs {
	struct trend_run *run; /* the oldest first; within a fleet by chance */
	size_t n;
	json_t *left_out; /* array of {file, reason} */
};

#endif
