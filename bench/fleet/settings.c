// SPDX-License-Identifier: GPL-2.0-only
/* What may differ between machines of a kind, and does. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/changed.h"
#include "text/parse.h"
#include "fleet.h"

json_t *shared_text(struct fleet *f, const char *text)
{
	json_t *known = json_object_get(f->texts, text);

	if (!known && !json_object_set_new(f->texts, text, json_string(text)))
		known = json_object_get(f->texts, text);
	return known;
}

static int set(struct fleet *f, json_t *settings, const char *env, const char *key,
	       const json_t *value)
{
	char *name = NULL,
	     *text = value && !json_is_null(value)
			     ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS)
			     : strdup("unknown");
	int ret = -ENOMEM;

	if (text && asprintf(&name, "%s: %s", env, key) >= 0)
		ret = json_object_set(settings, name, shared_text(f, text)) ? -ENOMEM : 0;
	free(name);
	free(text);
	return ret;
}

static int of_environment(struct fleet *f, json_t *settings, const json_t *env)
{
	const char *id = json_string_value(json_object_get(env, "id")), *key;
	json_t *value;
	int ret = 0;

	json_object_foreach(json_object_get(env, "conditions"), key, value)
		/* Mitigations are many: each by itself. */
		if (!strcmp(key, "mitigations") && json_is_object(value)) {
			const char *one;
			json_t *state;

			json_object_foreach(value, one, state)
				ret = ret ? ret : set(f, settings, id, one, state);
		} else if (parse_word(key, momentary, momentary_count) < 0) {
			ret = ret ? ret : set(f, settings, id, key, value);
		}
	return ret ? ret
		   : set(f, settings, id, "clock",
			 json_object_get(json_object_get(env, "clock"), "source"));
}

json_t *settings_of(struct fleet *f, const json_t *result)
{
	json_t *settings = json_object(), *env, *c;
	const json_t *tool = json_object_get(result, "tool");
	int ret = settings ? 0 : -ENOMEM;
	size_t i;

	json_array_foreach(json_object_get(result, "environments"), i, env)
		ret = ret ? ret : of_environment(f, settings, env);
	ret = ret ? ret : set(f, settings, "tool", "compiler", json_object_get(tool, "compiler"));
	ret = ret ? ret : set(f, settings, "tool", "flags", json_object_get(tool, "flags"));
	json_array_foreach(json_object_get(result, "cases"), i, c) {
		const json_t *engine = json_object_get(c, "engine");
		const char *driver = json_string_value(json_object_get(engine, "driver"));

		if (driver && !ret)
			ret = set(f, settings, driver, "iommu", json_object_get(engine, "iommu"));
	}
	if (!ret)
		return settings;
	json_decref(settings);
	return NULL;
}

/* {name: {text: how many machines}} of a kind. */
static json_t *count(const struct fleet *f, size_t kind)
{
	json_t *all = json_object();

	for (size_t i = 0; i < f->n; i++) {
		const char *name;
		json_t *value;

		if (f->machines[i].kind != kind)
			continue;
		json_object_foreach(f->machines[i].settings, name, value) {
			const char *text = json_string_value(value);
			json_t *counts = json_object_get(all, name);

			if (!counts) {
				counts = json_object();
				json_object_set_new(all, name, counts);
			}
			json_object_set_new(counts, text,
					    json_integer(1 + json_integer_value(json_object_get(
								     counts, text))));
		}
	}
	return all;
}

/* What more than half of the machines have; NULL: nothing. */
static const char *most(const json_t *counts, size_t machines)
{
	const char *text;
	json_t *number;

	json_object_foreach((json_t *)counts, text, number)
		if (2 * (size_t)json_integer_value(number) > machines)
			return text;
	return NULL;
}

int settings_compare(struct fleet *f, size_t kind)
{
	json_t *all = count(f, kind), *counts;
	const char *name;

	if (!all)
		return -ENOMEM;
	json_object_foreach(all, name, counts) {
		const char *usual = most(counts, f->kinds[kind].n);

		if (!usual || json_object_size(counts) < 2)
			continue;
		for (size_t i = 0; i < f->n; i++) {
			struct fleet_machine *m = &f->machines[i];
			const char *is = json_string_value(json_object_get(m->settings, name));

			if (m->kind == kind && is && strcmp(is, usual))
				json_array_append_new(m->differences,
						      json_pack("{s:s,s:s,s:s}", "name", name, "is",
								is, "most", usual));
		}
	}
	json_decref(all);
	return 0;
}
