// SPDX-License-Identifier: GPL-2.0-only
/* Size across, what one wants down, the best path in each field. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "picks.h"

/*
 * So few are written afterwards that not copying is what one would try: 1 % of the pages, or what
 * is nearest to it in whole ones.
 */
#define SELDOM_LEAST 0.5 /* percent of the pages */
#define SELDOM_MOST 1.5

static bool pick_seldom_snapshot(const struct shown *c)
{
	return c->snapshot && c->share > SELDOM_LEAST && c->share < SELDOM_MOST;
}

static bool pick_seldom(const struct shown *c)
{
	return pick_copy(c) || pick_seldom_snapshot(c);
}

static const struct row {
	const char *want, *unit;
	enum want figure;
	shown_pick *pick;
	shown_pick *needs; /* without one of these at that size there is no field; NULL: any */
} rows[] = {
	{ "least time", "ns/op", WANT_TIME, pick_copy, NULL },
	{ "least CPU", "ns/B", WANT_CPU, pick_copy, NULL },
	{ "least harm to a neighbour", "%", WANT_HARM, pick_copy, NULL },
	{ "pages seldom written", "ns/op", WANT_TIME, pick_seldom, pick_seldom_snapshot },
};

/* Is it beyond doubt better than each that isn't the same copy? Alone it is no contest. */
static bool is_certain(const struct shown_list *list, const struct row *row,
		       const struct shown *best)
{
	size_t rivals = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct shown *c = &list->c[i];

		if (c == best || c->size != best->size || !c->figure[row->figure].have ||
		    !row->pick(c) || shown_same_copy(c, best) || !strcmp(c->path, best->path))
			continue;
		rivals++;
		if (estimates_overlap(&c->figure[row->figure], &best->figure[row->figure]))
			return false;
	}
	return rivals > 0;
}

static json_t *field(const struct shown_list *list, const struct row *row, double size)
{
	const struct shown *best = shown_best(list, row->figure, size, row->pick);

	if (!best || (row->needs && !shown_best(list, row->figure, size, row->needs)))
		return NULL;
	return json_pack("{s:f,s:s,s:s,s:s,s:s?,s:f,s:b}", "size", size, "path", best->path, "name",
			 best->name, "id", best->id, "engine", best->engine, "value",
			 best->figure[row->figure].value, "certain", is_certain(list, row, best));
}

int answer_map(const struct shown_list *list, json_t *map)
{
	double *sizes;
	size_t n = shown_sizes(list, pick_seldom, &sizes);
	int ret = sizes ? 0 : -ENOMEM;

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]) && !ret; r++) {
		json_t *fields = json_array();

		for (size_t i = 0; i < n; i++) {
			json_t *one = field(list, &rows[r], sizes[i]);

			if (one)
				json_array_append_new(fields, one);
		}
		if (json_array_append_new(map, json_pack("{s:s,s:s,s:o}", "want", rows[r].want,
							 "unit", rows[r].unit, "fields", fields)))
			ret = -ENOMEM;
	}
	free(sizes);
	return ret;
}
