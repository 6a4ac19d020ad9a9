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

/* A column and where its value is in a case: up to three keys, or the element of a list. */
static const struct {
	const char *name, *key[3];
	int element; /* of a list at key, counted from 1 */
} columns[] = {
	{ "id", { "id" }, 0 },
	{ "env", { "env" }, 0 },
	{ "platform", { "platform" }, 0 }, /* added from the environment */
	{ "path", { "path" }, 0 },
	{ "class", { "class" }, 0 },
	{ "engine", { "engine", "driver" }, 0 },
	{ "engine_kind", { "engine", "kind" }, 0 },
	{ "status", { "status" }, 0 },
	{ "size", { "params", "size" }, 0 },
	{ "cpu_node", { "params", "cpu_node" }, 0 },
	{ "src_node", { "params", "src_node" }, 0 },
	{ "dst_node", { "params", "dst_node" }, 0 },
	{ "pages", { "params", "pages" }, 0 },
	{ "cache", { "params", "cache" }, 0 },
	{ "offset", { "params", "offset" }, 0 },
	{ "threads", { "params", "threads" }, 0 },
	{ "channels", { "params", "channels" }, 0 },
	{ "batch", { "params", "batch" }, 0 },
	{ "queue", { "params", "queue" }, 0 },
	{ "depth", { "params", "depth" }, 0 },
	{ "chunk", { "params", "chunk" }, 0 },
	{ "wait", { "params", "wait" }, 0 },
	{ "dsa_queue", { "params", "dsa_queue" }, 0 },
	{ "dsa_submit", { "params", "dsa_submit" }, 0 },
	{ "dsa_wait", { "params", "dsa_wait" }, 0 },
	{ "dsa_fault", { "params", "dsa_fault" }, 0 },
	{ "cc", { "params", "cc" }, 0 },
	{ "share", { "params", "share" }, 0 },
	{ "vector", { "params", "vector" }, 0 },
	{ "prefetch", { "params", "prefetch" }, 0 },
	{ "variant", { "variant", "name" }, 0 },
	{ "time_ns", { "time", "value" }, 0 },
	{ "time_lo", { "time", "ci95" }, 1 },
	{ "time_hi", { "time", "ci95" }, 2 },
	{ "cv_within", { "spread", "within", "value" }, 0 },
	{ "cv_between", { "spread", "between", "value" }, 0 },
	{ "outliers", { "spread", "outliers", "launches" }, 0 }, /* how many launches */
	{ "bytes_per_s", { "throughput", "value" }, 0 },
	{ "bps_lo", { "throughput", "ci95" }, 1 },
	{ "bps_hi", { "throughput", "ci95" }, 2 },
	{ "lat_p50", { "latency", "p50" }, 0 },
	{ "lat_p90", { "latency", "p90" }, 0 },
	{ "lat_p99", { "latency", "p99" }, 0 },
	{ "lat_p99_9", { "latency", "p99_9" }, 0 },
	{ "lat_max", { "latency", "max" }, 0 },
	{ "desc_p50", { "descriptor_latency", "p50" }, 0 },
	{ "desc_p90", { "descriptor_latency", "p90" }, 0 },
	{ "desc_p99", { "descriptor_latency", "p99" }, 0 },
	{ "desc_p99_9", { "descriptor_latency", "p99_9" }, 0 },
	{ "desc_max", { "descriptor_latency", "max" }, 0 },
	{ "desc_in_flight", { "descriptor_latency", "in_flight" }, 0 },
	{ "cpu_caller", { "cpu", "caller", "value" }, 0 },
	{ "cpu_machine", { "cpu", "machine", "value" }, 0 },
	{ "cpu_left", { "cpu", "left", "value" }, 0 },
	{ "cycles", { "events", "cycles", "value" }, 0 },
	{ "instructions", { "events", "instructions", "value" }, 0 },
	{ "cache_references", { "events", "cache_references", "value" }, 0 },
	{ "cache_misses", { "events", "cache_misses", "value" }, 0 },
	{ "page_faults", { "events", "page_faults", "value" }, 0 },
	{ "context_switches", { "events", "context_switches", "value" }, 0 },
	{ "cpu_migrations", { "events", "cpu_migrations", "value" }, 0 },
	{ "neighbour_cache", { "neighbour", "cache", "value" }, 0 },
	{ "neighbour_bandwidth", { "neighbour", "bandwidth", "value" }, 0 },
	{ "meanwhile", { "meanwhile", "value" }, 0 },
	{ "st_pin", { "stages", "pin" }, 0 },
	{ "st_map", { "stages", "map" }, 0 },
	{ "st_submit", { "stages", "submit" }, 0 },
	{ "st_wait", { "stages", "wait" }, 0 },
	{ "st_unmap", { "stages", "unmap" }, 0 },
	{ "st_unpin", { "stages", "unpin" }, 0 },
	{ "st_other", { "stages", "other" }, 0 },
	{ "st_total", { "stages", "total" }, 0 },
	{ "touch_cold", { "first_touch", "cold" }, 0 },
	{ "touch_hot", { "first_touch", "hot" }, 0 },
	{ "descriptors", { "stages", "descriptors" }, 0 },
	{ "faults_op", { "submissions", "faults" }, 0 },
	{ "retries_op", { "submissions", "retries" }, 0 },
	{ "verified_bytes", { "verified_bytes" }, 0 },
	{ "reason", { "reason" }, 0 },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Text with the separator in it: quoted in CSV, tabs become blanks in TSV. */
static void print_text(const char *text, bool csv)
{
	if (csv && strpbrk(text, ",\"\n")) {
		putchar('"');
		for (; *text; text++) {
			if (*text == '"')
				putchar('"');
			putchar(*text);
		}
		putchar('"');
		return;
	}
	for (; *text; text++)
		putchar(!csv && strchr("\t\n", *text) ? ' ' : *text);
}

static void print_value(const json_t *c, size_t column, bool csv)
{
	const json_t *value = c;

	for (size_t i = 0; i < 3 && columns[column].key[i]; i++)
		value = json_object_get(value, columns[column].key[i]);
	if (columns[column].element)
		value = json_array_get(value, (size_t)columns[column].element - 1);
	if (json_is_string(value))
		print_text(json_string_value(value), csv);
	else if (json_is_integer(value))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		printf("%.9g", json_real_value(value));
	else if (json_is_array(value))
		printf("%zu", json_array_size(value));
	else
		printf("NA");
}

/* machine: what a column says that names where the rows are from; NULL: there is none. */
static void print_rows(const json_t *result, const char *machine, bool csv)
{
	json_t *cases = json_object_get(result, "cases"), *c, *env;
	char separator = csv ? ',' : '\t';
	size_t i, e;

	json_array_foreach(cases, i, c) {
		const char *id = json_string_value(json_object_get(c, "env"));

		json_array_foreach(json_object_get(result, "environments"), e, env) {
			const char *other = json_string_value(json_object_get(env, "id"));

			if (id && other && !strcmp(id, other))
				json_object_set(c, "platform", json_object_get(env, "platform"));
		}
		if (machine) {
			print_text(machine, csv);
			putchar(separator);
		}
		for (size_t k = 0; k < COLUMNS; k++) {
			print_value(c, k, csv);
			putchar(k + 1 < COLUMNS ? separator : '\n');
		}
	}
}

static void print_header(bool machine, bool csv)
{
	char separator = csv ? ',' : '\t';

	if (machine)
		printf("machine%c", separator);
	for (size_t k = 0; k < COLUMNS; k++)
		printf("%s%c", columns[k].name, k + 1 < COLUMNS ? separator : '\n');
}

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
	fprintf(stderr, ": %s\n", why);
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
		print_header(true, rows->csv);
	rows->begun = true;
	print_rows(result, name, rows->csv);
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
		print_header(false, o->format == TABLE_CSV);
		print_rows(result, NULL, o->format == TABLE_CSV);
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

static void help_columns(FILE *to)
{
	fprintf(to, "\nColumns:\n\n ");
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(to, " %s", columns[i].name);
	fprintf(to, "\n");
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
	.help = help_columns,
	.run = cmd_table,
};
