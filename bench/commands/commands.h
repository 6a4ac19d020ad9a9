/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands: argv[0] is the command's own name; the exit status comes back. */
#ifndef DMABENCH_COMMANDS_H
#define DMABENCH_COMMANDS_H

#include <stdio.h>

int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_table(int argc, char **argv);
int cmd_pair(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_trend(int argc, char **argv);
int cmd_crossover(int argc, char **argv);
int cmd_copy(int argc, char **argv);
int cmd_selfcheck(int argc, char **argv);
int cmd_env(int argc, char **argv);
int cmd_help(int argc, char **argv);

/* One line on stderr; gives EXIT_USAGE back. */
int usage_error(const char *command, const char *argument, const char *expected);

/* Flush stdout; EXIT_USAGE with a message if anything written to it was lost, else status. */
int finish_stdout(int status);

void help_compare(FILE *to);
void help_pair(FILE *to);
void help_crossover(FILE *to);
void help_copy(FILE *to);
void help_selfcheck(FILE *to);
void help_table(FILE *to);
void help_trend(FILE *to);

#endif
