// SPDX-License-Identifier: GPL-2.0-only
#include "picks.h"

#include <stdlib.h>
#include <string.h>

bool estimates_overlap(const struct estimate *a, const struct estimate *b)
{
	return !a->interval || !b->interval || (a->lo <= b->hi && a->hi >= b->lo);
}

const struct shown *shown_best(const struct shown_list *list, enum want want, double size,
			       shown_pick *pick)
{
	const struct shown *best = NULL;

	for (size_t i = 0; i < list->n; i++) {
		const struct shown *c = &list->c[i];

		if (c->size == size && c->figure[want].have && pick(c) &&
		    (!best || c->figure[want].value < best->figure[want].value))
			best = c;
	}
	return best;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

size_t shown_sizes(const struct shown_list *list, shown_pick *pick, double **sizes)
{
	double *s = calloc(list->n + 1, sizeof(*s));
	size_t n = 0, kept = 0;

	*sizes = s;
	for (size_t i = 0; s && i < list->n; i++)
		if (pick(&list->c[i]) && list->c[i].figure[WANT_TIME].have)
			s[n++] = list->c[i].size;
	if (n)
		qsort(s, n, sizeof(*s), by_value);
	for (size_t i = 0; i < n; i++)
		if (!kept || s[kept - 1] != s[i])
			s[kept++] = s[i];
	return kept;
}

bool shown_same_copy(const struct shown *a, const struct shown *b)
{
	return !a->threads && !b->threads && !a->engine && !b->engine &&
	       !strcmp(a->copier, b->copier);
}

/* Out of another process is another question: within one it is no rival of the others. */
static bool real_copy(const struct shown *c)
{
	return c->copies && strcmp(c->path, "process-vm") &&
	       (!c->kind || !strcmp(c->kind, "hardware"));
}

bool pick_one_thread(const struct shown *c)
{
	return real_copy(c) && !c->kind && !c->threads;
}

bool pick_threads(const struct shown *c)
{
	return real_copy(c) && !c->kind && c->threads;
}

bool pick_cpu(const struct shown *c)
{
	return real_copy(c) && !c->kind;
}

bool pick_engine(const struct shown *c)
{
	return real_copy(c) && c->kind;
}

bool pick_copy(const struct shown *c)
{
	return real_copy(c);
}
