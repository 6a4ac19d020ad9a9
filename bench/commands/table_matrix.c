// SPDX-License-Identifier: GPL-2.0-only
#include "text/json_text.h"
#include "table_matrix.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_int_t node(const json_t *c, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(c, "params"), key));
}

static bool has_a_place(const json_t *c)
{
	return json_text_is(c, "status", "ok") && json_text_is(c, "class", "copy") &&
	       json_object_get(json_object_get(c, "params"), "src_node");
}

/* All that a case is but its nodes; new reference. */
static json_t *setting(const json_t *c)
{
	json_t *params = json_deep_copy(json_object_get(c, "params"));

	json_object_del(params, "cpu_node");
	json_object_del(params, "src_node");
	json_object_del(params, "dst_node");
	return json_pack("{s:O,s:O,s:O?,s:o}", "env", json_object_get(c, "env"), "path",
			 json_object_get(c, "path"), "engine", json_object_get(c, "engine"),
			 "params", params);
}

/* The settings of all cases, null for those that have no place in a matrix; new reference. */
static json_t *all_settings(const json_t *cases)
{
	json_t *settings = json_array(), *c;
	size_t i;

	json_array_foreach(cases, i, c)
		json_array_append_new(settings, has_a_place(c) ? setting(c) : json_null());
	return settings;
}

/* The cases with the setting of the one at first, if none before it has that; new reference. */
static json_t *members(const json_t *cases, const json_t *settings, size_t first)
{
	json_t *found = json_array(), *other;
	size_t i;

	json_array_foreach(settings, i, other) {
		if (!json_equal(other, json_array_get(settings, first)))
			continue;
		if (i < first)
			break;
		json_array_append(found, json_array_get(cases, i));
	}
	return found;
}

static json_int_t highest_node(const json_t *cases)
{
	static const char *const keys[] = { "cpu_node", "src_node", "dst_node" };
	json_int_t highest = 0;
	json_t *c;
	size_t i;

	json_array_foreach(cases, i, c)
		for (size_t k = 0; k < 3; k++)
			if (node(c, keys[k]) > highest)
				highest = node(c, keys[k]);
	return highest;
}

/* The first case with these nodes, -1 for any; NULL if there is none. */
static const json_t *at(const json_t *cases, json_int_t cpu, json_int_t src, json_int_t dst)
{
	json_t *c;
	size_t i;

	json_array_foreach(cases, i, c)
		if ((cpu < 0 || node(c, "cpu_node") == cpu) &&
		    (src < 0 || node(c, "src_node") == src) &&
		    (dst < 0 || node(c, "dst_node") == dst))
			return c;
	return NULL;
}

static void print_row(const json_t *cases, json_int_t highest, json_int_t cpu)
{
	printf("%8lld", (long long)cpu);
	for (json_int_t src = 0; src <= highest; src++)
		for (json_int_t dst = 0; dst <= highest; dst++) {
			const json_t *c = at(cases, cpu, src, dst);
			const json_t *rate =
				json_object_get(json_object_get(c, "throughput"), "value");

			if (c)
				printf(" %8.3f", json_number_value(rate) / 1e9);
			else if (at(cases, -1, src, dst))
				printf(" %8s", "NA");
		}
	printf("\n");
}

static void print_engine(const json_t *engine)
{
	json_int_t on = json_integer_value(json_object_get(engine, "node"));

	if (!json_is_object(engine))
		return;
	printf(", %s engine", json_text(engine, "kind"));
	if (on >= 0)
		printf(" on node %lld", (long long)on);
}

static void print_heading(const json_t *result, const json_t *c, const json_t *wanted)
{
	char *params = json_dumps(json_object_get(wanted, "params"), JSON_COMPACT);
	json_t *env;
	size_t i;

	printf("%s %s", json_text(c, "path"), params ? params : "");
	print_engine(json_object_get(c, "engine"));
	json_array_foreach(json_object_get(result, "environments"), i, env) {
		const char *platform = json_text(env, "platform");

		if (strcmp(json_text(env, "id"), json_text(c, "env")))
			continue;
		printf(", %s on %s", json_text(c, "env"), platform);
		if (!strcmp(platform, "vm-tcg") || !strcmp(platform, "vm-icount"))
			printf(" (emulated: times mean nothing)");
	}
	printf(", GB/s\n");
	free(params);
}

static void print_matrix(const json_t *cases)
{
	json_int_t highest = highest_node(cases);
	char column[48];

	printf("%8s", "CPU node");
	for (json_int_t src = 0; src <= highest; src++)
		for (json_int_t dst = 0; dst <= highest; dst++) {
			if (!at(cases, -1, src, dst))
				continue;
			snprintf(column, sizeof(column), "%lld->%lld", (long long)src,
				 (long long)dst);
			printf(" %8s", column);
		}
	printf("\n");
	for (json_int_t cpu = 0; cpu <= highest; cpu++)
		if (at(cases, cpu, -1, -1))
			print_row(cases, highest, cpu);
	printf("\n");
}

size_t table_matrix(const json_t *result)
{
	const json_t *cases = json_object_get(result, "cases");
	json_t *settings = all_settings(cases), *wanted;
	size_t tables = 0, i;

	json_array_foreach(settings, i, wanted) {
		json_t *found;

		if (json_is_null(wanted))
			continue;
		found = members(cases, settings, i);
		if (json_array_size(found) > 1) {
			print_heading(result, json_array_get(found, 0), wanted);
			print_matrix(found);
			tables++;
		}
		json_decref(found);
	}
	json_decref(settings);
	return tables;
}
