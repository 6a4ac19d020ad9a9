// SPDX-License-Identifier: GPL-2.0-only
#include "engine_fingerprint.h"

#include <stdio.h>
#include <string.h>

#include "changed.h"
#include "difference.h"
#include "same_machine.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * What says which engine it was, and the name by which --changed lets it differ, if it may. What
 * only some engines have is unknown of the others on both sides.
 */
static const struct {
	const char *key, *changed;
} engine_keys[] = {
	{ "name", NULL },	  { "driver", NULL },	    { "device", NULL },
	{ "kind", NULL },	  { "node", NULL },	    { "iommu", "iommu" },
	{ "model", NULL },	  { "copy_engines", NULL }, { "driver_version", "gpu_driver" },
	{ "cuda", "gpu_driver" },
};

bool engine_identity(const char *key)
{
	for (size_t i = 0; i < COUNT(engine_keys); i++)
		if (!strcmp(key, engine_keys[i].key))
			return !engine_keys[i].changed;
	return true;
}

/* Of the link what it can do: what it does is another thing from moment to moment. */
static void compare_link(struct compare *cmp, const char *env, const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "max_generation", "max_width" };

	for (size_t i = 0; i < COUNT(keys); i++) {
		const json_t *x = json_object_get(a, keys[i]), *y = json_object_get(b, keys[i]);
		char name[32];

		snprintf(name, sizeof(name), "pcie.%s", keys[i]);
		if (!same_value(x, y))
			differ(cmp, env, "engine", name, x, y, false);
	}
}

void compare_engine(struct compare *cmp, const char *env, const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < COUNT(engine_keys); i++) {
		const char *key = engine_keys[i].key, *changed = engine_keys[i].changed;
		const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

		if (!same_value(x, y))
			differ(cmp, env, "engine", key, x, y,
			       changed && changed_names(cmp->options->changed, changed));
	}
	compare_link(cmp, env, json_object_get(a, "pcie"), json_object_get(b, "pcie"));
}
