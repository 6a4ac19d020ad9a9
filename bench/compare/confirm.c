// SPDX-License-Identifier: GPL-2.0-only
#include "confirm.h"

#include <stdio.h>
#include <string.h>

#include "text/escape.h"

static const struct comparison *find(const struct compare *again, const struct entry *e)
{
	for (size_t i = 0; i < again->n; i++)
		if (again->entries[i].figure == e->figure && !strcmp(again->entries[i].id, e->id))
			return &again->c[i];
	return NULL;
}

static void settle(struct comparison *c, const struct comparison *again)
{
	char reason[sizeof(c->reason)];

	if (!again) {
		c->verdict = VERDICT_INCONCLUSIVE;
		snprintf(reason, sizeof(reason), "it failed, and the confirmation block lacks it");
	} else if (again->verdict == VERDICT_FAIL || again->verdict == VERDICT_MISSING) {
		snprintf(reason, sizeof(reason), "%.70s; confirmed: %.70s", c->reason,
			 again->reason);
	} else if (again->verdict == VERDICT_OK || again->verdict == VERDICT_IMPROVED) {
		c->verdict = VERDICT_OK;
		snprintf(reason, sizeof(reason),
			 "it failed, and the confirmation block doesn't: %+.1f %% there",
			 100 * again->change);
	} else {
		bool unstable = again->verdict == VERDICT_UNSTABLE;

		c->verdict = unstable ? VERDICT_UNSTABLE : VERDICT_INCONCLUSIVE;
		snprintf(reason, sizeof(reason), "it failed; the confirmation block: %.100s",
			 again->reason);
	}
	memcpy(c->reason, reason, sizeof(reason));
	whole_characters(c->reason);
}

/* The blocks must be two: the same launches twice would confirm anything. */
static void check_fresh(struct compare *cmp, const struct compare *again)
{
	const json_t *runs[2] = { json_object_get(cmp->json[NOW], "run"),
				  json_object_get(again->json[NOW], "run") };
	json_t *difference;
	size_t i;

	json_array_foreach(again->differences, i, difference)
		if (json_is_false(json_object_get(difference, "allowed")))
			json_array_append(cmp->differences, difference);
	if (json_equal(runs[0], runs[1]))
		json_array_append_new(cmp->differences,
				      json_pack("{s:n,s:s,s:s,s:O,s:O,s:b}", "env", "kind",
						"identity", "name",
						"confirmation block: another run than NEW", "base",
						json_object_get(runs[0], "start"), "new",
						json_object_get(runs[1], "start"), "allowed", 0));
	cmp->comparable &= again->comparable && !json_equal(runs[0], runs[1]);
}

void confirm(struct compare *cmp, const struct compare *again)
{
	if (!cmp->comparable)
		return;
	check_fresh(cmp, again);
	for (size_t i = 0; i < cmp->n && cmp->comparable; i++) {
		struct comparison *c = &cmp->c[i];

		/* What failed without being measured has nothing to be confirmed. */
		if (c->verdict != VERDICT_FAIL || c->settled)
			continue;
		c->first_failed = true;
		settle(c, find(again, &cmp->entries[i]));
	}
	compare_settle(cmp);
}
