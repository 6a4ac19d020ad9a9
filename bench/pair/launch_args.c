// SPDX-License-Identifier: GPL-2.0-only
/* One launch of a case, in words that any version of the program understands, or doesn't. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "pair.h"

#define MOST_ARGS 96
#define ARG_LEN 80

struct args {
	char *v[MOST_ARGS + 1];
	size_t n;
	char text[MOST_ARGS][ARG_LEN];
};

__attribute__((format(printf, 2, 3))) static void add(struct args *a, const char *format, ...)
{
	va_list list;

	if (a->n == MOST_ARGS)
		abort(); /* there are not that many options */
	va_start(list, format);
	vsnprintf(a->text[a->n], ARG_LEN, format, list);
	va_end(list);
	a->v[a->n] = a->text[a->n];
	a->n++;
}

/* Does the help of the program's run name the option, as a word of its own? */
static bool knows(const struct pair_side *s, const char *option)
{
	size_t len = strlen(option);

	for (const char *p = s->help; (p = strstr(p, option)); p += len)
		if (p[len] == ' ' && (p == s->help || p[-1] == ' '))
			return true;
	return false;
}

/* A parameter that means what a program without it does anyway. */
static bool is_default(const json_t *value)
{
	static const char *const words[] = { "4K", "hot", "interrupt" };

	for (size_t i = 0; json_is_string(value) && i < 3; i++)
		if (!strcmp(json_string_value(value), words[i]))
			return true;
	return json_is_integer(value) && !json_integer_value(value);
}

static bool add_params(struct args *a, const struct pair_side *s, const struct bench_case *c,
		       char *why, size_t len)
{
	json_t *params = case_params_to_json(c), *value;
	bool good = true;
	const char *key;

	json_object_foreach(params, key, value) {
		char option[32] = "--";

		for (size_t i = 0; i < sizeof(option) - 3 && key[i]; i++)
			option[i + 2] = key[i] == '_' ? '-' : key[i];
		if (!knows(s, option)) {
			if (is_default(value))
				continue;
			snprintf(why, len, "it has no %s", option);
			good = false;
			break;
		}
		add(a, "%s", option);
		if (json_is_string(value))
			add(a, "%s", json_string_value(value));
		else
			add(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	}
	json_decref(params);
	return good;
}

/* A phase that it doesn't have is one that isn't measured. */
static bool add_measure(struct args *a, const struct pair_side *s, const struct run_options *o,
			char *why, size_t len)
{
	const char *name;
	uint64_t value;

	for (size_t i = 0; options_measure(o, i, &name, &value); i++) {
		if (knows(s, name)) {
			add(a, "%s", name);
			add(a, "%" PRIu64, value);
		} else if (value) {
			snprintf(why, len, "it has no %s, which must be 0 then", name);
			return false;
		}
	}
	return true;
}

char **launch_args(const struct pair_side *s, const struct run_options *o,
		   const struct bench_case *c, uint64_t seed, char *why, size_t len)
{
	struct args *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	a->v[a->n++] = (char *)s->exe; /* as long as a path is */
	add(a, "run");
	add(a, "--part");
	add(a, "--launches");
	add(a, "1");
	add(a, "--env");
	add(a, "%s", o->env_id);
	add(a, "--seed");
	add(a, "%" PRIu64, seed >> 11);
	add(a, "-o");
	add(a, CHILD_ANSWER);
	if (knows(s, "--state-ms")) {
		add(a, "--state-ms");
		add(a, "0");
	}
	add(a, "--path");
	add(a, "%s", c->path->name);
	if (add_measure(a, s, o, why, len) && add_params(a, s, c, why, len))
		return a->v;
	free(a);
	return NULL;
}
