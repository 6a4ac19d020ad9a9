// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "compare/compare_options.h"
#include "machine/files.h"
#include "text/escape.h"
#include "trend/trend.h"
#include "commands.h"
#include "scripts.h"

static const struct {
	const char *name;
	trend_writer *write;
} formats[] = { { "text", trend_text }, { "markdown", trend_markdown }, { "json", trend_json } };

#define FORMATS_OF_TREND (sizeof(formats) / sizeof(formats[0]))

struct output {
	trend_writer *write;
	const char *file; /* NULL: standard output */
};

struct trend_options {
	const char *folder, *like;
	enum location location;
	double alpha;
	uint64_t last;
	struct output outputs[FORMATS_OF_TREND];
	size_t noutputs;
};

static int read_format(void *into, const struct option *option, const char *text)
{
	struct trend_options *o = into;
	size_t len = strcspn(text, "=");

	(void)option;
	if (text[len] && !text[len + 1])
		return -EINVAL;
	for (size_t i = 0; i < FORMATS_OF_TREND; i++) {
		if (strlen(formats[i].name) != len || strncmp(formats[i].name, text, len))
			continue;
		if (o->noutputs == FORMATS_OF_TREND)
			return -E2BIG;
		o->outputs[o->noutputs++] =
			(struct output){ formats[i].write, text[len] ? text + len + 1 : NULL };
		return 0;
	}
	return -EINVAL;
}

static int read_alpha(void *into, const struct option *option, const char *text)
{
	int ret = option_share(into, option, text);

	return !ret && ((struct trend_options *)into)->alpha > 0.5 ? -ERANGE : ret;
}

static int read_last(void *into, const struct option *option, const char *text)
{
	int ret = option_number(into, option, text);

	return !ret && ((struct trend_options *)into)->last < 2 * DIVISIVE_LEAST ? -ERANGE : ret;
}

#define STRING(x) #x
#define TEXT(x) STRING(x)
#define AT(field) offsetof(struct trend_options, field)

static const struct option options[] = {
	{ "--location", "WORD", "of each launch's samples: min, p10, p25 or median (p10)",
	  option_location, AT(location), 0 },
	{ "--alpha", "PERCENT", "chance of a false change in all cases together, at most 50 (1)",
	  read_alpha, AT(alpha), 0 },
	{ "--last", "N", "the newest N runs, 6 to 1000 (" TEXT(TREND_LAST) ")", read_last, AT(last),
	  1000 },
	{ "--like", "FILE", "runs of machines like that of FILE, a name below DIR (the newest)",
	  option_text, AT(like), 0 },
	{ "--format", "F[=FILE]", "text, markdown or json (text)", read_format, 0, 0 },
	{ 0 },
};

static int read_arguments(int argc, char **argv, struct trend_options *o)
{
	static const struct option one = { .help = "one folder with results",
					   .read = option_once,
					   .at = AT(folder) };

	*o = (struct trend_options){ .location = LOCATION_P10,
				     .alpha = TREND_ALPHA,
				     .last = TREND_LAST };
	if (options_read("trend", options, &one, o, argc, argv))
		return EXIT_USAGE;
	if (!o->folder)
		return usage_error("trend", "", one.help);
	if (!o->noutputs)
		o->outputs[o->noutputs++].write = trend_text;
	return 0;
}

/* 0 or -errno. */
static int write_output(const struct trend *t, const struct output *output)
{
	struct whole_output whole;

	if (whole_output_begin(&whole))
		return -ENOMEM;
	output->write(t, whole.to);
	return whole_output_end(&whole, output->file);
}

static int complain(const char *what, const char *why)
{
	fputs("dmabench trend: ", stderr);
	put_plain(stderr, what);
	fprintf(stderr, ": %s\n", why);
	return EXIT_USAGE;
}

static int cmd_trend(int argc, char **argv)
{
	struct trend_options o;
	struct trend t = { 0 };
	int ret = read_arguments(argc, argv, &o), status;

	if (ret)
		return ret;
	t.folder = o.folder;
	t.location = o.location;
	t.alpha = o.alpha;
	ret = runs_read(o.folder, o.location, o.last, o.like, &t.runs);
	if (!ret && t.runs.n)
		ret = trend_analyse(&t);
	if (ret == -ENOENT && o.like && t.runs.n) {
		status = complain(o.like, "no whole result of that name is in the folder");
	} else if (ret) {
		status = complain(o.folder, strerror(-ret));
	} else if (!t.runs.n) {
		status = complain(o.folder, json_array_size(t.runs.left_out)
						    ? "none of its files is a whole result"
						    : "there is no result in it");
	} else {
		status = t.looked ? EXIT_OK : EXIT_INCONCLUSIVE;
		for (size_t i = 0; i < o.noutputs && !ret; i++) {
			const char *file = o.outputs[i].file;

			ret = write_output(&t, &o.outputs[i]);
			if (ret)
				status = complain(file ? file : "standard output", strerror(-ret));
		}
		status = ret ? status : finish_stdout(status);
	}
	trend_free(&t);
	return status;
}

const struct command command_trend = {
	.name = "trend",
	.what = "DIR: when did the time of a case change, over many runs?",
	.usage = "[OPTIONS] DIR",
	.about = "where did the time of a case change, over the runs of one\nmachine? Reads "
		 "DIR/*.json and DIR/*/result.json, results of dmabench run, and the same\nin the "
		 "folders "
		 "of DIR, which are a fleet's each; docs/gate.md and docs/fleet.md say\nhow it "
		 "decides.",
	.options = options,
	.more = page_option_rows,
	.more_about = "With pictures:",
	.after = "Exit status: 0 looked for changes, found or not; 2 usage, no result in DIR, or "
		 "output\nthat can't be written; 3 nothing could be looked at: too few runs.",
	.run = cmd_trend,
};
