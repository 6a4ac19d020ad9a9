// SPDX-License-Identifier: GPL-2.0-only
#include "compare_options.h"

#include <errno.h>
#include <string.h>

#include "options/options.h"
#include "text/parse.h"

struct row {
	const char *name, *value, *help;
	int (*read)(struct compare_options *o, const char *text);
};

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

static int read_threshold(struct compare_options *o, const char *text)
{
	return read_share(text, &o->rule.threshold);
}

static int read_icount(struct compare_options *o, const char *text)
{
	return read_share(text, &o->rule.exact_threshold);
}

static int read_location(struct compare_options *o, const char *text)
{
	int i = parse_word(text, location_names, LOCATIONS);

	o->location = i < 0 ? o->location : (enum location)i;
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

static int read_figures(struct compare_options *o, const char *text)
{
	char bad[32];

	memset(o->figure, 0, sizeof(o->figure));
	return parse_list(text, one_figure, o, bad, sizeof(bad));
}

/* Names are checked when the files are known: their conditions are the names. */
static int read_changed(struct compare_options *o, const char *text)
{
	o->changed = text;
	return *text ? 0 : -EINVAL;
}

static int read_confirm_base(struct compare_options *o, const char *text)
{
	o->confirm[BASE] = text;
	return *text ? 0 : -EINVAL;
}

static int read_confirm_new(struct compare_options *o, const char *text)
{
	o->confirm[NOW] = text;
	return *text ? 0 : -EINVAL;
}

static int read_format(struct compare_options *o, const char *text)
{
	size_t len = strcspn(text, "=");
	const char *file = text[len] ? text + len + 1 : NULL;
	char word[16];
	int format;

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

static int read_paired(struct compare_options *o, const char *text)
{
	(void)text;
	o->rule.paired = true;
	return 0;
}

static int read_advisory(struct compare_options *o, const char *text)
{
	(void)text;
	o->advisory = true;
	return 0;
}

static const struct row rows[] = {
	{ "--threshold", "PERCENT", "smallest change that fails, above 0 (5)", read_threshold },
	{ "--icount-threshold", "PERCENT", "the same of instruction counts, above 0 (0.5)",
	  read_icount },
	{ "--location", "WORD", "of each launch's samples: min, p10, p25 or median (p10)",
	  read_location },
	{ "--figure", "LIST", "time, latency_p99, cpu_caller, cpu_machine (time)", read_figures },
	{ "--changed", "LIST", "conditions that may differ: kernel, iommu, config … (none)",
	  read_changed },
	{ "--paired", NULL, "launch i of BASE and of NEW ran side by side", read_paired },
	{ "--confirm-base", "FILE",
	  "of the confirmation block; a FAIL stands if it fails there too", read_confirm_base },
	{ "--confirm-new", "FILE", "and its NEW", read_confirm_new },
	{ "--format", "F[=FILE]",
	  "text, markdown, json, junit, ktap, bigger or smaller, one per output (text)",
	  read_format },
	{ "--advisory", NULL, "exit 0 whatever the verdict; unreadable input is still 2",
	  read_advisory },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

void compare_options_help(FILE *to)
{
	fprintf(to,
		"dmabench compare [OPTIONS] BASE NEW: is NEW slower than BASE? Both are results "
		"of\ndmabench run; docs/gate.md says how it decides and how often it is "
		"wrong.\n\n");
	for (size_t i = 0; i < ROWS; i++) {
		char left[40];

		snprintf(left, sizeof(left), "%s %s", rows[i].name,
			 rows[i].value ? rows[i].value : "");
		fprintf(to, "  %-27s %s\n", left, rows[i].help);
	}
	fprintf(to, "\nExit status: 0 no regression; 1 regression, or a case that is missing or "
		    "failed;\n2 usage, unreadable or incomplete input, output that can't be "
		    "written;\n3 inconclusive: too noisy, too few launches, nothing compared;\n"
		    "4 not comparable: another machine, or conditions that --changed doesn't "
		    "name.\n");
}

static int complain(const char *name, const char *text, const struct row *row, int err)
{
	const char *why = err == -ERANGE   ? "out of range; expected"
			  : err == -EEXIST ? "twice to the same place; expected"
			  : err == -E2BIG  ? "too many; expected"
					   : "expected";

	fprintf(stderr, "dmabench compare: %s \"%s\": %s %s: %s\n", name, text, why, row->value,
		row->help);
	return EXIT_USAGE;
}

static int refuse(const char *argument, const char *expected)
{
	fprintf(stderr, "dmabench compare: \"%s\": expected %s\n", argument, expected);
	return EXIT_USAGE;
}

/* "--name value" or "--name=value". */
static int parse_option(struct compare_options *o, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *text = NULL;
	size_t len = strcspn(arg, "=");
	const struct row *row = NULL;
	int ret;

	for (size_t k = 0; k < ROWS; k++)
		if (strlen(rows[k].name) == len && !strncmp(rows[k].name, arg, len))
			row = &rows[k];
	if (!row || (arg[len] && !row->value))
		return refuse(arg, "an option of dmabench help compare");
	if (row->value) {
		text = arg[len] ? arg + len + 1 : *i + 1 < argc ? argv[++*i] : NULL;
		if (!text)
			return complain(row->name, "", row, -EINVAL);
	}
	ret = row->read(o, text);
	return ret ? complain(row->name, text, row, ret) : 0;
}

int compare_options_parse(int argc, char **argv, struct compare_options *o)
{
	bool to_stdout = false;
	int files = 0;

	*o = (struct compare_options){ .rule = rule_default,
				       .location = LOCATION_P10,
				       .figure = { [FIGURE_TIME] = true } };
	for (int i = 1; i < argc; i++) {
		int ret = 0;

		if (argv[i][0] == '-')
			ret = parse_option(o, argc, argv, &i);
		else if (files < 2)
			o->file[files++] = argv[i];
		else
			ret = refuse(argv[i], "two files, BASE and NEW");
		if (ret)
			return ret;
	}
	if (files < 2)
		return refuse(files ? o->file[0] : "", "two files, BASE and NEW");
	if (!o->confirm[BASE] != !o->confirm[NOW])
		return refuse(o->confirm[o->confirm[NOW] ? NOW : BASE],
			      "both --confirm-base and --confirm-new");
	for (size_t i = 0; i < o->noutputs; i++)
		to_stdout |= !o->outputs[i].file;
	/* People read along whatever files are written. */
	if (!to_stdout && o->noutputs < MAX_OUTPUTS)
		o->outputs[o->noutputs++].format = FORMAT_TEXT;
	return 0;
}
