// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/files.h"
#include "text/json_file.h"
#include "text/json_layout.h"
#include "result.h"

int result_write(const json_t *json, const char *path)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int ret = f ? 0 : -ENOMEM;

	if (f && (json_write(json, f) || fputc('\n', f) == EOF))
		ret = -ENOMEM;
	if (f && fclose(f))
		ret = -ENOMEM;
	if (!ret)
		ret = replace_file(path, text, len);
	free(text);
	return ret;
}

static bool finite_numbers(const json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_real(json))
		return isfinite(json_real_value(json));
	if (json_is_object(json)) {
		json_object_foreach((json_t *)json, key, value)
			if (!finite_numbers(value))
				return false;
	}
	json_array_foreach(json, i, value)
		if (!finite_numbers(value))
			return false;
	return true;
}

static bool has_word(const json_t *c, const char *key)
{
	const char *word = json_string_value(json_object_get(c, key));

	return word && word[0];
}

/* What results/result.schema.json calls integers, but for the size; who reads them needn't look again. */
static const char *bad_number(const json_t *params)
{
	static const char *const names[] = { "cpu_node", "src_node", "dst_node", "offset",
					     "threads",	 "queue",    "batch",	 "channels",
					     "depth",	 "chunk",    "prefetch", "load" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *value = json_object_get(params, names[i]);

		if (value && !json_is_integer(value))
			return names[i];
	}
	return NULL;
}

static bool good_case(const json_t *c, size_t i, char *why, size_t len)
{
	const json_t *params = json_object_get(c, "params");
	const char *id = json_string_value(json_object_get(c, "id")), *bad = bad_number(params);
	double size = json_number_value(json_object_get(params, "size"));

	if (!has_word(c, "id") || !has_word(c, "path") || !has_word(c, "status") ||
	    !json_is_object(params))
		snprintf(why, len, "case %zu has no id, path, params or status", i);
	else if (bad)
		snprintf(why, len, "case %s: its %s is not an integer", id, bad);
	else if (!(size >= 1 && size <= 1e18))
		snprintf(why, len, "case %s: its size is not a size", id);
	else
		return true;
	return false;
}

/* Every case has an id of its own, a path and a status. */
static bool good_cases(const json_t *cases, char *why, size_t len)
{
	json_t *seen = json_object(), *c;
	bool good = json_is_array(cases);
	size_t i;

	if (!good)
		snprintf(why, len, "it has no cases");
	json_array_foreach(cases, i, c) {
		const char *id = json_string_value(json_object_get(c, "id"));

		good = good_case(c, i, why, len);
		if (good && json_object_get(seen, id)) {
			snprintf(why, len, "case %s is there twice", id);
			good = false;
		}
		if (!good)
			break;
		json_object_set_new(seen, id, json_true());
	}
	json_decref(seen);
	return good;
}

/* json if it is a result; else NULL, with why[], and json is gone. */
static json_t *checked(json_t *json, char *why, size_t len)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));

	if (!schema || strcmp(schema, RESULT_SCHEMA))
		snprintf(why, len, "not a %s file", RESULT_SCHEMA);
	else if (!json_is_object(json_object_get(json, "run")) ||
		 !json_is_array(json_object_get(json, "environments")))
		snprintf(why, len, "it has no run or environments");
	else if (!finite_numbers(json))
		snprintf(why, len, "it has numbers that aren't finite");
	else if (good_cases(json_object_get(json, "cases"), why, len))
		return json;
	json_decref(json);
	return NULL;
}

json_t *result_read(const char *path, char *why, size_t len)
{
	json_t *json = json_file_read(path, why, len);

	return json ? checked(json, why, len) : NULL;
}

json_t *result_read_last(const char *text, size_t size, char *why, size_t len)
{
	json_t *last = NULL;
	size_t at = 0;

	snprintf(why, len, "it is empty");
	while (at + strspn(text + at, " \n") < size) {
		json_error_t error;
		json_t *next = json_loadb(text + at, size - at,
					  JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);

		json_decref(last);
		last = next;
		if (!next) {
			snprintf(why, len, "%s", *error.text ? error.text : "out of memory");
			return NULL;
		}
		at += (size_t)error.position;
	}
	return last ? checked(last, why, len) : NULL;
}
