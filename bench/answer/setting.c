// SPDX-License-Identifier: GPL-2.0-only
#include "setting.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* All but the cache are the place. */
static const char *const axes[] = { "cache", "pages", "offset", "cpu_node", "src_node", "dst_node" };

#define AXES (sizeof(axes) / sizeof(axes[0]))
#define PLACE 1 /* the first that is */

bool place_has(const char *axis)
{
	for (size_t i = PLACE; i < AXES; i++)
		if (!strcmp(axis, axes[i]))
			return true;
	return false;
}

bool place_same(const json_t *a, const json_t *b)
{
	for (size_t i = PLACE; i < AXES; i++)
		if (!json_equal(json_object_get(a, axes[i]), json_object_get(b, axes[i])))
			return false;
	return true;
}

static bool says(const json_t *params, const char *axis, const char *word)
{
	const char *is = json_string_value(json_object_get(params, axis));

	return is && !strcmp(is, word);
}

double place_plainness(const json_t *params)
{
	const json_t *cpu = json_object_get(params, "cpu_node");
	bool local = json_equal(cpu, json_object_get(params, "src_node")) &&
		     json_equal(cpu, json_object_get(params, "dst_node"));

	return 1e8 * !says(params, "pages", "4K") +
	       1e3 * json_number_value(json_object_get(params, "offset")) + 500 * !local +
	       json_number_value(cpu);
}

static double plainness(const json_t *setting)
{
	return 1e9 * !says(setting, "cache", "hot") + place_plainness(setting);
}

static bool plainer(const json_t *a, size_t a_hits, const json_t *b, size_t b_hits)
{
	if (json_object_size(a) != json_object_size(b))
		return json_object_size(a) > json_object_size(b);
	if (a_hits != b_hits)
		return a_hits > b_hits;
	return plainness(a) < plainness(b);
}

/* What params has of the axes. */
static json_t *setting_of(const json_t *c)
{
	const json_t *params = json_object_get(c, "params");
	json_t *out = json_object();

	for (size_t i = 0; i < AXES; i++) {
		json_t *value = json_object_get(params, axes[i]);

		if (value && !json_is_null(value))
			json_object_set(out, axes[i], value);
	}
	return out;
}

bool setting_agrees(const json_t *c, const json_t *setting)
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

/* A setting without some of the axes would agree with more: those which name all come first. */
json_t *setting_of_most(const json_t *cases)
{
	json_t *best = json_object(), *c, *other, *tried = json_object();
	size_t i, j, best_hits = 0;

	json_array_foreach(cases, i, c) {
		json_t *setting = setting_of(c);
		char *key = json_dumps(setting, JSON_SORT_KEYS);
		size_t hits = 0;

		if (key && !json_object_get(tried, key)) {
			json_object_set_new(tried, key, json_true());
			json_array_foreach(cases, j, other)
				hits += setting_agrees(other, setting);
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
