/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_JSON_TEXT_H
#define DMABENCH_JSON_TEXT_H

#include <stdbool.h>
#include <string.h>

#include <jansson.h>

/* What the object has under key; NULL where that is no string or isn't there. */
static inline const char *json_text_if_any(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

/* The same, but "". */
static inline const char *json_text(const json_t *json, const char *key)
{
	const char *value = json_text_if_any(json, key);

	return value ? value : "";
}

static inline bool json_text_is(const json_t *json, const char *key, const char *value)
{
	const char *text = json_text_if_any(json, key);

	return text && !strcmp(text, value);
}

#endif
