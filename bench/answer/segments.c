// SPDX-License-Identifier: GPL-2.0-only
#include "segments.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double crossing_between(double x0, double r0, double x1, double r1)
{
	double at = 0.5;

	if ((r0 < 0 && r1 > 0) || (r0 > 0 && r1 < 0))
		at = -r0 / (r1 - r0);
	return exp(log(x0) + at * (log(x1) - log(x0)));
}

/* The fastest of those called so at that size, or NULL. */
static const struct shown *named(const struct shown_list *list, shown_pick *pick, const char *name,
				 double size)
{
	const struct shown *best = NULL;

	for (size_t i = 0; i < list->n; i++) {
		const struct shown *c = &list->c[i];

		if (c->size == size && pick(c) && c->figure[WANT_TIME].have &&
		    !strcmp(c->name, name) &&
		    (!best || c->figure[WANT_TIME].value < best->figure[WANT_TIME].value))
			best = c;
	}
	return best;
}

/* From sizes[at] on: at how many sizes in a row is none measurably faster? The sum of logs too. */
static size_t reach(const struct shown_list *list, shown_pick *pick, const char *name,
		    const double *sizes, size_t n, size_t at, double *sum)
{
	size_t i;

	*sum = 0;
	for (i = at; i < n; i++) {
		const struct shown *c = named(list, pick, name, sizes[i]);
		const struct shown *best = shown_best(list, WANT_TIME, sizes[i], pick);

		if (!c || (c != best &&
			   !estimates_overlap(&c->figure[WANT_TIME], &best->figure[WANT_TIME])))
			break;
		*sum += log(c->figure[WANT_TIME].value);
	}
	return i - at;
}

static const char *furthest(const struct shown_list *list, shown_pick *pick, const double *sizes,
			    size_t n, size_t at, size_t *far)
{
	const char *best = NULL;
	double least = 0, sum;

	*far = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct shown *c = &list->c[i];
		size_t r;
		bool better;

		if (c->size != sizes[at] || !pick(c))
			continue;
		r = reach(list, pick, c->name, sizes, n, at, &sum);
		better = r > *far;
		if (r && r == *far && strcmp(best, "memcpy"))
			better = !strcmp(c->name, "memcpy") || sum < least;
		if (better) {
			*far = r;
			best = c->name;
			least = sum;
		}
	}
	return best;
}

bool segment_certain(const struct shown_list *list, shown_pick *pick, const struct segment *s)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct shown *c = &list->c[i], *own;

		if (!pick(c) || !c->figure[WANT_TIME].have || c->size < s->first ||
		    c->size > s->last || !strcmp(c->name, s->name))
			continue;
		own = named(list, pick, s->name, c->size);
		if (!own || own->figure[WANT_TIME].value > c->figure[WANT_TIME].value ||
		    estimates_overlap(&own->figure[WANT_TIME], &c->figure[WANT_TIME]))
			return false;
	}
	return true;
}

/* Where does b take over from a? */
static double takes_over(const struct shown_list *list, shown_pick *pick, const struct segment *a,
			 const struct segment *b)
{
	const struct shown *a0 = named(list, pick, a->name, a->last);
	const struct shown *a1 = named(list, pick, a->name, b->first);
	const struct shown *b0 = named(list, pick, b->name, a->last);
	const struct shown *b1 = named(list, pick, b->name, b->first);

	if (!a0 || !a1 || !b0 || !b1)
		return crossing_between(a->last, 0, b->first, 0);
	return crossing_between(a->last,
				log(a0->figure[WANT_TIME].value / b0->figure[WANT_TIME].value),
				b->first,
				log(a1->figure[WANT_TIME].value / b1->figure[WANT_TIME].value));
}

int segments_make(const struct shown_list *list, shown_pick *pick, struct segment *out)
{
	double *sizes;
	size_t n = shown_sizes(list, pick, &sizes), at = 0;
	int count = 0;

	if (!sizes)
		return -ENOMEM;
	while (at < n && count < SEGMENTS) {
		size_t far;
		const char *name = furthest(list, pick, sizes, n, at, &far);

		out[count] = (struct segment){ name, sizes[at], sizes[at + far - 1], 0 };
		if (count)
			out[count - 1].end = takes_over(list, pick, &out[count - 1], &out[count]);
		count++;
		at += far;
	}
	free(sizes);
	return at < n ? 0 : count;
}
