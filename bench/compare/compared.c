// SPDX-License-Identifier: GPL-2.0-only
#include "compared.h"

#include <string.h>

const char *const location_names[LOCATIONS] = { "min", "p10", "p25", "median" };
const char *const format_names[FORMATS] = { "text",   "markdown", "json", "junit",	     "ktap",
					    "bigger", "smaller",  "bmf",  "google-benchmark" };

const struct figure figures[FIGURES] = {
	[FIGURE_TIME] = { "time", "ns_per_op", "ns/op", "time of an operation" },
	{ "latency_p99", "latency_p99_ns", "ns", "99 % of the operations take at most this" },
	{ "cpu_caller", "cpu_caller_ns_per_byte", "ns/B", "CPU time of the caller" },
	{ "cpu_machine", "cpu_machine_ns_per_byte", "ns/B", "CPU time of the whole machine" },
};

const json_t *compare_environment(const json_t *result, const char *id)
{
	const json_t *env;
	size_t i;

	json_array_foreach(json_object_get(result, "environments"), i, env) {
		const char *other = json_string_value(json_object_get(env, "id"));

		if (other && !strcmp(id, other))
			return env;
	}
	return NULL;
}
