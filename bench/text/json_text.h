/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_JSON_TEXT_H
#define DMABENCH_JSON_TEXT_H

#include <jansson.h>

/* What the object has under key; "" where that is no string or isn't there. */
static inline const char *json_text(const json_t *json, const char *key)
{
	const char *value = json_string_value(json_object_get(json, key));

	return value ? value : "";
}

#endif
