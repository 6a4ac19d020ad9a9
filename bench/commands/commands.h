/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_COMMANDS_H
#define DMABENCH_COMMANDS_H

#include "options/exit_status.h"
#include "options/reader.h"

extern const struct command command_list, command_run, command_pair, command_compare, command_trend;
extern const struct command command_table, command_crossover, command_copy, command_selfcheck;
extern const struct command command_answer, command_env, command_profile, command_advise;
extern const struct command command_fleet;

/* Flush stdout; EXIT_USAGE with a message if anything written to it was lost, else status. */
int finish_stdout(int status);

#endif
