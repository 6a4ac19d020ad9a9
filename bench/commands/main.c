// SPDX-License-Identifier: GPL-2.0-only
/* dmabench: copy by DMA, copy by CPU, or don't copy? This is the front desk. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "machine/ulimits.h"
#include "measure/launch.h"
#include "options/options.h"
#include "commands.h"
#include "version.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "list", cmd_list, "paths, engines and nodes, each usable or why not (--json)" },
	{ "run", cmd_run, "measure; -o FILE writes the result" },
	{ "pair", cmd_pair, "two builds or two settings, measured side by side for compare" },
	{ "compare", cmd_compare, "BASE NEW: is NEW slower? The exit status says" },
	{ "trend", cmd_trend, "DIR: when did the time of a case change, over many runs?" },
	{ "table", cmd_table, "FILE: flat rows for gnuplot and people (--csv)" },
	{ "crossover", cmd_crossover, "from which size on is one path faster than another?" },
	{ "copy", cmd_copy, "one fixed amount of work by one path, timed from outside" },
	{ "selfcheck", cmd_selfcheck, "is this harness right? checks with known answers" },
	{ "env", cmd_env,
	  "the machine's fingerprint, and what spoils measurements (--json, --word)" },
	{ "help", cmd_help, "this, or the options of a command" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

int cmd_help(int argc, char **argv)
{
	if (argc > 2)
		return usage_error("help", argv[2], "one command at most");
	if (argc == 2 && !strcmp(argv[1], "run")) {
		printf("dmabench run [OPTIONS]: measure cases. Lists are separated by commas; "
		       "every\n"
		       "combination of the values that matter to a path is a case.\n\n");
		options_help_run(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "compare")) {
		help_compare(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "pair")) {
		help_pair(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "crossover")) {
		help_crossover(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "copy")) {
		help_copy(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "selfcheck")) {
		help_selfcheck(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "table")) {
		help_table(stdout);
	} else if (argc == 2 && !strcmp(argv[1], "trend")) {
		help_trend(stdout);
	} else {
		printf("usage: dmabench COMMAND [OPTIONS]\n\n");
		for (size_t i = 0; i < COMMANDS; i++)
			printf("  %-9s %s\n", commands[i].name, commands[i].what);
		printf("\nResults go to standard output, messages to standard error. Exit status: "
		       "0 ok;\n"
		       "1 failed verification or self-check, or regression; 2 usage, unreadable "
		       "input,\n"
		       "output that can't be written; 3 nothing could be measured, or "
		       "inconclusive;\n"
		       "4 not comparable; 128 + signal when interrupted.\n");
	}
	return finish_stdout(EXIT_OK);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	char why[128];

	if (limits_prepare(why, sizeof(why))) {
		fprintf(stderr, "dmabench: %s\n", why);
		return EXIT_INCONCLUSIVE;
	}
	/* A closed pipe is a write that fails, and is reported as one. */
	signal(SIGPIPE, SIG_IGN);
	if (!strcmp(name, LAUNCH_COMMAND))
		return launch_main();
	if (!strcmp(name, "--version")) {
		printf("dmabench %s (%s)\n", DMABENCH_VERSION, DMABENCH_COMMIT);
		return finish_stdout(EXIT_OK);
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		return cmd_help(1, argv);
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return usage_error(
		"", name,
		"a command: list, run, pair, compare, trend, table, copy, selfcheck, env or "
		"help");
}
