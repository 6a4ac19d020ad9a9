// SPDX-License-Identifier: GPL-2.0-only
#include "fingerprint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text/parse.h"
#include "changed.h"
#include "difference.h"
#include "engine_fingerprint.h"
#include "same_machine.h"

/* Of config: what makes a comparison neither fair nor unfair. */
static const char *const no_config[] = { "launches", "seed", "mode" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* All keys of either side. ignore[] are left out; name: what each is called, NULL: as the key. */
static void compare_keys(struct compare *cmp, const char *env, const char *kind, const json_t *base,
			 const json_t *now, const char *name, const char *const *ignore,
			 size_t nignore)
{
	json_t *all = json_object(), *value;
	const char *key;

	if (json_is_object(base))
		json_object_update(all, (json_t *)base);
	if (json_is_object(now))
		json_object_update(all, (json_t *)now);
	json_object_foreach(all, key, value) {
		const json_t *a = json_object_get(base, key), *b = json_object_get(now, key);
		bool id = !strcmp(kind, "identity");
		bool allowed = !id && changed_names(cmp->options->changed, name ? name : key);

		if (parse_word(key, ignore, nignore) < 0 &&
		    !(id ? same_identity(base, now, key) : same_value(a, b)))
			differ(cmp, env, kind, key, a, b, allowed);
	}
	json_decref(all);
}

/* Where a merged result has settings by environment, those of this one. */
static const json_t *settings_of(const json_t *result, const char *env)
{
	json_t *config = json_object_get(json_object_get(result, "run"), "config"), *value;
	const char *key;

	json_object_foreach(config, key, value) {
		const char *at = json_is_object(value) ? key : NULL;
		size_t len = strlen(env);

		/* "host" or one of "host+guest" */
		for (; at; at = strchr(at, '+') ? strchr(at, '+') + 1 : NULL)
			if (!strncmp(at, env, len) && (!at[len] || at[len] == '+'))
				return value;
	}
	return config;
}

static void compare_environments(struct compare *cmp)
{
	const json_t *env;
	size_t i;

	json_array_foreach(json_object_get(cmp->json[NOW], "environments"), i, env) {
		const char *id = json_string_value(json_object_get(env, "id"));
		const json_t *base = compare_environment(cmp->json[BASE], id);
		const json_t *a, *b;

		if (!base)
			continue;
		a = json_object_get(base, "platform");
		b = json_object_get(env, "platform");
		if (!json_equal(a, b))
			differ(cmp, id, "identity", "platform", a, b, false);
		a = json_object_get(base, "identity");
		b = json_object_get(env, "identity");
		/* What neither knows isn't alike. */
		if (!says_cpu(a) && !says_cpu(b))
			differ(cmp, id, "identity", "cpu_model", json_object_get(a, "cpu_model"),
			       json_object_get(b, "cpu_model"), false);
		compare_keys(cmp, id, "identity", a, b, NULL, NULL, 0);
		compare_keys(cmp, id, "condition", json_object_get(base, "conditions"),
			     json_object_get(env, "conditions"), NULL, momentary, momentary_count);
		a = json_object_get(json_object_get(base, "clock"), "source");
		b = json_object_get(json_object_get(env, "clock"), "source");
		if (!same_value(a, b))
			differ(cmp, id, "condition", "clock", a, b,
			       changed_names(cmp->options->changed, "clock"));
		compare_keys(cmp, id, "config", settings_of(cmp->json[BASE], id),
			     settings_of(cmp->json[NOW], id), "config", no_config,
			     COUNT(no_config));
	}
}

/* Of a commit results have 12 digits; older ones as many as git thought enough, 7 at least. */
static bool same_commit(const json_t *a, const json_t *b)
{
	const char *x = json_string_value(a), *y = json_string_value(b);
	size_t n = x ? strspn(x, "0123456789abcdef") : 0;
	size_t m = y ? strspn(y, "0123456789abcdef") : 0;

	if (n < 7 || m < 7 || x[n] || y[m])
		return same_value(a, b);
	return !strncmp(x, y, n < m ? n : m);
}

static void compare_tools(struct compare *cmp)
{
	static const char *const keys[] = { "version", "commit", "compiler", "flags" };
	const json_t *base = json_object_get(cmp->json[BASE], "tool");
	const json_t *now = json_object_get(cmp->json[NOW], "tool");

	for (size_t i = 0; i < COUNT(keys); i++) {
		const json_t *a = json_object_get(base, keys[i]),
			     *b = json_object_get(now, keys[i]);

		if (!(i == 1 ? same_commit(a, b) : same_value(a, b)))
			differ(cmp, NULL, "tool", keys[i], a, b,
			       i < 2 || changed_names(cmp->options->changed, keys[i]));
	}
}

/* Two cases of one id that both ran: the same work, by the same engine? */
static void compare_case(struct compare *cmp, const json_t *base, const json_t *now)
{
	const char *env = json_string_value(json_object_get(now, "env"));
	const json_t *a = json_object_get(base, "engine"), *b = json_object_get(now, "engine");

	for (size_t i = 0; i < 4; i++) {
		static const char *const work[] = { "env", "path", "class", "params" };
		const json_t *x = json_object_get(base, work[i]),
			     *y = json_object_get(now, work[i]);

		if (!json_equal(x, y))
			differ(cmp, env, "identity", work[i], x, y, false);
	}
	if (json_is_object(a) != json_is_object(b))
		differ(cmp, env, "engine", "engine", a, b, false);
	else if (json_is_object(a))
		compare_engine(cmp, env, a, b);
}

static bool is_ok(const json_t *c)
{
	return !strcmp(json_string_value(json_object_get(c, "status")), "ok");
}

static void compare_cases(struct compare *cmp)
{
	json_t *by_id = json_object(), *c;
	size_t i;

	json_array_foreach(json_object_get(cmp->json[NOW], "cases"), i, c)
		json_object_set(by_id, json_string_value(json_object_get(c, "id")), c);
	json_array_foreach(json_object_get(cmp->json[BASE], "cases"), i, c) {
		const json_t *now =
			json_object_get(by_id, json_string_value(json_object_get(c, "id")));

		if (!strcmp(json_string_value(json_object_get(c, "status")), "failed"))
			differ(cmp, json_string_value(json_object_get(c, "env")), "identity",
			       "failed in BASE", json_object_get(c, "id"), NULL, false);
		else if (now && is_ok(c) && is_ok(now))
			compare_case(cmp, c, now);
	}
	json_decref(by_id);
}

/* Launches pair only within one run of pairs: any other order is none that was drawn. */
static void compare_pairing(struct compare *cmp)
{
	const json_t *id[2];

	if (!cmp->options->rule.paired)
		return;
	for (int side = BASE; side <= NOW; side++)
		id[side] = json_object_get(
			json_object_get(json_object_get(cmp->json[side], "run"), "pair"), "id");
	if (!json_is_string(id[BASE]) || !json_is_string(id[NOW]) || !json_equal(id[BASE], id[NOW]))
		differ(cmp, NULL, "identity", "run of pairs", id[BASE], id[NOW], false);
}

int fingerprint(struct compare *cmp, char *why, size_t len)
{
	int ret = changed_check(cmp, why, len);

	if (ret)
		return ret;
	cmp->differences = json_array();
	cmp->comparable = true;
	if (!cmp->differences)
		return -ENOMEM;
	compare_pairing(cmp);
	compare_tools(cmp);
	compare_environments(cmp);
	compare_cases(cmp);
	return 0;
}
