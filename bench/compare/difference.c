// SPDX-License-Identifier: GPL-2.0-only
#include "difference.h"

void differ(struct compare *cmp, const char *env, const char *kind, const char *name,
	    const json_t *base, const json_t *now, bool allowed)
{
	json_t *found = json_pack("{s:s?,s:s,s:s,s:O?,s:O?,s:b}", "env", env, "kind", kind, "name",
				  name, "base", base, "new", now, "allowed", allowed);
	json_t *other;
	size_t i;

	/* Once is enough for what all cases of an engine share. */
	json_array_foreach(cmp->differences, i, other)
		if (json_equal(other, found))
			goto free;
	json_array_append(cmp->differences, found);
	cmp->comparable &= allowed;
free:
	json_decref(found);
}
