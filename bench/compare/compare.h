/* SPDX-License-Identifier: GPL-2.0-only */
/* Compare two results. */
#ifndef DMABENCH_COMPARE_H
#define DMABENCH_COMPARE_H

#include "compared.h"

/*
 * Compare json[BASE] and json[NOW], which input_read() gave; the caller keeps them. 0, or
 * -ENOMEM, or -EINVAL with why[] if options.changed has a name that stands for nothing.
 */
int compare_results(struct compare *cmp, char *why, size_t len);

/* Counts, order and status from the verdicts; for who changes these afterwards. */
void compare_settle(struct compare *cmp);
void compare_free(struct compare *cmp);

#endif
