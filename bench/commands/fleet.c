// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "compare/compare_options.h"
#include "fleet/fleet.h"
#include "machine/files.h"
#include "text/escape.h"
#include "commands.h"
#include "scripts.h"

static const struct {
	const char *name;
	fleet_writer *write;
} formats[] = { { "text", fleet_text }, { "markdown", fleet_markdown }, { "json", fleet_json } };

#define FORMATS_OF_FLEET (sizeof(formats) / sizeof(formats[0]))

struct output {
	fleet_writer *write;
	const char *file; /* NULL: standard output */
};

struct fleet_options {
	const char *folder;
	enum location location;
	double threshold;
	bool cases, partial;
	struct output outputs[FORMATS_OF_FLEET];
	size_t noutputs;
};

static int add_output(struct fleet_options *o, fleet_writer *write, const char *file)
{
	if (o->noutputs == FORMATS_OF_FLEET)
		return -E2BIG;
	o->outputs[o->noutputs++] = (struct output){ write, file };
	return 0;
}

static int read_format(void *into, const struct option *option, const char *text)
{
	size_t len = strcspn(text, "=");

	(void)option;
	if (text[len] && !text[len + 1])
		return -EINVAL;
	for (size_t i = 0; i < FORMATS_OF_FLEET; i++)
		if (strlen(formats[i].name) == len && !strncmp(formats[i].name, text, len))
			return add_output(into, formats[i].write,
					  text[len] ? text + len + 1 : NULL);
	return -EINVAL;
}

static int read_json(void *into, const struct option *option, const char *text)
{
	(void)option;
	(void)text;
	return add_output(into, fleet_json, NULL);
}

#define AT(field) offsetof(struct fleet_options, field)

static const struct option options[] = {
	{ "--threshold", "PERCENT", "smallest difference that counts, above 0 (5)", option_share,
	  AT(threshold), 0 },
	{ "--location", "WORD", "of each launch's samples: min, p10, p25 or median (p10)",
	  option_location, AT(location), 0 },
	{ "--partial", NULL, "machines that can't be judged don't make it inconclusive",
	  option_flag, AT(partial), 0 },
	{ "--cases", NULL, "the text has the distribution of each case, too", option_flag,
	  AT(cases), 0 },
	{ "--format", "F[=FILE]", "text, markdown or json (text)", read_format, 0, 0 },
	{ "--json", NULL, "as --format json", read_json, 0, 0 },
	{ 0 },
};

static int read_arguments(int argc, char **argv, struct fleet_options *o)
{
	static const struct option one = { .help = "one folder with results of machines",
					   .read = option_once,
					   .at = AT(folder) };

	*o = (struct fleet_options){ .location = LOCATION_P10, .threshold = 0.05 };
	if (options_read("fleet", options, &one, o, argc, argv))
		return EXIT_USAGE;
	if (!o->folder)
		return usage_error("fleet", "", one.help);
	if (!o->noutputs)
		o->outputs[o->noutputs++].write = fleet_text;
	return 0;
}

/* 0 or -errno. */
static int write_output(const struct fleet *f, const struct output *output)
{
	struct whole_output whole;

	if (whole_output_begin(&whole))
		return -ENOMEM;
	output->write(f, whole.to);
	return whole_output_end(&whole, output->file);
}

static int complain(const char *what, const char *why)
{
	fputs("dmabench fleet: ", stderr);
	put_plain(stderr, what);
	fprintf(stderr, ": %s\n", why);
	return EXIT_USAGE;
}

static int write_all(const struct fleet *f, const struct fleet_options *o)
{
	for (size_t i = 0; i < o->noutputs; i++) {
		const char *file = o->outputs[i].file;
		int ret = write_output(f, &o->outputs[i]);

		if (ret)
			return complain(file ? file : "standard output", strerror(-ret));
	}
	return finish_stdout(f->status);
}

static int cmd_fleet(int argc, char **argv)
{
	struct fleet_options o;
	struct fleet f;
	int ret = read_arguments(argc, argv, &o), status;

	if (ret)
		return ret;
	f = (struct fleet){ .folder = o.folder,
			    .location = o.location,
			    .threshold = o.threshold,
			    .cases = o.cases,
			    .partial = o.partial };
	/* Results come and go whole: keeping small pieces apart for later costs a quarter of the time. */
	mallopt(M_MXFAST, 0);
	ret = fleet_read(&f);
	if (!ret)
		ret = fleet_judge(&f);
	if (ret)
		status = complain(o.folder, strerror(-ret));
	else if (!f.n && !json_array_size(f.left_out) && !json_array_size(f.silent))
		status = complain(o.folder, "there is no result in it");
	else
		status = write_all(&f, &o);
	fleet_free(&f);
	return status;
}

const struct command command_fleet = {
	.name = "fleet",
	.what = "DIR: which machines stand out from others of their kind?",
	.usage = "[OPTIONS] DIR",
	.about = "which machines stand out from others of their kind? Reads\nDIR/*.json and "
		 "DIR/*/result.json, one a machine, results of dmabench run;\ndocs/fleet.md says "
		 "how it decides and how often it is wrong.",
	.options = options,
	.more = page_option_rows,
	.more_about = "With pictures:",
	.after =
		"Exit status: 0 each machine was judged, and none stands out for the worse; 1 some "
		"do, or\nfailed; 2 usage, no result in DIR, or output that can't be written; 3 "
		"some "
		"couldn't be\njudged: no answer, no whole result, too few of a kind, too few "
		"launches.",
	.run = cmd_fleet,
};
