// SPDX-License-Identifier: GPL-2.0-only
#include "nearest.h"

#include <stdbool.h>
#include <string.h>

#define LONGEST 32 /* longer words aren't looked at */

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t edits(const char *a, const char *b)
{
	size_t rows[3][LONGEST + 1], n = strlen(a), m = strlen(b);
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	if (n > LONGEST || m > LONGEST)
		return n > m ? n : m;
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *old = before;

		before = above;
		above = row;
		row = old;
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			bool same = a[i - 1] == b[j - 1];
			size_t best = least_of(above[j], row[j - 1]) + 1;

			best = least_of(best, above[j - 1] + !same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = least_of(best, before[j - 2] + 1);
			row[j] = best;
		}
	}
	return row[m];
}

const char *nearer(const char *word, const char *best, const char *candidate, size_t *least)
{
	size_t n = edits(word, candidate);

	if (n > 1 + strlen(word) / 4 || n >= strlen(word) || (best && n >= *least))
		return best;
	*least = n;
	return candidate;
}
