// SPDX-License-Identifier: GPL-2.0-only
#include "compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options/exit_status.h"
#include "entries.h"
#include "fingerprint.h"

/* qsort() has no argument for it; used by sort_entries() only. */
static const struct compare *sorting;

static int worse_first(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct comparison *x = &sorting->c[i], *y = &sorting->c[j];

	if (x->verdict != y->verdict)
		return (x->verdict > y->verdict) - (x->verdict < y->verdict);
	if (x->change != y->change)
		return (x->change < y->change) - (x->change > y->change);
	return (i > j) - (i < j);
}

static void sort_entries(struct compare *cmp)
{
	for (size_t i = 0; i < cmp->n; i++)
		cmp->order[i] = i;
	sorting = cmp;
	/* Incomparable results have no list, which isn't one of no entries to qsort(). */
	if (cmp->n)
		qsort(cmp->order, cmp->n, sizeof(*cmp->order), worse_first);
	sorting = NULL;
}

/* A figure that was asked for and compared nowhere is no answer. */
static bool every_figure_compared(const struct compare *cmp)
{
	bool seen[FIGURES] = { false };

	for (size_t i = 0; i < cmp->n; i++)
		if (cmp->c[i].verdict != VERDICT_NEW && cmp->c[i].verdict != VERDICT_SKIPPED)
			seen[cmp->entries[i].figure - figures] = true;
	for (size_t i = 0; i < FIGURES; i++)
		if (cmp->options->figure[i] && !seen[i])
			return false;
	return true;
}

static int status_of(const struct compare *cmp)
{
	if (cmp->options->rule.describe)
		return cmp->counts[VERDICT_DESCRIBED] ? EXIT_OK : EXIT_INCONCLUSIVE;
	if (!cmp->comparable)
		return EXIT_INCOMPARABLE;
	if (cmp->counts[VERDICT_FAIL] + cmp->counts[VERDICT_MISSING])
		return EXIT_FAILED;
	if (cmp->counts[VERDICT_UNSTABLE] + cmp->counts[VERDICT_INCONCLUSIVE] ||
	    !every_figure_compared(cmp))
		return EXIT_INCONCLUSIVE;
	return EXIT_OK;
}

void compare_settle(struct compare *cmp)
{
	memset(cmp->counts, 0, sizeof(cmp->counts));
	cmp->compared = 0;
	for (size_t i = 0; i < cmp->n; i++) {
		cmp->counts[cmp->c[i].verdict]++;
		cmp->compared += cmp->c[i].verdict != VERDICT_NEW &&
				 cmp->c[i].verdict != VERDICT_SKIPPED;
	}
	sort_entries(cmp);
	cmp->status = status_of(cmp);
}

int compare_results(struct compare *cmp, char *why, size_t len)
{
	int ret = fingerprint(cmp, why, len);

	if (!ret && (cmp->comparable || cmp->options->rule.describe))
		ret = entries_make(cmp);
	if (!ret)
		ret = decide(cmp->c, cmp->n, &cmp->options->rule, &cmp->family);
	if (!ret)
		ret = decide_launches(cmp->c, cmp->n, &cmp->options->rule, &cmp->family);
	if (ret)
		return ret;
	compare_settle(cmp);
	return 0;
}

void compare_free(struct compare *cmp)
{
	for (size_t i = 0; i < cmp->n; i++)
		free(cmp->entries[i].room);
	free(cmp->entries);
	free(cmp->c);
	free(cmp->order);
	json_decref(cmp->differences);
}
