// SPDX-License-Identifier: GPL-2.0-only
/* Cases that belong together: those of a path, and those of a size. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/parse.h"
#include "fleet.h"

/* "path nt", "size 16M", with the environment where there are several; the caller frees. */
static char *family_of(const json_t *c, bool by_size, bool environments)
{
	const json_t *size = json_object_get(json_object_get(c, "params"), "size");
	const char *path = json_string_value(json_object_get(c, "path")),
		   *env = json_string_value(json_object_get(c, "env"));
	char bytes[32] = "", *name;

	if (by_size ? !json_is_integer(size) || json_integer_value(size) <= 0 : !path)
		return NULL;
	if (by_size)
		format_size((uint64_t)json_integer_value(size), bytes, sizeof(bytes));
	if (asprintf(&name, "%s %s%s%s", by_size ? "size" : "path", by_size ? bytes : path,
		     environments ? " on " : "", environments ? env : "") < 0)
		return NULL;
	return name;
}

/* {family: [number of case]} */
static json_t *sort_out(const struct fleet_kind *kind)
{
	bool environments = json_array_size(json_object_get(kind->model, "environments")) > 1;
	json_t *all = json_object(), *c;
	size_t i;

	for (int by_size = 0; by_size < 2; by_size++)
		json_array_foreach(kind->cases, i, c) {
			char *name = family_of(c, by_size, environments);
			json_t *list = name ? json_object_get(all, name) : NULL;

			if (name && !list && !json_object_set_new(all, name, json_array()))
				list = json_object_get(all, name);
			if (list)
				json_array_append_new(list, json_integer((json_int_t)i));
			free(name);
		}
	return all;
}

static int add(struct fleet_kind *kind, const char *name, const json_t *cases)
{
	size_t n = json_array_size(cases), *list = calloc(n, sizeof(*list)), i;
	const json_t *number;

	if (!list)
		return -ENOMEM;
	json_array_foreach(cases, i, number)
		list[i] = (size_t)json_integer_value(number);
	kind->families[kind->nfamilies] = (struct case_family){ list, n };
	kind->family_names[kind->nfamilies] = strdup(name);
	return kind->family_names[kind->nfamilies++] ? 0 : -ENOMEM;
}

int families_make(struct fleet_kind *kind)
{
	json_t *all = sort_out(kind), *cases;
	const char *name;
	int ret = all ? 0 : -ENOMEM;

	kind->families = calloc(json_object_size(all) + 1, sizeof(*kind->families));
	kind->family_names = calloc(json_object_size(all) + 1, sizeof(*kind->family_names));
	if (!kind->families || !kind->family_names)
		ret = -ENOMEM;
	json_object_foreach(all, name, cases) {
		size_t n = json_array_size(cases);

		/* What is nearly all says no more than the whole. */
		if (!ret && n >= STAND_OUT_FAMILY && 2 * n <= json_array_size(kind->cases))
			ret = add(kind, name, cases);
	}
	json_decref(all);
	return ret;
}

void families_free(struct fleet_kind *kind)
{
	for (size_t i = 0; i < kind->nfamilies; i++) {
		free((void *)kind->families[i].cases);
		free(kind->family_names[i]);
	}
	free(kind->families);
	free(kind->family_names);
}
