/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_COMPARE_INPUT_H
#define DMABENCH_COMPARE_INPUT_H

#include <jansson.h>

/*
 * Read a result to be compared: everything result_read() asks for, and that the run is
 * complete, each case has a known status with its figures or its reason, and each number
 * that the decision uses is a number that can be. New reference, or NULL with why[].
 */
json_t *input_read(const char *path, char *why, size_t len);

/* The same of a result that is in memory. 0 or -EINVAL. */
int input_check(const json_t *result, char *why, size_t len);
/* But for the run, which may be incomplete. */
int input_check_parts(const json_t *result, char *why, size_t len);

#endif
