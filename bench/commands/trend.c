// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare_options.h"
#include "machine/files.h"
#include "options/options.h"
#include "text/escape.h"
#include "text/parse.h"
#include "trend/trend.h"
#include "commands.h"

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
	const char *folder;
	enum location location;
	double alpha;
	uint64_t last;
	struct output outputs[FORMATS_OF_TREND];
	size_t noutputs;
};

void help_trend(FILE *to)
{
	fprintf(to,
		"dmabench trend [OPTIONS] DIR: where did the time of a case change, over the runs "
		"of one\nmachine? Reads DIR/*.json and DIR/*/result.json, results of dmabench run; "
		"docs/gate.md\nsays how it decides.\n\n"
		"  --location WORD             of each launch's samples: min, p10, p25 or median "
		"(p10)\n"
		"  --alpha PERCENT             chance of a false change in all cases together (1)\n"
		"  --last N                    the newest N runs, 6 to 1000 (%d)\n"
		"  --format F[=FILE]           text, markdown or json (text)\n\n"
		"Exit status: 0 looked for changes, found or not; 2 usage, no result in DIR, or "
		"output\nthat can't be written; 3 nothing could be looked at: too few runs.\n",
		TREND_LAST);
}

static int refuse(const char *option, const char *value, const char *expected)
{
	fprintf(stderr, "dmabench trend: %s \"%s\": expected %s\n", option, value, expected);
	return EXIT_USAGE;
}

static int read_format(struct trend_options *o, const char *text)
{
	size_t len = strcspn(text, "=");

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

static int read_option(struct trend_options *o, const char *name, const char *value)
{
	int location;

	if (!strcmp(name, "--format"))
		return read_format(o, value)
			       ? refuse(name, value, "text, markdown or json, and =FILE or not")
			       : 0;
	if (!strcmp(name, "--alpha"))
		return read_share(value, &o->alpha) || o->alpha > 0.5
			       ? refuse(name, value, "a percentage above 0, at most 50")
			       : 0;
	if (!strcmp(name, "--last"))
		return parse_u64(value, 1000, &o->last) || o->last < 2 * DIVISIVE_LEAST
			       ? refuse(name, value, "a number of runs, 6 to 1000")
			       : 0;
	if (!strcmp(name, "--location")) {
		location = parse_word(value, location_names, LOCATIONS);
		o->location = location < 0 ? o->location : (enum location)location;
		return location < 0 ? refuse(name, value, "min, p10, p25 or median") : 0;
	}
	return usage_error("trend", name, "an option of dmabench help trend");
}

static int read_arguments(int argc, char **argv, struct trend_options *o)
{
	*o = (struct trend_options){ .location = LOCATION_P10,
				     .alpha = TREND_ALPHA,
				     .last = TREND_LAST };
	for (int i = 1; i < argc; i++) {
		int ret;

		if (argv[i][0] != '-' && !o->folder) {
			o->folder = argv[i];
			continue;
		}
		if (argv[i][0] != '-')
			return usage_error("trend", argv[i], "one folder");
		ret = read_option(o, argv[i], i + 1 < argc ? argv[i + 1] : "");
		if (ret)
			return ret;
		i++;
	}
	if (!o->folder)
		return usage_error("trend", "", "a folder with results");
	if (!o->noutputs)
		o->outputs[o->noutputs++].write = trend_text;
	return 0;
}

/* Whole or not at all. 0 or -errno. */
static int write_output(const struct trend *t, const struct output *output)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	int ret = 0;

	if (!to)
		return -ENOMEM;
	output->write(t, to);
	if (ferror(to))
		ret = -ENOMEM;
	if (fclose(to) || !len)
		ret = -ENOMEM;
	if (!ret && output->file)
		ret = replace_file(output->file, text, len);
	else if (!ret && fwrite(text, 1, len, stdout) != len)
		ret = -EIO;
	free(text);
	return ret;
}

static int complain(const char *what, const char *why)
{
	fputs("dmabench trend: ", stderr);
	put_plain(stderr, what);
	fprintf(stderr, ": %s\n", why);
	return EXIT_USAGE;
}

int cmd_trend(int argc, char **argv)
{
	struct trend_options o;
	struct trend t = { 0 };
	int ret = read_arguments(argc, argv, &o), status;

	if (ret)
		return ret;
	t.folder = o.folder;
	t.location = o.location;
	t.alpha = o.alpha;
	ret = runs_read(o.folder, o.location, o.last, &t.runs);
	if (!ret && t.runs.n)
		ret = trend_analyse(&t);
	if (ret) {
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
