// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "compare/compare_options.h"
#include "compare/confirm.h"
#include "compare/input.h"
#include "compare/report.h"
#include "text/escape.h"
#include "commands.h"
#include "scripts.h"

/* One line; what comes from a file can't do anything to the terminal. */
static int complain(const char *what, const char *why)
{
	fputs("dmabench compare: ", stderr);
	if (what) {
		put_plain(stderr, what);
		fputs(": ", stderr);
	}
	put_plain(stderr, why);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* A report must not take the place of what it is about. */
static int check_outputs(const struct compare_options *o)
{
	for (size_t i = 0; i < o->noutputs; i++)
		for (int side = BASE; side <= NOW; side++)
			if (o->outputs[i].file && same_file(o->outputs[i].file, o->file[side]))
				return usage_error("compare", o->outputs[i].file,
						   "an output that isn't one of the inputs");
	return 0;
}

/* Both sides read and compared into cmp, which is to be freed in any case. 0 or an exit status. */
static int compare_files(struct compare *cmp, const char *const file[2])
{
	char why[512];
	int ret;

	for (int side = BASE; side <= NOW; side++) {
		cmp->json[side] = input_read(file[side], why, sizeof(why));
		if (!cmp->json[side])
			return complain(file[side], why);
	}
	ret = compare_results(cmp, why, sizeof(why));
	return ret ? complain(NULL, ret == -EINVAL ? why : strerror(-ret)) : 0;
}

static void drop(struct compare *cmp)
{
	compare_free(cmp);
	json_decref(cmp->json[BASE]);
	json_decref(cmp->json[NOW]);
}

static int cmd_compare(int argc, char **argv)
{
	struct compare_options o;
	struct compare cmp = { .options = &o }, again = { .options = &o };
	const char *file;
	int ret = compare_options_parse(argc, argv, &o), status = EXIT_USAGE;

	if (!ret)
		ret = check_outputs(&o);
	if (ret)
		return ret;
	if (compare_files(&cmp, o.file))
		goto free;
	if (o.confirm[BASE]) {
		if (compare_files(&again, o.confirm))
			goto free;
		confirm(&cmp, &again);
	}
	ret = report_all(&cmp, &file);
	if (ret) {
		complain(file, strerror(-ret));
		goto free;
	}
	status = finish_stdout(o.advisory ? EXIT_OK : cmp.status);
free:
	drop(&cmp);
	drop(&again);
	return status;
}

const struct command command_compare = {
	.name = "compare",
	.what = "BASE NEW: is NEW slower? The exit status says",
	.usage = "[OPTIONS] BASE NEW",
	.about =
		"is NEW slower than BASE? Both are results of\ndmabench run; docs/gate.md says how "
		"it decides and how often it is wrong.",
	.options = compare_option_rows,
	.more = page_option_rows,
	.more_about = "With pictures, of two to eight results; then also --label NAME=RESULT, and "
		      "--gate\n"
		      "for the verdict as the exit status:",
	.after =
		"Exit status: 0 no regression; 1 regression, or a case that is missing or failed;\n"
		"2 usage, unreadable or incomplete input, output that can't be written;\n"
		"3 inconclusive: too noisy, too few launches, nothing compared;\n"
		"4 not comparable: another machine, or conditions that --changed doesn't name.",
	.run = cmd_compare,
};
