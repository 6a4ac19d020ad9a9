// SPDX-License-Identifier: GPL-2.0-only
#include "compare_options.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "options/exit_status.h"
#include "text/parse.h"

int read_share(const char *text, double *share)
{
	size_t whole = strspn(text, "0123456789"), more = 0;
	double value = 0, unit = 1;

	if (text[whole] == '.') {
		more = strspn(text + whole + 1, "0123456789");
		if (!more)
			return -EINVAL;
		more++;
	}
	if (!whole || text[whole + more] || whole + more > 12)
		return -EINVAL;
	for (const char *p = text; *p; p++) {
		if (*p == '.')
			continue;
		value = 10 * value + (*p - '0');
		unit *= p > text + whole ? 10 : 1;
	}
	if (value <= 0 || value / unit > 1000)
		return -ERANGE;
	*share = value / unit / 100;
	return 0;
}

int option_share(void *into, const struct option *option, const char *text)
{
	void *share = (char *)into + option->at;

	return read_share(text, share);
}

int option_location(void *into, const struct option *option, const char *text)
{
	int i = parse_word(text, location_names, LOCATIONS);

	if (i >= 0)
		*(enum location *)((char *)into + option->at) = (enum location)i;
	return i < 0 ? i : 0;
}

static int one_figure(const char *name, void *data)
{
	struct compare_options *o = data;

	for (size_t i = 0; i < FIGURES; i++)
		if (!strcmp(name, figures[i].name)) {
			o->figure[i] = true;
			return 0;
		}
	return -EINVAL;
}

static int read_figures(void *into, const struct option *option, const char *text)
{
	struct compare_options *o = into;

	(void)option;
	memset(o->figure, 0, sizeof(o->figure));
	return parse_list(text, one_figure, o, option_bad_part, sizeof(option_bad_part));
}

static int read_format(void *into, const struct option *option, const char *text)
{
	struct compare_options *o = into;
	size_t len = strcspn(text, "=");
	const char *file = text[len] ? text + len + 1 : NULL;
	char word[24];
	int format;

	(void)option;
	if (len >= sizeof(word) || (file && !*file))
		return -EINVAL;
	if (o->noutputs == MAX_OUTPUTS)
		return -E2BIG;
	memcpy(word, text, len);
	word[len] = '\0';
	format = parse_word(word, format_names, FORMATS);
	if (format < 0)
		return format;
	for (size_t i = 0; i < o->noutputs; i++)
		if (file ? o->outputs[i].file && !strcmp(file, o->outputs[i].file)
			 : !o->outputs[i].file)
			return -EEXIST;
	o->outputs[o->noutputs].format = (enum format)format;
	o->outputs[o->noutputs++].file = file;
	return 0;
}

static int read_file(void *into, const struct option *option, const char *text)
{
	struct compare_options *o = into;
	int side = o->file[BASE] ? NOW : BASE;

	(void)option;
	if (o->file[side])
		return -EINVAL;
	o->file[side] = text;
	return 0;
}

#define AT(field) offsetof(struct compare_options, field)

const struct option compare_option_rows[] = {
	{ "--threshold", "PERCENT", "smallest change that fails, above 0 (5)", option_share,
	  AT(rule.threshold), 0 },
	{ "--icount-threshold", "PERCENT", "the same of instruction counts, above 0 (0.5)",
	  option_share, AT(rule.exact_threshold), 0 },
	{ "--location", "WORD", "of each launch's samples: min, p10, p25 or median (p10)",
	  option_location, AT(location), 0 },
	{ "--figure", "LIST", "time, latency_p99, cpu_caller, cpu_machine (time)", read_figures, 0,
	  0 },
	/* Names are checked when the files are known: their conditions are the names. */
	{ "--changed", "LIST", "conditions that may differ: kernel, iommu, config … (none)",
	  option_text, AT(changed), 0 },
	{ "--paired", NULL, "launch i of BASE and of NEW ran side by side", option_flag,
	  AT(rule.paired), 0 },
	{ "--confirm-base", "FILE",
	  "of the confirmation block; a FAIL stands if it fails there too", option_text,
	  AT(confirm[BASE]), 0 },
	{ "--confirm-new", "FILE", "and its NEW", option_text, AT(confirm[NOW]), 0 },
	{ "--format", "F[=FILE]",
	  "text, markdown, json, junit, ktap; NEW alone: bigger, smaller, bmf, google-benchmark "
	  "(text)",
	  read_format, 0, 0 },
	{ "--describe", NULL,
	  "how far apart they are and nothing more, of any two results; exit 0, 3: nothing in "
	  "common",
	  option_flag, AT(rule.describe), 0 },
	{ "--advisory", NULL, "exit 0 whatever the verdict; unreadable input is still 2",
	  option_flag, AT(advisory), 0 },
	{ 0 },
};

static int refuse(const char *argument, const char *expected)
{
	return usage_error("compare", argument, expected);
}

int compare_options_parse(int argc, char **argv, struct compare_options *o)
{
	static const struct option files = { .help = "two files, BASE and NEW", .read = read_file };
	bool to_stdout = false;

	*o = (struct compare_options){ .rule = rule_default,
				       .location = LOCATION_P10,
				       .figure = { [FIGURE_TIME] = true } };
	if (options_read("compare", compare_option_rows, &files, o, argc, argv))
		return EXIT_USAGE;
	if (!o->file[NOW])
		return refuse(o->file[BASE] ? o->file[BASE] : "", files.help);
	if (!o->confirm[BASE] != !o->confirm[NOW])
		return refuse(o->confirm[o->confirm[NOW] ? NOW : BASE],
			      "both --confirm-base and --confirm-new");
	if (o->rule.describe && o->confirm[BASE])
		return refuse("--describe", "no --confirm-base beside it: it decides nothing");
	for (size_t i = 0; i < o->noutputs; i++)
		to_stdout |= !o->outputs[i].file;
	/* People read along whatever files are written. */
	if (!to_stdout && o->noutputs < MAX_OUTPUTS)
		o->outputs[o->noutputs++].format = FORMAT_TEXT;
	return 0;
}
