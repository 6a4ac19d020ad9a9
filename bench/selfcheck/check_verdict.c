// SPDX-License-Identifier: GPL-2.0-only
#include "check_verdict.h"

#include <math.h>

const char *const check_verdict_names[] = {
	[CHECK_OK] = "ok",
	[CHECK_WRONG] = "wrong",
	[CHECK_UNDECIDED] = "undecided",
};

enum check_verdict check_verdict_of(double expected, double tolerance, double lo, double hi)
{
	if (!isfinite(lo) || !isfinite(hi) || !isfinite(expected) || !isfinite(tolerance) ||
	    lo > hi)
		return CHECK_UNDECIDED;
	if (lo >= expected - tolerance && hi <= expected + tolerance)
		return CHECK_OK;
	if (hi < expected - tolerance || lo > expected + tolerance)
		return CHECK_WRONG;
	return CHECK_UNDECIDED;
}

bool median_interval(const double *sorted, size_t n, double *lo, double *hi)
{
	/* P(at most k of n fair coins are heads), from k = 0 up. */
	double term = pow(0.5, (double)n), below = term;
	size_t k = 0;

	if (n < 6 || 2 * below > 0.05)
		return false;
	for (;;) {
		term *= (double)(n - k) / (double)(k + 1);
		if (2 * (below + term) > 0.05)
			break;
		below += term;
		k++;
	}
	*lo = sorted[k];
	*hi = sorted[n - 1 - k];
	return true;
}
