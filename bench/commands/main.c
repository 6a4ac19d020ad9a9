// SPDX-License-Identifier: GPL-2.0-only
/* dmabench: copy by DMA, copy by CPU, or don't copy? This is the front desk. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "machine/ulimits.h"
#include "measure/launch.h"
#include "text/nearest.h"
#include "commands.h"
#include "scripts.h"
#include "version.h"

static int cmd_help(int argc, char **argv);

static const struct command command_help_on = {
	.name = "help",
	.what = "this, or the options of a command",
	.usage = "[COMMAND]",
	.about = "what there is, or the options of a command.",
	.run = cmd_help,
};

static const struct command *const commands[] = {
	&command_list,	    &command_run,   &command_pair,    &command_compare,	  &command_trend,
	&command_fleet,	    &command_table, &command_answer,  &command_crossover, &command_copy,
	&command_selfcheck, &command_env,   &command_profile, &command_advise,	  &command_help_on,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i]->name))
			return commands[i];
	return NULL;
}

static int unknown(const char *name)
{
	const char *near = NULL;
	size_t least = 0;

	for (size_t i = 0; i < COMMANDS; i++)
		near = nearer(name, near, commands[i]->name, &least);
	for (size_t i = 0; script_at(i); i++)
		near = nearer(name, near, script_at(i)->name, &least);
	fprintf(stderr, "dmabench: %s%s%s%s%s%s; see dmabench help\n",
		*name ? "unknown command \"" : "expected a command", name, *name ? "\"" : "",
		near ? ", is it " : "", near ? near : "", near ? "?" : "");
	return EXIT_USAGE;
}

/* All of them, by what a user wants. */
static const struct {
	const char *wish;
	const char *names[8];
} wishes[] = {
	{ "measure", { "bench", "run", "crossover", "gpu" } },
	{ "see what a result says", { "answer", "report", "plot", "table" } },
	{ "see results side by side, or over time", { "compare", "trend", "fleet" } },
	{ "let a job fail when it gets slower", { "gate", "pair" } },
	{ "know what it would do for a program", { "profile", "advise" } },
	{ "look into one path", { "copy", "selfcheck", "peers", "vm" } },
	{ "know and prepare the machine", { "list", "env", "doctor", "tune", "setup" } },
	{ "develop", { "test", "help" } },
};

static const char *what_of(const char *name)
{
	const struct command *command = find(name);

	return command ? command->what : script_find(name)->what;
}

static int help_all(void)
{
	printf("usage: dmabench COMMAND [OPTIONS]; COMMAND --help says more\n");
	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		printf("\n%s\n", wishes[i].wish);
		for (const char *const *name = wishes[i].names; *name; name++)
			printf("  %-9s %s\n", *name, what_of(*name));
	}
	printf("\nResults go to standard output, messages to standard error. Exit status: 0 ok;\n"
	       "1 failed verification or self-check, or regression; 2 usage, unreadable input,\n"
	       "output that can't be written; 3 nothing could be measured, or inconclusive;\n"
	       "4 not comparable; 128 + signal when interrupted.\n");
	return finish_stdout(EXIT_OK);
}

static int help_of(const struct command *command)
{
	command_help(command, stdout);
	return finish_stdout(EXIT_OK);
}

static int cmd_help(int argc, char **argv)
{
	const struct command *command;

	if (argc > 2)
		return usage_error("help", argv[2], "one command at most");
	if (argc < 2)
		return help_all();
	command = find(argv[1]);
	if (!command && script_find(argv[1]))
		return script_run(argv[1], 2, (char *[]){ argv[1], (char *)"--help" });
	return command ? help_of(command) : unknown(argv[1]);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* Wherever --help stands, but for others' arguments: none of the options' values is called so. */
static int run(const struct command *command, int argc, char **argv)
{
	int page = page_wanted(command, argc, argv);

	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (is_help(argv[i]))
			return help_of(command);
	return page ? page_run(command, page, argc, argv) : command->run(argc, argv);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *command = find(name);
	char why[128];

	if (limits_prepare(why, sizeof(why))) {
		fprintf(stderr, "dmabench: %s\n", why);
		return EXIT_INCONCLUSIVE;
	}
	if (!strcmp(name, LAUNCH_COMMAND))
		return launch_main();
	if (!strcmp(name, "--version")) {
		printf("dmabench %s (%s)\n", DMABENCH_VERSION, DMABENCH_COMMIT);
		return finish_stdout(EXIT_OK);
	}
	if (is_help(name))
		return help_all();
	if (command)
		return run(command, argc - 1, argv + 1);
	return script_find(name) ? script_run(name, argc - 1, argv + 1) : unknown(name);
}
