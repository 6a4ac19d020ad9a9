// SPDX-License-Identifier: GPL-2.0-only
/* What makes machines one kind: the identity that compare asks for, and kernel, engines and run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/fingerprint.h"
#include "text/json_text.h"
#include "fleet.h"

/* Drivers and kinds of an environment's engines; which slot each is in says nothing. */
static json_t *engines_of(const json_t *env)
{
	json_t *all = json_object(), *engine;
	size_t i;

	json_array_foreach(json_object_get(env, "engines"), i, engine) {
		const char *driver = json_text_if_any(engine, "driver");
		json_t *count = driver ? json_object_get(all, driver) : NULL;

		if (driver)
			json_object_set_new(all, driver,
					    json_integer(json_integer_value(count) + 1));
	}
	return all;
}

/* What is the same, to the letter, in all machines of a kind. */
static char *key_of(const json_t *result)
{
	static const char *const of_identity[] = { "cpu_model", "cpu_ids", "arch",	"machine",
						   "cpus",	"sockets", "hypervisor" };
	const json_t *tool = json_object_get(result, "tool"), *env;
	const char *commit = json_text_if_any(tool, "commit");
	json_t *key = json_array();
	char *dump;
	size_t i;

	/* Of a commit what all results have; alike() looks at the rest. */
	json_array_append_new(key, json_pack("[O?,o?]", json_object_get(tool, "version"),
					     json_sprintf("%.7s", commit ? commit : "")));
	json_array_foreach(json_object_get(result, "environments"), i, env) {
		const json_t *identity = json_object_get(env, "identity");
		json_t *part = json_array();

		for (size_t k = 0; k < sizeof(of_identity) / sizeof(of_identity[0]); k++)
			json_array_append_new(
				part, json_pack("O?", json_object_get(identity, of_identity[k])));
		json_array_append_new(
			part,
			json_pack("[O?,O?,O?,o]", json_object_get(env, "id"),
				  json_object_get(env, "platform"),
				  json_object_get(json_object_get(env, "conditions"), "kernel"),
				  engines_of(env)));
		json_array_append_new(key, part);
	}
	dump = json_dumps(key, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(key);
	return dump;
}

/* Whether such a difference makes another kind, and isn't one of settings. */
static bool sets_apart(const json_t *difference)
{
	const char *kind = json_text_if_any(difference, "kind"),
		   *name = json_text_if_any(difference, "name");

	if (!strcmp(kind, "engine"))
		return strcmp(name, "iommu") && strcmp(name, "name") && strcmp(name, "device");
	if (!strcmp(kind, "tool"))
		return !strcmp(name, "version") || !strcmp(name, "commit");
	if (!strcmp(kind, "condition"))
		return !strcmp(name, "kernel");
	return true; /* identity, and the settings of the run */
}

/* 1: alike, 0: not, or -ENOMEM. */
static int alike(json_t *model, json_t *result)
{
	struct compare_options o = { .rule = rule_default };
	struct compare cmp = { .options = &o, .json = { model, result } };
	char why[256];
	json_t *difference;
	int ret = fingerprint(&cmp, why, sizeof(why)) ? -ENOMEM : 1;
	size_t i;

	if (ret > 0)
		json_array_foreach(cmp.differences, i, difference)
			if (sets_apart(difference))
				ret = 0;
	json_decref(cmp.differences);
	return ret;
}

static json_t *without_figures(const json_t *c)
{
	static const char *const keys[] = { "id",     "env",	"path",	 "class",
					    "params", "status", "engine" };
	json_t *slim = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_object_get(c, keys[i]))
			json_object_set(slim, keys[i], json_object_get(c, keys[i]));
	return slim;
}

/* The result to hold others against: what was ok, without figures and without what failed. */
static json_t *model_of(const json_t *result)
{
	json_t *model = json_copy((json_t *)result), *cases = json_array(), *c, *env, *envs;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c)
		if (json_text_is(c, "status", "ok"))
			json_array_append_new(cases, without_figures(c));
	json_object_set_new(model, "cases", cases);
	envs = json_array();
	json_array_foreach(json_object_get(result, "environments"), i, env) {
		json_t *slim = json_copy(env);

		json_object_del(slim, "state");
		json_object_del(slim, "warnings");
		json_array_append_new(envs, slim);
	}
	json_object_set_new(model, "environments", envs);
	json_object_del(model, "self_checks");
	json_object_del(model, "outside");
	json_object_del(model, "crossovers");
	return model;
}

static int add_kind(struct fleet *f, const json_t *result, char *key)
{
	struct fleet_kind *more = realloc(f->kinds, (f->nkinds + 1) * sizeof(*more)), *kind;

	if (!more) {
		free(key);
		return -ENOMEM;
	}
	f->kinds = more;
	kind = &more[f->nkinds++];
	*kind = (struct fleet_kind){
		.key = key, .model = model_of(result), .cases = json_array(), .index = json_object()
	};
	return kind->model && kind->cases && kind->index ? 0 : -ENOMEM;
}

int kind_of(struct fleet *f, json_t *result, size_t *kind)
{
	char *key = key_of(result);

	if (!key)
		return -ENOMEM;
	for (*kind = 0; *kind < f->nkinds; (*kind)++) {
		int same = !strcmp(f->kinds[*kind].key, key);

		if (same)
			same = alike(f->kinds[*kind].model, result);
		if (same) {
			free(key);
			return same < 0 ? same : 0;
		}
	}
	return add_kind(f, result, key);
}

int kind_case(struct fleet_kind *kind, const json_t *c, size_t *number)
{
	const char *id = json_text_if_any(c, "id");
	const json_t *index = json_object_get(kind->index, id);

	if (index) {
		*number = (size_t)json_integer_value(index);
		return 0;
	}
	*number = json_array_size(kind->cases);
	if (json_array_append_new(kind->cases, without_figures(c)))
		return -ENOMEM;
	return json_object_set_new(kind->index, id, json_integer((json_int_t)*number)) ? -ENOMEM
										       : 0;
}

void kind_free(struct fleet_kind *kind)
{
	free(kind->key);
	json_decref(kind->model);
	json_decref(kind->cases);
	json_decref(kind->index);
	free(kind->order);
	free(kind->value);
	free(kind->error);
	families_free(kind);
	group_free(&kind->group);
}
