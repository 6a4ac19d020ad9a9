// SPDX-License-Identifier: GPL-2.0-only
#include "table_rows.h"

#include <string.h>

#include "text/escape.h"

/* A column and where its value is in a case: up to three keys, or the element of a list. Of a list
 * of objects it is in the first. */
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
	{ "use", { "params", "use" }, 0 },
	{ "touch", { "params", "touch" }, 0 },
	{ "direction", { "params", "direction" }, 0 },
	{ "load", { "params", "load" }, 0 },
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
	{ "bound_share", { "bounds", "share" }, 0 },
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
	{ "use_write", { "use", "write" }, 0 },
	{ "use_operation", { "use", "operation" }, 0 },
	{ "use_read", { "use", "read" }, 0 },
	{ "load_bps", { "load", "value" }, 0 },
	{ "fresh_pages", { "fresh", "pages" }, 0 },
	{ "fresh_faults", { "fresh", "faults" }, 0 },
	{ "touch_cold", { "first_touch", "cold" }, 0 },
	{ "touch_hot", { "first_touch", "hot" }, 0 },
	{ "descriptors", { "stages", "descriptors" }, 0 },
	{ "faults_op", { "submissions", "faults" }, 0 },
	{ "retries_op", { "submissions", "retries" }, 0 },
	{ "verified_bytes", { "verified_bytes" }, 0 },
	{ "reason", { "reason" }, 0 },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void print_text(const char *text, bool csv)
{
	if (csv)
		put_csv(stdout, text);
	else
		put_tsv(stdout, text);
}

static void print_value(const json_t *c, size_t column, bool csv)
{
	const json_t *value = c;

	for (size_t i = 0; i < 3 && columns[column].key[i]; i++)
		value = json_object_get(json_is_array(value) ? json_array_get(value, 0) : value,
					columns[column].key[i]);
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

void table_rows(const json_t *result, const char *machine, bool csv)
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

void table_rows_header(bool machine, bool csv)
{
	char separator = csv ? ',' : '\t';

	if (machine)
		printf("machine%c", separator);
	for (size_t k = 0; k < COLUMNS; k++)
		printf("%s%c", columns[k].name, k + 1 < COLUMNS ? separator : '\n');
}

void table_rows_columns(FILE *to)
{
	fprintf(to, "\nColumns:\n\n ");
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(to, " %s", columns[i].name);
	fprintf(to, "\n");
}
