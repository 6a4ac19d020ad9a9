// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "machine/core_to_core.h"
#include "machine/settings.h"
#include "machine/state.h"
#include "result/engines_json.h"
#include "result/environment.h"
#include "commands.h"

#define NAME_WIDTH 22

static void print_scalar(const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_null(value))
		printf("can't be seen");
	else if (text)
		printf("%s", *text ? text : "none");
	else
		json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(4));
}

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
		printf("%*s", depth ? NAME_WIDTH - (int)strlen(key) : 1, " ");
		print_scalar(value);
		printf("\n");
	}
}

/* Nothing is said about these, good or bad: so it says that, and where it looked. */
static void print_unseen(const json_t *conditions, const json_t *now)
{
	const char *key;
	json_t *value;
	bool any = false;

	json_object_foreach((json_t *)conditions, key, value) {
		const char *where = settings_where(key);

		if (!json_is_null(value))
			continue;
		printf("%s  %s: %s%s\n", any ? "" : "can't be seen here:\n", key,
		       where ? "no " : "the kernel doesn't say", where ? where : "");
		any = true;
	}
	json_object_foreach(json_object_get(now, "unseen"), key, value) {
		printf("%s  %s: %s\n", any ? "" : "can't be seen here:\n", key,
		       json_string_value(value));
		any = true;
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

/* Facts first, then what was seen in a short look, then what follows from both. */
static void print_for_people(json_t *env)
{
	json_t *warnings = json_incref(json_object_get(env, "warnings"));
	json_t *now = json_incref(json_object_get(json_object_get(env, "state"), "before"));
	json_t *unseen = json_incref(json_object_get(now, "unseen"));

	json_object_del(env, "warnings");
	json_object_del(env, "state");
	json_object_del(now, "unseen");
	print_tree(env, 0);
	printf("now:\n");
	print_tree(now, 1);
	json_object_set(now, "unseen", unseen);
	print_unseen(json_object_get(env, "conditions"), now);
	print_warnings(warnings);
	json_decref(unseen);
	json_decref(now);
	json_decref(warnings);
}

/* For scripts that measure other programs and have to know where the CPUs are meanwhile. */
static int print_word(void)
{
	char why[128];
	double ns;

	if (core_to_core_ns_usable(&ns, why, sizeof(why))) {
		fprintf(stderr, "dmabench: env --word: %s\n", why);
		return EXIT_INCONCLUSIVE;
	}
	printf("%.0f\n", ns);
	return finish_stdout(EXIT_OK);
}

struct env_options {
	bool json, word;
};

static const struct option options[] = {
	{ "--json", NULL, "the same as JSON, for programs", option_flag,
	  offsetof(struct env_options, json), 0 },
	{ "--word", NULL, "only how long a word takes from the first usable CPU to the last, ns",
	  option_flag, offsetof(struct env_options, word), 0 },
	{ 0 },
};

static int cmd_env(int argc, char **argv)
{
	struct env_options o = { 0 };
	static struct state state; /* large */
	json_t *env;

	if (options_read("env", options, NULL, &o, argc, argv))
		return EXIT_USAGE;
	if (o.word && o.json)
		return usage_error("env", "--word", "--json or --word, not both");
	if (o.word)
		return print_word();
	env = environment("host", FAMILY(ENGINES_DRIVER));
	state_begin(&state, json_object_get(env, "conditions"), STATE_WINDOW_NS);
	environment_set_state(env, state_to_json(&state));
	if (o.json) {
		json_dumpf(env, stdout,
			   JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
		putchar('\n');
	} else {
		print_for_people(env);
	}
	state_free(&state);
	json_decref(env);
	return finish_stdout(EXIT_OK);
}

const struct command command_env = {
	.name = "env",
	.what = "the machine's fingerprint, and what spoils measurements (--json, --word)",
	.usage = "[OPTIONS]",
	.about = "which machine this is, in which state, and what of that spoils "
		 "measurements.",
	.options = options,
	.run = cmd_env,
};
