// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "commands.h"
#include "environment.h"
#include "options.h"

/* "key: value" lines, nested objects indented; lists of scalars on one line. */
static void print_tree(const json_t *json, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)json, key, value) {
		printf("%*s%s:", 2 * depth, "", key);
		if (json_is_object(value)) {
			printf("\n");
			print_tree(value, depth + 1);
			continue;
		}
		printf(" ");
		if (json_is_string(value))
			printf("%s", json_string_value(value));
		else
			json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT);
		printf("\n");
	}
}

static void print_warnings(const json_t *warnings)
{
	json_t *w;
	size_t i;

	json_array_foreach(warnings, i, w)
		printf("warning: %s: %s\n  what to do: %s\n",
		       json_string_value(json_object_get(w, "what")),
		       json_string_value(json_object_get(w, "why")),
		       json_string_value(json_object_get(w, "do")));
}

int cmd_env(int argc, char **argv)
{
	bool as_json = argc == 2 && !strcmp(argv[1], "--json");
	json_t *env, *warnings;

	if (argc > 1 && !as_json)
		return usage_error("env", argv[1], "nothing or --json");
	env = environment("host");
	if (as_json) {
		json_dumpf(env, stdout,
			   JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
		putchar('\n');
	} else {
		warnings = json_incref(json_object_get(env, "warnings"));
		json_object_del(env, "warnings");
		print_tree(env, 0);
		print_warnings(warnings);
		json_decref(warnings);
	}
	json_decref(env);
	return finish_stdout(EXIT_OK);
}
