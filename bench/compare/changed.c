// SPDX-License-Identifier: GPL-2.0-only
#include "changed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text/parse.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * What --changed may name besides the keys of conditions; "tool" is the build as a whole:
 * its version and commit may differ anyway, since two builds are what is mostly compared.
 */
static const char *const more_names[] = { "tool", "compiler", "flags", "config", "clock" };
/* Named here for the help only: what conditions have. */
static const char *const usual_names[] = { "kernel",	  "kernel_build", "kernel_parameters",
					   "microcode",	  "governor",	  "turbo",
					   "smt",	  "thp",	  "numa_balancing",
					   "ksm",	  "swap_bytes",	  "iommu",
					   "mitigations", "gpu_driver" };
const char *const momentary[] = { "load_1min" };
const size_t momentary_count = COUNT(momentary);

/* Is the name in the list "a,b,c"? A new kernel is a new build of it for certain. */
bool changed_names(const char *list, const char *name)
{
	const char *p = list;
	size_t len = strlen(name);

	for (; p && *p; p += strcspn(p, ","), p += *p == ',') {
		size_t n = strcspn(p, ",");

		if (n == len && !strncmp(p, name, n))
			return true;
		if (n == 6 && !strncmp(p, "kernel", n) && !strcmp(name, "kernel_build"))
			return true;
		if (n == 4 && !strncmp(p, "tool", n) &&
		    (!strcmp(name, "compiler") || !strcmp(name, "flags")))
			return true;
	}
	return false;
}

static int known_name(const char *name, void *data)
{
	const struct compare *cmp = data;
	const json_t *env;
	size_t i;

	if (parse_word(name, more_names, COUNT(more_names)) >= 0 ||
	    parse_word(name, usual_names, COUNT(usual_names)) >= 0)
		return 0;
	for (int side = BASE; side <= NOW; side++)
		json_array_foreach(json_object_get(cmp->json[side], "environments"), i, env)
			if (json_object_get(json_object_get(env, "conditions"), name) &&
			    parse_word(name, momentary, momentary_count) < 0)
				return 0;
	return -EINVAL;
}

int changed_check(const struct compare *cmp, char *why, size_t len)
{
	char bad[128] = "";
	size_t used;

	if (!cmp->options->changed ||
	    !parse_list(cmp->options->changed, known_name, (void *)cmp, bad, sizeof(bad)))
		return 0;
	used = (size_t)snprintf(why, len, "--changed \"%s\": expected a list of", bad);
	for (size_t i = 0; i < COUNT(usual_names) + COUNT(more_names) && used < len; i++)
		used += (size_t)snprintf(why + used, len - used, "%s %s", i ? "," : "",
					 i < COUNT(usual_names)
						 ? usual_names[i]
						 : more_names[i - COUNT(usual_names)]);
	return -EINVAL;
}
