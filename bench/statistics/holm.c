// SPDX-License-Identifier: GPL-2.0-only
#include "holm.h"

#include <errno.h>
#include <stdlib.h>

struct entry {
	double p;
	size_t index;
};

static int by_p(const void *a, const void *b)
{
	double x = ((const struct entry *)a)->p, y = ((const struct entry *)b)->p;

	return (x > y) - (x < y);
}

int holm(const double *p, size_t n, double *adjusted)
{
	struct entry *sorted = calloc(n ? n : 1, sizeof(*sorted));
	double highest = 0;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct entry){ p[i], i };
	qsort(sorted, n, sizeof(*sorted), by_p);
	for (size_t i = 0; i < n; i++) {
		double here = sorted[i].p * (double)(n - i);

		/* No larger p may come out smaller than one before it. */
		if (here > highest)
			highest = here;
		adjusted[sorted[i].index] = highest < 1 ? highest : 1;
	}
	free(sorted);
	return 0;
}
