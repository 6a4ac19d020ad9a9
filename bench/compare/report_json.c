// SPDX-License-Identifier: GPL-2.0-only
/* Everything that the decision was made from: results/compare.schema.json. */
#include <math.h>
#include <stdlib.h>

#include "report.h"
#include "version.h"

static json_t *number_or_null(bool have, double value)
{
	return have && isfinite(value) ? json_real(value) : json_null();
}

static json_t *side(const struct compare *cmp, enum side side)
{
	const json_t *json = cmp->json[side];
	json_t *file = json_string(cmp->options->file[side]);

	/* A name can be any bytes; JSON is UTF-8. */
	return json_pack("{s:o,s:O?,s:O?}", "file", file ? file : json_string("?"), "start",
			 json_object_get(json_object_get(json, "run"), "start"), "tool",
			 json_object_get(json, "tool"));
}

static json_t *rule(const struct compare *cmp)
{
	const struct rule *r = &cmp->options->rule;

	return json_pack("{s:s,s:s,s:s,s:f,s:f,s:f,s:f,s:i,s:i,s:f}", "design",
			 r->paired ? "pairs" : "groups", "test", report_method(cmp), "location",
			 location_names[cmp->options->location], "alpha", r->alpha, "threshold",
			 r->threshold, "certain", r->certain, "icount_threshold",
			 r->exact_threshold, "min_launches", (int)r->min_launches, "family",
			 (int)cmp->family.size, "level", cmp->family.level);
}

static json_t *entry(const struct compare *cmp, size_t i)
{
	const struct entry *e = &cmp->entries[i];
	const struct comparison *c = &cmp->c[i];
	bool changed = report_has_change(e, c);
	json_t *json = json_pack("{s:s,s:s,s:s,s:s?,s:s,s:s,s:s,s:s,s:s?}", "id", e->id, "env",
				 e->env, "platform", e->platform, "engine_kind", e->kind, "figure",
				 e->figure->name, "unit", e->figure->unit, "better", "lower",
				 "verdict", verdict_names[c->verdict], "reason",
				 c->reason[0] ? c->reason : NULL);

	json_object_set_new(json, "n_base", json_integer((json_int_t)c->nbase));
	json_object_set_new(json, "n_new", json_integer((json_int_t)c->nnow));
	json_object_set_new(json, "base", number_or_null(e->have[BASE], e->value[BASE]));
	json_object_set_new(json, "new", number_or_null(e->have[NOW], e->value[NOW]));
	json_object_set_new(json, "change", number_or_null(changed, c->change));
	json_object_set_new(json, "median_change",
			    number_or_null(e->have_median, e->median_change));
	json_object_set_new(json, "ci95",
			    (c->tested || c->described) && c->have_interval
				    ? json_pack("[f,f]", c->lo, c->hi)
				    : json_null());
	json_object_set_new(json, "at_least",
			    number_or_null(c->tested && c->at_least > -1, c->at_least));
	json_object_set_new(json, "at_most", number_or_null(c->tested, c->at_most));
	json_object_set_new(json, "exact", c->tested ? json_boolean(c->exact_p) : json_null());
	json_object_set_new(json, "p", number_or_null(c->tested, c->p_worse));
	json_object_set_new(json, "p_adjusted", number_or_null(c->tested, c->adjusted_worse));
	json_object_set_new(json, "p_better", number_or_null(c->tested, c->p_better));
	json_object_set_new(json, "p_better_adjusted",
			    number_or_null(c->tested, c->adjusted_better));
	json_object_set_new(json, "floor", number_or_null(c->tested, c->floor));
	json_object_set_new(json, "floor_stored",
			    number_or_null(c->stored_floor > 0, c->stored_floor));
	json_object_set_new(json, "detects", number_or_null(c->tested, c->detects));
	json_object_set_new(json, "launches_needed",
			    c->launches ? json_integer((json_int_t)c->launches) : json_null());
	json_object_set_new(json, "first_failed", json_boolean(c->first_failed));
	return json;
}

void report_json(const struct compare *cmp, FILE *to)
{
	json_t *cases = json_array(), *counts = json_object(), *json;

	for (size_t i = 0; i < cmp->n; i++)
		json_array_append_new(cases, entry(cmp, cmp->order[i]));
	for (size_t v = 0; v < VERDICTS; v++)
		json_object_set_new(counts, verdict_names[v],
				    json_integer((json_int_t)cmp->counts[v]));
	json = json_pack("{s:s,s:{s:s,s:s,s:s},s:o,s:o,s:o,s:b,s:O,s:o,s:o,s:s,s:i,s:b}", "schema",
			 COMPARE_SCHEMA, "tool", "name", "dmabench", "version", DMABENCH_VERSION,
			 "commit", DMABENCH_COMMIT, "base", side(cmp, BASE), "new", side(cmp, NOW),
			 "rule", rule(cmp), "comparable", cmp->comparable, "differences",
			 cmp->differences, "cases", cases, "counts", counts, "outcome",
			 report_outcome(cmp), "status", cmp->status, "advisory",
			 cmp->options->advisory);
	/* Nothing at all is an error to the caller. */
	if (json &&
	    !json_dumpf(json, to, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)))
		fputc('\n', to);
	json_decref(json);
}
