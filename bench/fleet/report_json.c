// SPDX-License-Identifier: GPL-2.0-only
/* results/fleet.schema.json: everything that the pictures are drawn from. */
#include <math.h>
#include <stdlib.h>

#include "report.h"
#include "version.h"

static const char *const standing_names[] = {
	[STANDS_WITH_THE_REST] = "with the rest", [STANDS_SLOWER] = "slower", [STANDS_FASTER] = "faster"
};

static json_t *number_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *one_case(const struct fleet_kind *kind, size_t i)
{
	const struct case_spread *s = &kind->group.spread[i];
	json_t *json = json_copy(json_array_get(kind->cases, i));

	json_object_del(json, "status");
	json_object_set_new(json, "unit", json_string("ns/op"));
	json_object_set_new(json, "machines", json_integer((json_int_t)s->n));
	json_object_set_new(json, "judged", json_boolean(s->judged));
	json_object_set_new(json, "median", s->n ? json_real(exp(s->median)) : json_null());
	json_object_set_new(json, "middle_half",
			    s->n ? json_pack("[f,f]", exp(s->q25), exp(s->q75)) : json_null());
	json_object_set_new(json, "range",
			    s->n ? json_pack("[f,f]", exp(s->low), exp(s->high)) : json_null());
	json_object_set_new(json, "spread", s->judged ? json_real(s->scale) : json_null());
	return json;
}

/* Of each case of the kind the change against its median; null where there is none. */
static json_t *changes(const struct group *g, size_t at)
{
	json_t *list = json_array();

	for (size_t c = 0; c < g->cases; c++)
		json_array_append_new(list, number_or_null(expm1(g->change[at * g->columns + c])));
	return list;
}

/* The columns from … to that stand out by themselves. */
static json_t *standing_out(const struct fleet_kind *kind, const struct fleet_machine *m,
			    size_t from, size_t to)
{
	const struct group *g = &kind->group;
	json_t *list = json_array();

	for (size_t c = from; c < to && kind->judged; c++) {
		enum standing one = group_column(g, m->at, c);
		json_t *json;

		if (one == STANDS_WITH_THE_REST)
			continue;
		json = json_pack("{s:s,s:f,s:f}", "stands", standing_names[one], "change",
				 expm1(g->change[m->at * g->columns + c]), "score",
				 g->score[m->at * g->columns + c]);
		if (c < g->cases) {
			json_object_set(json, "id",
					json_object_get(json_array_get(kind->cases, c), "id"));
			json_object_set_new(json, "value",
					    json_real(exp(g->value[m->at * g->cases + c])));
		} else {
			json_object_set_new(json, "what",
					    json_string(kind->family_names[c - g->cases]));
			json_object_set_new(
				json, "cases",
				json_integer((json_int_t)kind->families[c - g->cases].n));
		}
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *one_machine(const struct fleet *f, const struct fleet_machine *m)
{
	const struct fleet_kind *kind = &f->kinds[m->kind];
	const struct machine_standing *s = machine_standing(f, m);

	return json_pack("{s:o,s:o,s:s,s:b,s:s,s:s,s:o,s:i,s:o,s:o,s:O,s:O,s:O,s:o}", "name",
			 any_text(m->name), "file", any_text(m->file), "start", m->start, "judged",
			 s != NULL, "stands", standing_names[machine_stands(f, m)], "as_a_whole",
			 standing_names[s ? s->whole_stands : STANDS_WITH_THE_REST], "change",
			 s ? number_or_null(expm1(s->whole - kind->group.whole)) : json_null(),
			 "cases_judged", s ? (int)s->cases : 0, "families",
			 standing_out(kind, m, kind->group.cases, kind->group.columns), "cases",
			 standing_out(kind, m, 0, kind->group.cases), "failed", m->failed, "lacks",
			 m->lacks, "differences", m->differences, "changes",
			 changes(&kind->group, m->at));
}

static json_t *one_kind(const struct fleet *f, size_t i)
{
	const struct fleet_kind *kind = &f->kinds[i];
	json_t *cases = json_array(), *machines = json_array(), *envs = json_array(), *env;
	const struct group *g = &kind->group;
	char *what = kind_describe(kind);
	json_t *json;
	size_t k;

	for (k = 0; k < g->cases; k++)
		json_array_append_new(cases, one_case(kind, k));
	for (k = 0; k < kind->norder; k++)
		json_array_append_new(machines, one_machine(f, &f->machines[kind->order[k]]));
	json_array_foreach(json_object_get(kind->model, "environments"), k, env)
		json_array_append_new(
			envs,
			json_pack("{s:O,s:O,s:O,s:O?}", "id", json_object_get(env, "id"),
				  "platform", json_object_get(env, "platform"), "identity",
				  json_object_get(env, "identity"), "kernel",
				  json_object_get(json_object_get(env, "conditions"), "kernel")));
	json = json_pack("{s:o,s:O?,s:o,s:b,s:o,s:o,s:o,s:o,s:o}", "what",
			 any_text(what ? what : ""), "tool", json_object_get(kind->model, "tool"),
			 "environments", envs, "judged", kind->judged, "slower_beyond",
			 kind->judged ? number_or_null(expm1(g->slower_limit)) : json_null(),
			 "faster_beyond",
			 kind->judged ? number_or_null(expm1(-g->faster_limit)) : json_null(),
			 "score_beyond",
			 kind->judged ? number_or_null(g->score_limit) : json_null(), "cases",
			 cases, "machines", machines);
	free(what);
	return json;
}

void fleet_json(const struct fleet *f, FILE *to)
{
	json_t *kinds = json_array(), *json;

	for (size_t i = 0; i < f->nkinds; i++)
		json_array_append_new(kinds, one_kind(f, i));
	json = json_pack(
		"{s:s,s:{s:s,s:s,s:s},s:o,s:s,s:f,s:f,s:i,s:i,s:b,s:i,s:i,s:i,s:i,s:o,s:O,s:O}",
		"schema", FLEET_SCHEMA, "tool", "name", "dmabench", "version", DMABENCH_VERSION,
		"commit", DMABENCH_COMMIT, "folder", any_text(f->folder), "location",
		location_names[f->location], "alpha", STAND_OUT_ALPHA, "threshold", f->threshold,
		"least_machines", STAND_OUT_MACHINES, "least_launches", STAND_OUT_LAUNCHES,
		"partial", f->partial, "slower", (int)f->slower, "faster", (int)f->faster,
		"unjudged", (int)f->unjudged, "status", f->status, "kinds", kinds, "no_answer",
		f->silent, "left_out", f->left_out);
	/* Nothing at all is an error to the caller. */
	if (json &&
	    !json_dumpf(json, to, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6)))
		fputc('\n', to);
	json_decref(json);
}
