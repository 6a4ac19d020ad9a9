// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text/json_file.h"
#include "profile.h"

#define SCHEMA_NAME "dmabench-profile/"

__attribute__((format(printf, 3, 4))) static bool refuse(char *why, size_t len, const char *format,
							 ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, len, format, args);
	va_end(args);
	return false;
}

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* A bin's mean size lies in it, and bins come in order without a common size. */
static bool check_bin(const json_t *bin, size_t i, json_int_t *least, char *why, size_t len)
{
	const json_t *from = json_object_get(bin, "from"), *to = json_object_get(bin, "to");
	const json_t *calls = json_object_get(bin, "calls"), *bytes = json_object_get(bin, "bytes");
	double n, mean;

	if (!is_count(from) || !(is_count(to) || json_is_null(to)) || !is_count(calls) ||
	    !is_count(bytes))
		return refuse(why, len, "size %zu lacks from, to, calls or bytes", i);
	n = (double)json_integer_value(calls);
	mean = (double)json_integer_value(bytes) / n;
	if (json_integer_value(from) < *least || !(n > 0) ||
	    mean < (double)json_integer_value(from) ||
	    (is_count(to) && mean > (double)json_integer_value(to)))
		return refuse(why, len, "size %zu is out of order, or its bytes aren't its calls'",
			      i);
	*least = is_count(to) ? json_integer_value(to) + 1 : INT64_MAX;
	return true;
}

static bool check_sizes(const json_t *profile, char *why, size_t len)
{
	const json_t *sizes = json_object_get(profile, "sizes"), *bin;
	const json_t *calls = json_object_get(profile, "calls");
	const json_t *bytes = json_object_get(profile, "bytes");
	json_int_t least = 0, sum_calls = 0, sum_bytes = 0;
	size_t i;

	if (!json_is_array(sizes) || !is_count(calls) || !is_count(bytes))
		return refuse(why, len, "it has no calls, bytes or sizes");
	json_array_foreach(sizes, i, bin) {
		if (!check_bin(bin, i, &least, why, len))
			return false;
		sum_calls += json_integer_value(json_object_get(bin, "calls"));
		sum_bytes += json_integer_value(json_object_get(bin, "bytes"));
	}
	if (sum_calls != json_integer_value(calls) || sum_bytes != json_integer_value(bytes))
		return refuse(why, len, "its sizes don't add up to its calls and bytes");
	return true;
}

static bool is_time(const json_t *value)
{
	double seconds = json_number_value(value);

	return json_is_number(value) && isfinite(seconds) && seconds >= 0;
}

static bool check_rest(const json_t *profile, char *why, size_t len)
{
	const json_t *run = json_object_get(profile, "run");
	const json_t *env = json_object_get(profile, "environment");

	if (!is_time(json_object_get(run, "duration_s")) ||
	    !is_time(json_object_get(run, "cpu_user_s")) ||
	    !is_time(json_object_get(run, "cpu_system_s")))
		return refuse(why, len, "it doesn't say how long the program ran");
	if (!json_is_number(json_object_get(json_object_get(profile, "cost"), "ns_per_call")))
		return refuse(why, len, "it doesn't say what counting cost");
	if (!json_is_string(json_object_get(json_object_get(profile, "program"), "path")))
		return refuse(why, len, "it doesn't say of which program it is");
	if (!json_is_object(json_object_get(env, "identity")) ||
	    !json_is_string(json_object_get(env, "platform")))
		return refuse(why, len, "it doesn't say of which machine it is");
	return true;
}

static bool check_schema(const json_t *profile, char *why, size_t len)
{
	const char *schema = json_string_value(json_object_get(profile, "schema"));

	if (schema && !strcmp(schema, PROFILE_SCHEMA))
		return true;
	if (schema && !strncmp(schema, SCHEMA_NAME, strlen(SCHEMA_NAME)))
		return refuse(why, len, "it is of another version: %.40s, not " PROFILE_SCHEMA,
			      schema);
	return refuse(why, len, "not a " PROFILE_SCHEMA " file");
}

json_t *profile_read(const char *path, char *why, size_t len)
{
	json_t *json = json_file_read(path, why, len);

	if (!json || (check_schema(json, why, len) && check_sizes(json, why, len) &&
		      check_rest(json, why, len)))
		return json;
	json_decref(json);
	return NULL;
}
