// SPDX-License-Identifier: GPL-2.0-only
/* results/trend.schema.json: everything that the pictures are drawn from. */
#include <math.h>

#include "trend.h"
#include "version.h"

static json_t *change(const struct level_change *c)
{
	return json_pack("{s:i,s:f,s:f,s:f,s:o,s:o}", "run", (int)c->run, "before", c->before,
			 "after", c->after, "change", c->change, "ci95",
			 c->have_interval ? json_pack("[f,f]", c->lo, c->hi) : json_null(), "p",
			 c->p < 0 ? json_null() : json_real(c->p));
}

static json_t *one_case(const struct trend_case *c)
{
	json_t *runs = json_array(), *values = json_array(), *changes = json_array();
	const json_t *engine = json_object_get(c->json, "engine");

	for (size_t i = 0; i < c->n; i++) {
		json_array_append_new(runs, json_integer((json_int_t)c->run[i]));
		json_array_append_new(values, json_real(exp(c->value[i])));
	}
	for (size_t i = 0; i < c->nchanges; i++)
		json_array_append_new(changes, change(&c->changes[i]));
	return json_pack("{s:s,s:s,s:s,s:O,s:O,s:O,s:O?,s:s,s:o,s:o,s:o,s:o}", "id", c->id, "env",
			 c->env, "platform", c->platform, "path", json_object_get(c->json, "path"),
			 "class", json_object_get(c->json, "class"), "params",
			 json_object_get(c->json, "params"), "engine",
			 json_is_object(engine) ? (json_t *)engine : json_null(), "unit", "ns/op",
			 "runs", runs, "values", values, "reason",
			 c->reason[0] ? json_string(c->reason) : json_null(), "changes", changes);
}

static json_t *one_run(const struct trend *t, size_t i)
{
	const struct trend_run *run = &t->runs.run[i];
	json_t *differences = i ? runs_differences(run - 1, run) : json_array();

	return json_pack("{s:o,s:i,s:s,s:s,s:O?,s:o}", "file", runs_text(run->file), "others",
			 (int)run->others, "start", run->start, "commit", run->commit, "version",
			 json_object_get(json_object_get(run->json, "tool"), "version"),
			 "differences", differences ? differences : json_array());
}

void trend_json(const struct trend *t, FILE *to)
{
	json_t *runs = json_array(), *cases = json_array(), *json;

	for (size_t i = 0; i < t->runs.n; i++)
		json_array_append_new(runs, one_run(t, i));
	for (size_t i = 0; i < t->n; i++)
		json_array_append_new(cases, one_case(&t->cases[i]));
	json = json_pack("{s:s,s:{s:s,s:s,s:s},s:o,s:s,s:f,s:f,s:i,s:i,s:o,s:O,s:O,s:o}", "schema",
			 TREND_SCHEMA, "tool", "name", "dmabench", "version", DMABENCH_VERSION,
			 "commit", DMABENCH_COMMIT, "folder", runs_text(t->folder), "location",
			 location_names[t->location], "alpha", t->alpha, "level", t->level,
			 "tested", (int)t->tested, "least_runs", (int)t->least_runs, "runs", runs,
			 "left_out", t->runs.left_out, "environments",
			 json_object_get(t->runs.run[t->runs.n - 1].json, "environments"), "cases",
			 cases);
	/* Nothing at all is an error to the caller. */
	if (json &&
	    !json_dumpf(json, to, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)))
		fputc('\n', to);
	json_decref(json);
}
