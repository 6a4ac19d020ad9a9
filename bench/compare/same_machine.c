// SPDX-License-Identifier: GPL-2.0-only
#include "same_machine.h"

#include <math.h>
#include <string.h>

#include "text/parse.h"

/* The kernel keeps some memory to itself, more or less of it by version. */
#define MEMORY_SLACK 0.01

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool about_equal(const json_t *a, const json_t *b)
{
	double x = json_number_value(a), y = json_number_value(b);

	return json_is_number(a) && json_is_number(b) && fabs(x - y) <= MEMORY_SLACK * fmax(x, y);
}

/* The same nodes: all but their memory exactly. */
static bool same_nodes(const json_t *a, const json_t *b, bool elastic)
{
	const json_t *node;
	size_t i;

	if (!json_is_array(a) || !json_is_array(b) || json_array_size(a) != json_array_size(b))
		return json_equal(a, b);
	json_array_foreach(a, i, node) {
		json_t *x = json_copy((json_t *)node), *y = json_copy(json_array_get(b, i));
		bool same = elastic ||
			    about_equal(json_object_get(x, "bytes"), json_object_get(y, "bytes")) ||
			    json_equal(json_object_get(x, "bytes"), json_object_get(y, "bytes"));

		json_object_del(x, "bytes");
		json_object_del(y, "bytes");
		same = same && json_equal(x, y);
		json_decref(x);
		json_decref(y);
		if (!same)
			return false;
	}
	return true;
}

bool same_value(const json_t *a, const json_t *b)
{
	return ((!a || json_is_null(a)) && (!b || json_is_null(b))) || (a && b && json_equal(a, b));
}

static bool either_has(const json_t *a, const json_t *b, const char *key)
{
	return json_is_string(json_object_get(a, key)) || json_is_string(json_object_get(b, key));
}

/*
 * A hypervisor moves memory between nodes as it likes, and gives and takes it where there is
 * a driver for that. Only what the machine was started with stays then.
 */
bool same_identity(const json_t *base, const json_t *now, const char *key)
{
	/* What results haven't always had. */
	static const char *const later[] = { "cpu_ids", "machine", "memory_boot_bytes" };
	const json_t *a = json_object_get(base, key), *b = json_object_get(now, key);
	bool elastic = either_has(base, now, "memory_changed_by");

	if (same_value(a, b))
		return true;
	if (!strcmp(key, "memory_changed_by"))
		return true;
	if (parse_word(key, later, COUNT(later)) >= 0 && (!a || !b))
		return true;
	/* A later version may have a name for the same numbers. */
	if (!strcmp(key, "cpu_model")) {
		a = json_object_get(base, "cpu_ids");
		return a && same_value(a, json_object_get(now, "cpu_ids"));
	}
	if (!strcmp(key, "memory_bytes"))
		return elastic || about_equal(a, b);
	if (!strcmp(key, "memory_boot_bytes"))
		return about_equal(a, b);
	return !strcmp(key, "nodes") &&
	       same_nodes(a, b, elastic || either_has(base, now, "hypervisor"));
}

static bool is_said(const json_t *value)
{
	const char *text = json_string_value(value);

	return json_is_number(value) || (text && *text && strcmp(text, "unknown"));
}

bool says_cpu(const json_t *identity)
{
	return is_said(json_object_get(identity, "cpu_model")) ||
	       is_said(json_object_get(identity, "cpu_ids")) ||
	       is_said(json_object_get(identity, "cpu_model_number"));
}

static const char *differing_key(const json_t *keys, const json_t *base, const json_t *now)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)keys, key, value)
		if (!same_identity(base, now, key))
			return key;
	return NULL;
}

const char *other_machine(const json_t *base, const json_t *now)
{
	const char *key = differing_key(base, base, now);

	if (!key)
		key = differing_key(now, base, now);
	/* What neither knows isn't alike. */
	return !key && !says_cpu(base) ? "cpu_model" : key;
}
