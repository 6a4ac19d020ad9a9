// SPDX-License-Identifier: GPL-2.0-only
#include "contest.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "segments.h"

struct bout {
	double size, log_ratio; /* of the challenger's time to the holder's */
	int won;		/* 1, -1, or 0: can't be told */
};

static bool fight(const struct shown_list *list, shown_pick *challenger, shown_pick *holder,
		  double size, struct bout *b)
{
	const struct shown *a = shown_best(list, WANT_TIME, size, challenger);
	const struct shown *h = shown_best(list, WANT_TIME, size, holder);

	if (!a || !h)
		return false;
	b->size = size;
	b->log_ratio = log(a->figure[WANT_TIME].value / h->figure[WANT_TIME].value);
	b->won = estimates_overlap(&a->figure[WANT_TIME], &h->figure[WANT_TIME]) ? 0
		 : b->log_ratio < 0						 ? 1
										 : -1;
	return true;
}

static void close_range(struct contest *out, const struct bout *last, const struct bout *next)
{
	if (!out->nranges || out->nranges > RANGES)
		return;
	out->faster_at[out->nranges - 1].last = last->size;
	/* Where the next can't be told apart nothing is said beyond the last that can. */
	out->faster_at[out->nranges - 1].to =
		next->won < 0
			? crossing_between(last->size, last->log_ratio, next->size, next->log_ratio)
			: last->size;
}

static void add(struct contest *out, const struct bout *before, const struct bout *now)
{
	out->faster += now->won > 0;
	out->slower += now->won < 0;
	if (before && before->won > 0 && now->won <= 0)
		close_range(out, before, now);
	if (now->won <= 0)
		return;
	if (!before || before->won <= 0) {
		if (out->nranges <= RANGES)
			out->nranges++;
		if (out->nranges <= RANGES)
			out->faster_at[out->nranges - 1] = (struct range){
				.first = now->size,
				.from = !before ? 0
					: before->won < 0
						? crossing_between(before->size, before->log_ratio,
								   now->size, now->log_ratio)
						: now->size
			};
	}
	if (out->nranges <= RANGES)
		out->faster_at[out->nranges - 1].last = now->size;
}

int contest_make(const struct shown_list *list, shown_pick *challenger, shown_pick *holder,
		 struct contest *out)
{
	double *sizes;
	size_t n = shown_sizes(list, challenger, &sizes);
	struct bout before, now;

	*out = (struct contest){ 0 };
	for (size_t i = 0; i < n; i++) {
		if (!fight(list, challenger, holder, sizes[i], &now))
			continue;
		add(out, out->sizes ? &before : NULL, &now);
		if (!out->sizes++)
			out->first = now.size;
		out->last = now.size;
		before = now;
	}
	free(sizes);
	return sizes ? 0 : -ENOMEM;
}
