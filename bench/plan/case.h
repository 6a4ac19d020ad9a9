/* SPDX-License-Identifier: GPL-2.0-only */
/* A case: one path with one set of parameters. Its id is the same in every run. */
#ifndef DMABENCH_CASE_H
#define DMABENCH_CASE_H

#include <jansson.h>
#include <stddef.h>

#include "paths/params.h"

struct copy_path;

struct bench_case {
	const struct copy_path *path;
	struct case_params params;
};

/* "pinned:size=4096,…": only the axes that matter to the path. */
void case_id(const struct bench_case *c, char *buf, size_t len);

/* The "params" object of the result file; new reference. */
json_t *case_params_to_json(const struct bench_case *c);

#endif
