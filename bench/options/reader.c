// SPDX-License-Identifier: GPL-2.0-only
#include "reader.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "text/nearest.h"
#include "text/parse.h"
#include "exit_status.h"

char option_bad_part[128];

int option_text(void *into, const struct option *option, const char *text)
{
	*(const char **)((char *)into + option->at) = text;
	return *text ? 0 : -EINVAL;
}

int option_once(void *into, const struct option *option, const char *text)
{
	const char **to = (const char **)((char *)into + option->at);

	if (*to)
		return -EINVAL;
	*to = text;
	return 0;
}

int option_flag(void *into, const struct option *option, const char *text)
{
	(void)text;
	*(bool *)((char *)into + option->at) = true;
	return 0;
}

int option_number(void *into, const struct option *option, const char *text)
{
	return parse_u64(text, option->max, (uint64_t *)((char *)into + option->at));
}

int option_size(void *into, const struct option *option, const char *text)
{
	uint64_t *to = (uint64_t *)((char *)into + option->at);

	return parse_size(text, to) || !*to || *to > option->max ? -EINVAL : 0;
}

/* "--size LIST" of an option, into left. */
static size_t left_of(const struct option *o, char *left, size_t len)
{
	return (size_t)snprintf(left, len, "%s%s%s", o->name, o->value ? " " : "",
				o->value ? o->value : "");
}

static void print_options(const struct option *options, FILE *to)
{
	char left[48];
	size_t width = 0;

	for (size_t i = 0; options[i].name; i++) {
		size_t used = left_of(&options[i], left, sizeof(left));

		width = used > width ? used : width;
	}
	for (size_t i = 0; options[i].name; i++) {
		const char *line = options[i].help;

		left_of(&options[i], left, sizeof(left));
		for (bool first = true; line; first = false) {
			const char *end = strchr(line, '\n');

			fprintf(to, "  %-*s  %.*s\n", (int)width, first ? left : "",
				end ? (int)(end - line) : (int)strlen(line), line);
			line = end ? end + 1 : NULL;
		}
	}
}

void command_help(const struct command *command, FILE *to)
{
	fprintf(to, "dmabench %s%s%s: %s\n", command->name, *command->usage ? " " : "",
		command->usage, command->about);
	if (command->options) {
		fprintf(to, "\n");
		print_options(command->options, to);
	}
	if (command->more) {
		fprintf(to, "\n%s\n\n", command->more_about);
		print_options(command->more, to);
	}
	if (command->after)
		fprintf(to, "\n%s\n", command->after);
	if (command->help)
		command->help(to);
}

static const char *why(int err)
{
	switch (err) {
	case -ERANGE:
		return "out of range; expected";
	case -ENODEV:
		return "no such NUMA node; expected";
	case -E2BIG:
		return "too long; expected";
	case -EEXIST:
		return "named twice; expected";
	default:
		return "expected";
	}
}

static int complain(const char *command, const struct option *o, int err)
{
	fprintf(stderr, "dmabench %s: %s \"%s\": %s %s: %.*s\n", command, o->name, option_bad_part,
		why(err), o->value, (int)strcspn(o->help, "\n"), o->help);
	return EXIT_USAGE;
}

/* Without "=4K". */
static size_t name_length(const char *argument)
{
	return strncmp(argument, "--", 2) ? strlen(argument) : strcspn(argument, "=");
}

const struct option *option_row(const struct option *options, const char *argument)
{
	size_t len = name_length(argument);

	for (const struct option *row = options; row->name; row++)
		if (strlen(row->name) == len && !strncmp(row->name, argument, len))
			return argument[len] && !row->value ? NULL : row;
	return NULL;
}

int option_take(const char *command, const struct option *options, void *into, int argc,
		char **argv, int *i)
{
	const char *arg = argv[*i], *text = NULL;
	size_t len = name_length(arg);
	const struct option *o = option_row(options, arg);
	int ret;

	if (!o)
		return -ENOENT;
	if (o->value && arg[len])
		text = arg + len + 1;
	else if (o->value && *i + 1 < argc)
		text = argv[++*i];
	snprintf(option_bad_part, sizeof(option_bad_part), "%s", text ? text : "");
	if (o->value && !text)
		return complain(command, o, -EINVAL);
	ret = o->read(into, o, text);
	return ret < 0 ? complain(command, o, ret) : ret;
}

int option_unknown(const char *command, const struct option *options, const char *argument)
{
	char name[32]; /* without the value */
	const char *near = NULL;
	size_t least = 0;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument, "="), argument);
	for (; options->name; options++)
		near = nearer(name, near, options->name, &least);
	fprintf(stderr, "dmabench %s: unknown argument \"%s\"%s%s%s; see dmabench help %s\n",
		command, argument, near ? ", is it " : "", near ? near : "", near ? "?" : "",
		command);
	return EXIT_USAGE;
}

int options_read(const char *command, const struct option *options, const struct option *other,
		 void *into, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int ret;

		if (other && argv[i][0] != '-') {
			ret = other->read(into, other, argv[i]);
			if (ret)
				return usage_error(command, argv[i], other->help);
			continue;
		}
		ret = option_take(command, options, into, argc, argv, &i);
		if (ret == -ENOENT)
			return option_unknown(command, options, argv[i]);
		if (ret)
			return ret;
	}
	return 0;
}

int usage_error(const char *command, const char *argument, const char *expected)
{
	fprintf(stderr, "dmabench %s: \"%s\": expected %s\n", command, argument, expected);
	return EXIT_USAGE;
}
