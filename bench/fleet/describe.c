// SPDX-License-Identifier: GPL-2.0-only
/* A kind in words. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

json_t *any_text(const char *any)
{
	json_t *json = json_string(any);

	return json ? json : json_string("(not UTF-8)");
}

static const char *text(const json_t *json, const char *key, const char *otherwise)
{
	const char *is = json_string_value(json_object_get(json, key));

	return is && *is ? is : otherwise;
}

/* Which engines, without their slots, and how many of each: "ioatdma x16". */
static void engines(const json_t *env, FILE *to)
{
	json_t *list = json_object_get(env, "engines"), *engine, *count;
	json_t *all = json_object();
	const char *driver;
	size_t i;

	json_array_foreach(list, i, engine) {
		const char *name = text(engine, "driver", "?");

		json_object_set_new(
			all, name,
			json_integer(1 + json_integer_value(json_object_get(all, name))));
	}
	if (!json_object_size(all))
		fputs(", no engine", to);
	json_object_foreach(all, driver, count)
		fprintf(to, ", %s x%d", driver, (int)json_integer_value(count));
	json_decref(all);
}

char *kind_describe(const struct fleet_kind *kind)
{
	const json_t *tool = json_object_get(kind->model, "tool"), *env;
	char *all = NULL;
	size_t len, i;
	FILE *to = open_memstream(&all, &len);

	if (!to)
		return NULL;
	json_array_foreach(json_object_get(kind->model, "environments"), i, env) {
		const json_t *identity = json_object_get(env, "identity");
		double bytes = json_number_value(json_object_get(identity, "memory_bytes"));

		fprintf(to, "%s%s: %s, %s, %d CPUs, %zu node%s, %.1f GiB, kernel %s", i ? "; " : "",
			text(env, "id", "?"), text(env, "platform", "?"),
			text(identity, "cpu_model", text(identity, "machine", "unnamed CPU")),
			(int)json_integer_value(json_object_get(identity, "cpus")),
			json_array_size(json_object_get(identity, "nodes")),
			json_array_size(json_object_get(identity, "nodes")) == 1 ? "" : "s",
			bytes / (1 << 30),
			text(json_object_get(env, "conditions"), "kernel", "unknown"));
		engines(env, to);
	}
	fprintf(to, "; dmabench %s (%s)", text(tool, "version", "?"),
		text(tool, "commit", "unknown"));
	if (!fclose(to))
		return all;
	free(all);
	return NULL;
}
