// SPDX-License-Identifier: GPL-2.0-only
#include "even.h"

#include <string.h>

static bool pick_memcpy(const struct shown *c)
{
	return pick_one_thread(c) && !strcmp(c->path, "memcpy");
}

static bool better(const struct even *a, const struct even *b)
{
	if (!b->measured || a->never != b->never)
		return !b->measured || b->never;
	if (a->always != b->always)
		return a->always;
	return a->share > b->share;
}

/* Points [from, to) of the list are one snapshot path at one size, by share. */
static struct even of_path(const struct shown_list *list, size_t from, size_t to,
			   const struct shown *copy)
{
	const struct estimate *line = &copy->figure[WANT_TIME];
	struct even e = { .measured = true, .size = copy->size, .path = list->c[from].path };

	for (size_t i = from; i < to; i++) {
		const struct estimate *q = &list->c[i].figure[WANT_TIME];
		const struct estimate *p = i > from ? &list->c[i - 1].figure[WANT_TIME] : NULL;

		if (q->value < line->value)
			continue;
		e.never = !p;
		e.share = list->c[i].share;
		e.certain = !estimates_overlap(q, line) && (!p || !estimates_overlap(p, line));
		/* Straight between the shares that were measured. */
		if (p)
			e.share = list->c[i - 1].share +
				  (line->value - p->value) / (q->value - p->value) *
					  (list->c[i].share - list->c[i - 1].share);
		return e;
	}
	e.always = true;
	e.share = list->c[to - 1].share;
	e.certain = !estimates_overlap(&list->c[to - 1].figure[WANT_TIME], line);
	return e;
}

void even_at(const struct shown_list *list, double size, struct even *out)
{
	const struct shown *copy = shown_best(list, WANT_TIME, size, pick_memcpy);
	size_t i = 0;

	*out = (struct even){ .size = size };
	while (copy && i < list->n) {
		size_t from = i;

		while (i < list->n && list->c[i].size == list->c[from].size &&
		       !strcmp(list->c[i].path, list->c[from].path))
			i++;
		if (list->c[from].snapshot && list->c[from].size == size &&
		    list->c[from].share >= 0) {
			struct even e = of_path(list, from, i, copy);

			if (better(&e, out))
				*out = e;
		}
	}
}
