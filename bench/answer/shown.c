// SPDX-License-Identifier: GPL-2.0-only
#include "shown.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/stats.h"
#include "text/json_text.h"
#include "setting.h"
#include "variants.h"
#include "words.h"

static struct estimate estimate_of(const json_t *figure)
{
	const json_t *value = json_object_get(figure, "value"),
		     *ci = json_object_get(figure, "ci95");
	struct estimate e = { .have = json_is_number(value), .value = json_number_value(value) };

	e.interval = e.have && json_array_size(ci) == 2;
	e.lo = e.interval ? json_number_value(json_array_get(ci, 0)) : e.value;
	e.hi = e.interval ? json_number_value(json_array_get(ci, 1)) : e.value;
	return e;
}

/* The result has no interval for it, and the launches to make one from. */
static struct estimate cpu_of(const json_t *c)
{
	struct estimate e = estimate_of(json_object_get(json_object_get(c, "cpu"), "machine"));
	const json_t *launches = json_object_get(c, "launches"), *launch;
	double *v = malloc((json_array_size(launches) + 1) * sizeof(*v));
	size_t i, n = 0;

	if (!v)
		return e;
	json_array_foreach(launches, i, launch) {
		const json_t *value = json_object_get(launch, "cpu_machine_ns_per_byte");

		if (json_is_number(value))
			v[n++] = json_number_value(value);
	}
	if (e.have && n > 1) {
		stats_bootstrap_median(v, n, 1, &e.lo, &e.hi);
		e.interval = true;
	}
	free(v);
	return e;
}

/* Who is slowed in one of both ways is slowed. */
static struct estimate harm_of(const json_t *c)
{
	const json_t *neighbour = json_object_get(c, "neighbour");
	struct estimate cache = estimate_of(json_object_get(neighbour, "cache"));
	struct estimate bandwidth = estimate_of(json_object_get(neighbour, "bandwidth"));

	if (!cache.have || (bandwidth.have && bandwidth.value > cache.value))
		return bandwidth;
	return cache;
}

/* The copy that most launches took, of paths that try several; libc's is the path memcpy. */
static const char *copier(const json_t *c)
{
	const char *name = json_text_if_any(json_object_get(c, "variant"), "name");

	return !name ? json_text_if_any(c, "path") : strcmp(name, "libc") ? name : "memcpy";
}

static bool unanimous(const json_t *c)
{
	return json_object_size(json_object_get(json_object_get(c, "variant"), "launches")) == 1;
}

static void fill(struct shown *s, const json_t *c)
{
	const json_t *params = json_object_get(c, "params"), *engine = json_object_get(c, "engine");
	const char *class = json_text_if_any(c, "class");

	*s = (struct shown){ .json = c,
			     .id = json_text_if_any(c, "id"),
			     .path = json_text_if_any(c, "path"),
			     .copier = copier(c),
			     .kind = json_text_if_any(engine, "kind"),
			     .engine = json_text_if_any(engine, "driver"),
			     .copies = class && !strcmp(class, "copy"),
			     .snapshot = class && !strcmp(class, "snapshot"),
			     .threads = json_is_number(json_object_get(params, "threads")),
			     .size = json_number_value(json_object_get(params, "size")),
			     .share = words_share(c),
			     .figure = { estimate_of(json_object_get(c, "time")), cpu_of(c),
					 harm_of(c) } };
	snprintf(s->name, sizeof(s->name), "%s", unanimous(c) && !s->threads ? s->copier : s->path);
}

static int by_series_and_size(const void *a, const void *b)
{
	const struct shown *x = a, *y = b;
	int paths = strcmp(x->path, y->path);

	if (paths)
		return paths;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return (x->share > y->share) - (x->share < y->share);
}

/*
 * What the CPU does with the bytes, what the kernel does for pages that weren't there, or who else
 * works meanwhile is in the time of others: they answer other questions.
 */
static bool is_plain(const json_t *c)
{
	const json_t *params = json_object_get(c, "params");

	return !json_text_if_any(params, "use") && !json_text_if_any(params, "touch") &&
	       !json_object_get(params, "load") && !json_object_get(params, "direction");
}

int shown_read(const json_t *result, const char *env, struct shown_list *list)
{
	json_t *cases = json_array(), *c;
	size_t i;

	*list = (struct shown_list){ 0 };
	json_array_foreach(json_object_get(result, "cases"), i, c) {
		const char *of = json_text_if_any(c, "env"),
			   *status = json_text_if_any(c, "status"),
			   *class = json_text_if_any(c, "class");

		if (of && !strcmp(of, env) && status && !strcmp(status, "ok") && class &&
		    strcmp(class, "none") && is_plain(c))
			json_array_append(cases, c);
	}
	list->setting = setting_of_most(cases);
	for (i = json_array_size(cases); i-- > 0;)
		if (!setting_agrees(json_array_get(cases, i), list->setting))
			json_array_remove(cases, i);
	variants_keep_main(cases);
	list->c = calloc(json_array_size(cases) + 1, sizeof(*list->c));
	if (list->c) {
		json_array_foreach(cases, i, c)
			fill(&list->c[list->n++], c);
		qsort(list->c, list->n, sizeof(*list->c), by_series_and_size);
	}
	json_decref(cases);
	return list->c ? 0 : -ENOMEM;
}

void shown_free(struct shown_list *list)
{
	free(list->c);
	json_decref(list->setting);
}
