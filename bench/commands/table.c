// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare/exchange.h"
#include "result/folder.h"
#include "result/result.h"
#include "text/escape.h"
#include "text/parse.h"
#include "commands.h"
#include "table_matrix.h"
#include "table_rows.h"

enum table_format { TABLE_TSV, TABLE_CSV, TABLE_MATRIX, TABLE_BMF, TABLE_GOOGLE, TABLE_FORMATS };
static const char *const table_formats[TABLE_FORMATS] = { "tsv", "csv", "matrix", "bmf",
							  "google-benchmark" };

struct table_options {
	const char **paths; /* files and folders */
	size_t n;
	enum table_format format;
	bool chosen;
};

static int choose(struct table_options *o, int format)
{
	if (format < 0)
		return format;
	if (o->chosen)
		return -EEXIST;
	o->chosen = true;
	o->format = (enum table_format)format;
	return 0;
}

static int read_csv(void *into, const struct option *option, const char *text)
{
	(void)option;
	(void)text;
	return choose(into, TABLE_CSV);
}

static int read_matrix(void *into, const struct option *option, const char *text)
{
	(void)option;
	(void)text;
	return choose(into, TABLE_MATRIX);
}

static int read_format(void *into, const struct option *option, const char *text)
{
	(void)option;
	return choose(into, parse_word(text, table_formats, TABLE_FORMATS));
}

static int read_path(void *into, const struct option *option, const char *text)
{
	struct table_options *o = into;

	(void)option;
	o->paths[o->n++] = text;
	return *text ? 0 : -EINVAL;
}

static const struct option options[] = {
	{ "--csv", NULL, "commas between columns, not tabs", read_csv, 0, 0 },
	{ "--matrix", NULL, "copies by node instead, in GB/s", read_matrix, 0, 0 },
	{ "--format", "F", "tsv, csv, matrix, or for other programs: bmf, google-benchmark (tsv)",
	  read_format, 0, 0 },
	{ 0 },
};

static int complain(const char *what, const char *why)
{
	fputs("dmabench table: ", stderr);
	put_plain(stderr, what);
	fputs(": ", stderr);
	put_plain(stderr, why);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

/* NULL after a line that says why. */
static json_t *read_result(const char *path)
{
	char why[256];
	json_t *result = result_read(path, why, sizeof(why));

	if (!result)
		complain(path, why);
	else if (!json_is_true(json_object_get(json_object_get(result, "run"), "complete")))
		complain(path, "the run is incomplete");
	return result;
}

struct rows {
	bool csv, begun; /* the columns' names are there */
};

/* The rows of one of many, whose column says the machine. An exit status. */
static int add_rows(struct rows *rows, const char *path, const char *name)
{
	json_t *result = read_result(path);

	if (!result)
		return EXIT_USAGE;
	if (!rows->begun)
		table_rows_header(true, rows->csv);
	rows->begun = true;
	table_rows(result, name, rows->csv);
	json_decref(result);
	return EXIT_OK;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int add_folder(struct rows *rows, const char *folder)
{
	struct result_files files;
	int ret = result_files(folder, NULL, &files), status = EXIT_OK;

	if (ret)
		status = complain(folder, strerror(-ret));
	else if (!files.n)
		status = complain(folder, "there is no result in it");
	for (size_t i = 0; i < files.n && !ret; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", folder, files.v[i].file) < 0)
			return EXIT_USAGE;
		if (add_rows(rows, path, files.v[i].name))
			status = EXIT_USAGE;
		free(path);
	}
	result_files_free(&files);
	return status;
}

/* What can't be read is said and left out; the rows of the others are there, the status tells. */
static int table_of_many(const struct table_options *o)
{
	struct rows rows = { .csv = o->format == TABLE_CSV };
	int status = EXIT_OK;

	for (size_t i = 0; i < o->n; i++) {
		char *name = result_file_name(o->paths[i]);
		int one = is_folder(o->paths[i]) ? add_folder(&rows, o->paths[i])
						 : add_rows(&rows, o->paths[i], name ? name : "?");

		status = one ? one : status;
		free(name);
	}
	return status;
}

static int table_of_one(const struct table_options *o)
{
	json_t *result = read_result(o->paths[0]);
	int status = EXIT_OK;

	if (!result)
		return EXIT_USAGE;
	switch (o->format) {
	case TABLE_BMF:
		exchange_bmf(result, stdout);
		break;
	case TABLE_GOOGLE:
		exchange_google_benchmark(result, stdout);
		break;
	case TABLE_MATRIX:
		if (table_matrix(result))
			break;
		complain(o->paths[0], "no copy has figures of more than one combination of nodes");
		status = EXIT_INCONCLUSIVE;
		break;
	default:
		table_rows_header(false, o->format == TABLE_CSV);
		table_rows(result, NULL, o->format == TABLE_CSV);
	}
	json_decref(result);
	return status;
}

static int show(const struct table_options *o)
{
	bool many = o->n > 1 || (o->n && is_folder(o->paths[0]));

	if (!o->n)
		return usage_error("table", "", "a result file, or many of them and folders");
	if (many && o->format != TABLE_TSV && o->format != TABLE_CSV)
		return usage_error("table", o->paths[o->n > 1], "one result file for this format");
	return finish_stdout(many ? table_of_many(o) : table_of_one(o));
}

static int cmd_table(int argc, char **argv)
{
	static const struct option path = { .help = "result files or folders", .read = read_path };
	struct table_options o = { .paths = calloc((size_t)argc, sizeof(*o.paths)) };
	int status = EXIT_USAGE;

	if (o.paths && !options_read("table", options, &path, &o, argc, argv))
		status = show(&o);
	free(o.paths);
	return status;
}

const struct command command_table = {
	.name = "table",
	.what = "FILE…: flat rows for gnuplot and people, or for other programs (--format)",
	.usage = "[--csv | --matrix | --format F] FILE…",
	.about = "one row per case, its columns named in the first, NA where\nthere is no value. "
		 "Times are ns, rates B/s, sizes bytes. Of several files, or of a\nfolder with a "
		 "result a machine, the first column names the machine: by the file,\nNAME.json or "
		 "NAME/result.json.",
	.options = options,
	.help = table_rows_columns,
	.run = cmd_table,
};
