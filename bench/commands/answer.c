// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <stdio.h>

#include "answer/answer.h"
#include "compare/input.h"
#include "result/result.h"
#include "text/escape.h"
#include "text/json_layout.h"
#include "commands.h"
#include "people.h"

struct answer_options {
	const char *file;
	bool json, costs;
};

static const struct option options[] = {
	{ "--json", NULL, "the same for programs, with the best path of each size", option_flag,
	  offsetof(struct answer_options, json), 0 },
	{ "--costs", NULL, "instead, of each path what setting up and then a byte costs",
	  option_flag, offsetof(struct answer_options, costs), 0 },
	{ 0 },
};

static void complain(const char *file, const char *why)
{
	fputs("dmabench answer: ", stderr);
	put_plain(stderr, file);
	fputs(": ", stderr);
	put_plain(stderr, why);
	fputc('\n', stderr);
}

static int cmd_answer(int argc, char **argv)
{
	static const struct option one = { .help = "one result file",
					   .read = option_once,
					   .at = offsetof(struct answer_options, file) };
	struct answer_options o = { 0 };
	json_t *result, *answer;
	char why[256];

	if (options_read("answer", options, &one, &o, argc, argv))
		return EXIT_USAGE;
	if (o.json && o.costs)
		return usage_error("answer", "--costs", "--json alone, which has them, too");
	if (!o.file)
		return usage_error("answer", "", "one result file");
	result = result_read(o.file, why, sizeof(why));
	if (!result || input_check_parts(result, why, sizeof(why))) {
		complain(o.file, why);
		json_decref(result);
		return EXIT_USAGE;
	}
	if (!json_is_true(json_object_get(json_object_get(result, "run"), "complete")))
		complain(o.file, "the run is incomplete");
	answer = answer_make(result);
	if (o.json) {
		json_write(answer, stdout);
		putchar('\n');
	} else if (o.costs) {
		people_costs(answer);
	} else {
		people_table(result);
		people_answer(answer);
	}
	json_decref(answer);
	json_decref(result);
	return finish_stdout(EXIT_OK);
}

const struct command command_answer = {
	.name = "answer",
	.what = "FILE: which path for which size here, in words",
	.usage = "[--json | --costs] FILE",
	.about = "what a result of dmabench run or bench.sh says: a table for\npeople, and its sum "
		 "in "
		 "one to three sentences.",
	.options = options,
	.run = cmd_answer,
};
