// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>

#include "advise.h"
#include "version.h"

static const char *const manner_names[MANNERS] = { "synchronous", "overlapped" };
static const char *const verdict_keys[VERDICTS_OF_ADVICE] = {
	[NOTHING] = "nothing",
	[HARDLY] = "little",
	[SOMETHING] = "something",
	[ONLY_OVERLAPPED] = "only_overlapped",
	[OVERLAPPED_AT_LEAST] = "overlapped_at_least",
	[CANT_TELL] = "undecided",
	[NO_RIVAL] = "nothing_else_measured",
	[NO_SIZE] = "unknown",
};

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *copied_json(const struct copied *c)
{
	return json_pack("{s:I,s:I}", "calls", (json_int_t)c->calls, "bytes", (json_int_t)c->bytes);
}

static json_t *saving_json(const struct saving *s)
{
	if (!s->known)
		return json_null();
	return json_pack("{s:f,s:f,s:o,s:f,s:o,s:o}", "time_s", s->time_s, "may_be_s", s->may_s,
			 "cpu_s", real_or_null(s->cpu_s), "engine_s", s->busy_s, "copies",
			 copied_json(&s->copies), "undecided", copied_json(&s->undecided));
}

/* Measured sizes in a row at which one path is known to be better than memcpy. */
static json_t *better_json(const struct curves *c)
{
	json_t *list = json_array();

	for (int m = 0; m < MANNERS; m++) {
		const struct curve *last = NULL;
		json_t *range = NULL;

		for (size_t i = 0; i < c->n; i++) {
			const struct curve *now =
				advise_choose(c, (double)c->sizes[i], (enum manner)m).curve;

			if (range && now != last)
				json_object_set_new(range, "before",
						    json_integer((json_int_t)c->sizes[i]));
			if (now && now != last) {
				range = json_pack(
					"{s:s,s:s,s:s,s:o,s:I,s:I,s:n}", "manner", manner_names[m],
					"path", now->path, "way", now->label, "after",
					i ? json_integer((json_int_t)c->sizes[i - 1]) : json_null(),
					"from", (json_int_t)c->sizes[i], "to",
					(json_int_t)c->sizes[i], "before");
				json_array_append_new(list, range);
			}
			if (now)
				json_object_set_new(range, "to",
						    json_integer((json_int_t)c->sizes[i]));
			else
				range = NULL;
			last = now;
		}
	}
	return list;
}

static json_t *state_json(const struct state_advice *s)
{
	const struct curves *c = &s->curves;

	if (!s->there)
		return json_null();
	return json_pack("{s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:f,s:f,s:o,s:o,s:o}", "measured_from",
			 (json_int_t)c->sizes[0], "measured_to", (json_int_t)c->sizes[c->n - 1],
			 "launches", (json_int_t)c->launches, "inside", copied_json(&s->inside),
			 "below", copied_json(&s->below), "above", copied_json(&s->above), "alone",
			 copied_json(&s->alone), "memcpy_s", s->memcpy_s, "below_most_s",
			 s->below_most_s, "synchronous", saving_json(&s->saving[SYNCHRONOUS]),
			 "overlapped", saving_json(&s->saving[OVERLAPPED]), "better",
			 better_json(c));
}

static json_t *bin_state_json(const struct state_advice *s, size_t i)
{
	const struct bin_state *b = s->there ? &s->bins[i] : NULL;
	json_t *json;

	if (!b || !b->measured)
		return json_null();
	json = json_pack("{s:f}", "memcpy_ns", b->memcpy_ns);
	for (int m = 0; m < MANNERS; m++) {
		const struct choice *c = &b->choice[m];

		json_object_set_new(json, manner_names[m],
				    c->curve ? json_pack("{s:s,s:f,s:o}", "way", c->curve->label,
							 "saved_ns", c->saved_ns, "cpu_saved_ns",
							 real_or_null(c->cpu_ns))
					     : json_null());
	}
	return json;
}

static json_t *sizes_json(const struct advice *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->nbins; i++) {
		const struct bin *b = &a->bins[i];

		json_array_append_new(list, json_pack("{s:I,s:o,s:I,s:I,s:o,s:o,s:o}", "from",
						      (json_int_t)b->from, "to",
						      b->to == UINT64_MAX
							      ? json_null()
							      : json_integer((json_int_t)b->to),
						      "calls", (json_int_t)b->all.calls, "bytes",
						      (json_int_t)b->all.bytes, "overlapping",
						      copied_json(&b->overlapping), "hot",
						      bin_state_json(&a->state[HOT], i), "cold",
						      bin_state_json(&a->state[COLD], i)));
	}
	return list;
}

json_t *advice_json(const struct advice *a, const char *profile_file, const char *result_file)
{
	const json_t *program = json_object_get(a->profile, "program");
	const json_t *run = json_object_get(a->result, "run");
	const json_t *env, *found = NULL;
	char setting[160];
	size_t i;

	curves_setting(a->result, a->env, setting, sizeof(setting));
	json_array_foreach(json_object_get(a->result, "environments"), i, env)
		if (json_string_value(json_object_get(env, "id")) == a->env)
			found = env;
	return json_pack(
		"{s:s,s:{s:s,s:s,s:s},s:{s:s,s:O,s:O,s:I,s:I,s:o,s:f,s:f},s:{s:s,s:s,s:O,s:O,s:O?,"
		"s:s},s:b,s:s?,s:s,s:f,s:o,s:o,s:o}",
		"schema", ADVICE_SCHEMA, "tool", "name", "dmabench", "version", DMABENCH_VERSION,
		"commit", DMABENCH_COMMIT, "profile", "file", profile_file, "program",
		json_object_get(program, "path"), "arguments",
		json_object_get(program, "arguments"), "calls", (json_int_t)a->all.calls, "bytes",
		(json_int_t)a->all.bytes, "overlapping", copied_json(&a->overlapping), "cpu_s",
		a->cpu_s, "duration_s", a->wall_s, "result", "file", result_file, "env", a->env,
		"platform", json_object_get(found, "platform"), "cpu_model",
		json_object_get(json_object_get(found, "identity"), "cpu_model"), "start",
		json_object_get(run, "start"), "setting", setting, "same_machine", !a->difference,
		"difference", a->difference, "verdict", verdict_keys[a->verdict], "most_s",
		a->most_s, "hot", state_json(&a->state[HOT]), "cold", state_json(&a->state[COLD]),
		"sizes", sizes_json(a));
}
