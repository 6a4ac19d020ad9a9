/* SPDX-License-Identifier: GPL-2.0-only */
/* Is a measured value what it must be? A rule that is fixed before anything is measured. */
#ifndef DMABENCH_CHECK_VERDICT_H
#define DMABENCH_CHECK_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

enum check_verdict { CHECK_OK, CHECK_WRONG, CHECK_UNDECIDED };

extern const char *const check_verdict_names[];

/*
 * ok: the whole interval lies within tolerance of expected. wrong: the whole of it lies
 * beyond, on one side. Anything else, and what isn't finite, is undecided: the
 * measurement is too coarse to tell, which is never a pass.
 */
enum check_verdict check_verdict_of(double expected, double tolerance, double lo, double hi);

/*
 * Exact interval of the median of sorted v[n] with at least 95 % coverage, whatever the
 * distribution: the order statistics that a sign test at 5 % doesn't reject (Thompson
 * 1936). False for n below 6, where not even the range covers that much.
 */
bool median_interval(const double *sorted, size_t n, double *lo, double *hi);

#endif
