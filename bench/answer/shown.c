// SPDX-License-Identifier: GPL-2.0-only
#include "shown.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/stats.h"

static const char *const setting_axes[] = { "cache",	"pages",    "offset",
					    "cpu_node", "src_node", "dst_node" };
/* Many at a time isn't one at a time. Other variants of a path all take part. */
static const char *const variant_axes[] = { "batch", "queue" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *text(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

/* What params has of these axes. */
static json_t *axes_of(const json_t *c, const char *const *axes, size_t n)
{
	json_t *out = json_object();

	for (size_t i = 0; i < n; i++) {
		json_t *value = json_object_get(json_object_get(c, "params"), axes[i]);

		if (value && !json_is_null(value))
			json_object_set(out, axes[i], value);
	}
	return out;
}

/* A path without an axis (coherent memory has no page size) goes with every setting. */
static bool agrees(const json_t *c, const json_t *setting)
{
	const char *key;
	json_t *want;

	json_object_foreach((json_t *)setting, key, want) {
		const json_t *is = json_object_get(json_object_get(c, "params"), key);

		if (is && !json_is_null(is) && !json_equal(is, want))
			return false;
	}
	return true;
}

/* Less is plainer: a hot cache, 4K pages, no offset, all on one node, the first one. */
static double plainness(const json_t *s)
{
	const char *cache = text(s, "cache"), *pages = text(s, "pages");
	double node = json_number_value(json_object_get(s, "cpu_node"));
	bool local = json_equal(json_object_get(s, "cpu_node"), json_object_get(s, "src_node")) &&
		     json_equal(json_object_get(s, "cpu_node"), json_object_get(s, "dst_node"));

	return 1e9 * !(cache && !strcmp(cache, "hot")) + 1e8 * !(pages && !strcmp(pages, "4K")) +
	       1e3 * json_number_value(json_object_get(s, "offset")) + 500 * !local + node;
}

static bool plainer(const json_t *a, size_t a_hits, const json_t *b, size_t b_hits)
{
	if (json_object_size(a) != json_object_size(b))
		return json_object_size(a) > json_object_size(b);
	if (a_hits != b_hits)
		return a_hits > b_hits;
	return plainness(a) < plainness(b);
}

/*
 * The setting that most of the cases were measured in. One without some of the axes would agree
 * with more, so that those which name all of them come first.
 */
static json_t *main_setting(const json_t *cases)
{
	json_t *best = json_object(), *c, *other, *tried = json_object();
	size_t i, j, best_hits = 0;

	json_array_foreach(cases, i, c) {
		json_t *setting = axes_of(c, setting_axes, COUNT(setting_axes));
		char *key = json_dumps(setting, JSON_SORT_KEYS);
		size_t hits = 0;

		if (key && !json_object_get(tried, key)) {
			json_object_set_new(tried, key, json_true());
			json_array_foreach(cases, j, other)
				hits += agrees(other, setting);
			if (plainer(setting, hits, best, best_hits)) {
				json_object_clear(best);
				json_object_update(best, setting);
				best_hits = hits;
			}
		}
		free(key);
		json_decref(setting);
	}
	json_decref(tried);
	return best;
}

static json_t *series_key(const json_t *c)
{
	const json_t *engine = json_object_get(c, "engine");
	const char *driver = text(engine, "driver"), *kind = text(engine, "kind");

	return json_sprintf("%s|%s|%s", text(c, "path"), driver ? driver : "", kind ? kind : "");
}

/*
 * One variant of each series: the one with most cases, of equals the first. Cases of the others
 * are taken out.
 */
static void main_variants(json_t *cases)
{
	json_t *chosen = json_object(), *counts = json_object(), *c;
	size_t i;

	json_array_foreach(cases, i, c) {
		json_t *key = series_key(c),
		       *variant = axes_of(c, variant_axes, COUNT(variant_axes));
		char *name = json_dumps(variant, JSON_SORT_KEYS);
		json_t *of_series = json_object_get(counts, json_string_value(key));

		if (!of_series) {
			of_series = json_object();
			json_object_set_new(counts, json_string_value(key), of_series);
		}
		if (name)
			json_object_set_new(
				of_series, name,
				json_integer(json_integer_value(json_object_get(of_series, name)) +
					     1));
		free(name);
		json_decref(variant);
		json_decref(key);
	}
	const char *series, *name;
	json_t *of_series, *count;

	json_object_foreach(counts, series, of_series) {
		json_int_t most = 0;

		json_object_foreach(of_series, name, count)
			if (json_integer_value(count) > most) {
				most = json_integer_value(count);
				json_object_set_new(chosen, series, json_string(name));
			}
	}
	for (i = json_array_size(cases); i-- > 0;) {
		json_t *key = series_key(json_array_get(cases, i)),
		       *variant =
			       axes_of(json_array_get(cases, i), variant_axes, COUNT(variant_axes));
		char *is = json_dumps(variant, JSON_SORT_KEYS);
		const char *want = text(chosen, json_string_value(key));

		if (!is || !want || strcmp(is, want))
			json_array_remove(cases, i);
		free(is);
		json_decref(variant);
		json_decref(key);
	}
	json_decref(chosen);
	json_decref(counts);
}

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
	const char *name = text(json_object_get(c, "variant"), "name");

	return !name ? text(c, "path") : strcmp(name, "libc") ? name : "memcpy";
}

static bool unanimous(const json_t *c)
{
	return json_object_size(json_object_get(json_object_get(c, "variant"), "launches")) == 1;
}

static void fill(struct shown *s, const json_t *c)
{
	const json_t *params = json_object_get(c, "params"), *engine = json_object_get(c, "engine");
	const json_t *share = json_object_get(params, "share");
	const char *class = text(c, "class");

	*s = (struct shown){ .json = c,
			     .id = text(c, "id"),
			     .path = text(c, "path"),
			     .copier = copier(c),
			     .kind = text(engine, "kind"),
			     .engine = text(engine, "driver"),
			     .copies = class && !strcmp(class, "copy"),
			     .snapshot = class && !strcmp(class, "snapshot"),
			     .threads = json_is_number(json_object_get(params, "threads")),
			     .size = json_number_value(json_object_get(params, "size")),
			     .share = json_is_number(share) ? json_number_value(share) : -1,
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

int shown_read(const json_t *result, const char *env, struct shown_list *list)
{
	json_t *cases = json_array(), *c;
	size_t i;

	*list = (struct shown_list){ 0 };
	json_array_foreach(json_object_get(result, "cases"), i, c) {
		const char *of = text(c, "env"), *status = text(c, "status"),
			   *class = text(c, "class");

		if (of && !strcmp(of, env) && status && !strcmp(status, "ok") && class &&
		    strcmp(class, "none"))
			json_array_append(cases, c);
	}
	list->setting = main_setting(cases);
	for (i = json_array_size(cases); i-- > 0;)
		if (!agrees(json_array_get(cases, i), list->setting))
			json_array_remove(cases, i);
	main_variants(cases);
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
