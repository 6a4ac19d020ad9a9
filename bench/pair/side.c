// SPDX-License-Identifier: GPL-2.0-only
/* One side of a pair: its program, what is set up before each launch, and its result. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "pair.h"
#include "read_launch.h"

/* A run ends its launch itself after two minutes. */
#define LAUNCH_LIMIT_NS (180ull * 1000000000ull)
#define SETUP_LIMIT_NS (600ull * 1000000000ull)

__attribute__((format(printf, 3, 4))) static int complain(const struct pair_side *s, int err,
							  const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	fprintf(stderr, "dmabench pair: side %s: %s\n", s->name, text);
	return err;
}

/* What came of a command; -EIO for an exit status other than 0. */
static int judge(const struct pair_side *s, const struct child *c, int ret, const char *what)
{
	if (ret == -EINTR)
		return ret;
	if (ret)
		return complain(s, ret, "%s: %s", what, strerror(-ret));
	if (c->status)
		return complain(s, -EIO, "%s ended with status %d%s%s", what, c->status,
				c->said[0] ? ": " : "", c->said);
	return 0;
}

static int set_up(struct pair *p, struct pair_side *s)
{
	char *const argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)s->setup, NULL };
	struct child c = { .fd = CHILD_FD };
	char what[256];
	int ret;

	if (!s->setup)
		return 0;
	ret = child_run(&c, argv, SETUP_LIMIT_NS, p->stop);
	snprintf(what, sizeof(what), "its setup, %.200s,", s->setup);
	ret = judge(s, &c, ret, what);
	free(c.answer);
	return ret;
}

static int ask_help(struct pair *p, struct pair_side *s)
{
	char *const argv[] = { (char *)s->exe, (char *)"help", (char *)"run", NULL };
	struct child c = { .fd = 1 };
	int ret = child_run(&c, argv, LAUNCH_LIMIT_NS, p->stop);
	char what[256];

	snprintf(what, sizeof(what), "%.200s help run", s->exe);
	ret = judge(s, &c, ret, what);
	if (!ret && !strstr(c.answer, " --launches "))
		ret = complain(s, -EINVAL, "%s: expected a dmabench", s->exe);
	s->help = c.answer;
	return ret;
}

/*
 * Whether a case can run is for the side's program to say, after its setup: what this one
 * found when it began the result isn't asked.
 */
static int begin_result(struct pair *p, struct pair_side *s)
{
	int ret = result_begin(&s->result, &p->run);

	if (ret)
		return complain(s, ret, "out of memory");
	for (size_t i = 0; i < s->result.ncases; i++) {
		struct case_record *rec = &s->result.cases[i];

		rec->status = LAUNCH_OK;
		rec->reason[0] = '\0';
		json_decref(rec->engine);
		rec->engine = NULL;
	}
	if (p->run.state_ns)
		state_begin(&s->result.state, json_object_get(s->result.environment, "conditions"),
			    p->run.state_ns);
	s->unknown = calloc(s->result.ncases + 1, sizeof(*s->unknown));
	return s->unknown ? 0 : complain(s, -ENOMEM, "out of memory");
}

int side_begin(struct pair *p, struct pair_side *s)
{
	int ret = ask_help(p, s);

	if (!ret)
		ret = set_up(p, s);
	return ret ? ret : begin_result(p, s);
}

/*
 * The program doesn't have the case: said once, and left out of the side's result. One that
 * had it before has no such excuse.
 */
static int leave_out(struct pair_side *s, size_t index, const char *why)
{
	if (s->result.cases[index].n)
		return complain(s, -EIO, "%s: %s", s->result.cases[index].id, why);
	s->unknown[index] = true;
	fprintf(stderr, "dmabench pair: side %s lacks %s: %s\n", s->name, s->result.cases[index].id,
		why);
	return 0;
}

/* Into the result, in the words of the side's program but for its number and order. */
static void take_in(struct pair *p, struct pair_side *s, size_t index, const json_t *c)
{
	struct case_record *rec = &s->result.cases[index];
	const json_t *engine = json_object_get(c, "engine");
	const json_t *launch = json_array_get(json_object_get(c, "launches"), 0);
	static struct launch_result l;
	size_t before = rec->n;
	char why[128];

	if (read_launch(c, rec->c->params.size, &l, why, sizeof(why))) {
		l.status = LAUNCH_FAILED;
		snprintf(l.reason, sizeof(l.reason), "%s", why);
	}
	result_add(&s->result, index, p->count, &l);
	if (json_is_object(engine) && !rec->engine)
		rec->engine = json_deep_copy(engine);
	if (rec->n > before) {
		json_t *copy = json_deep_copy(launch);

		json_object_set_new(copy, "index", json_integer((json_int_t)before));
		json_object_set_new(copy, "order", json_integer((json_int_t)p->count));
		json_array_set_new(rec->launches, before, copy);
	}
}

/* The one case of a result, if it is the one that was asked for. */
static const json_t *only_case(struct pair *p, const struct pair_side *s, const json_t *result,
			       size_t index, char *why, size_t len)
{
	const json_t *cases = json_object_get(result, "cases"), *c = json_array_get(cases, 0);
	const char *id = json_string_value(json_object_get(c, "id"));
	char wanted[600];

	snprintf(wanted, sizeof(wanted), "%s@%s", s->result.cases[index].id, p->run.env_id);
	if (json_array_size(cases) == 1 && !strcmp(id, wanted))
		return c;
	snprintf(why, len, "there it is %s", c ? id : "no case");
	return NULL;
}

static int read_answer(struct pair *p, struct pair_side *s, size_t index, const struct child *c)
{
	json_t *result;
	const json_t *found, *tool;
	char why[700];

	result = result_read_last(c->answer, c->len, why, sizeof(why));
	if (!result)
		return complain(s, -EIO, "no result of a launch (status %d): %s", c->status,
				c->said[0] ? c->said : why);
	tool = json_object_get(result, "tool");
	if (!s->tool)
		s->tool = json_deep_copy(tool);
	found = only_case(p, s, result, index, why, sizeof(why));
	if (found)
		take_in(p, s, index, found);
	json_decref(result);
	return found ? 0 : leave_out(s, index, why);
}

int side_launch(struct pair *p, struct pair_side *s, size_t index, uint64_t seed)
{
	const struct case_record *rec = &s->result.cases[index];
	struct child c = { .fd = CHILD_FD };
	char why[128], **argv;
	int ret;

	if (s->unknown[index] || rec->status != LAUNCH_OK)
		return 0;
	argv = launch_args(s, &p->run, rec->c, seed, why, sizeof(why));
	if (!argv)
		return leave_out(s, index, why);
	ret = set_up(p, s);
	if (ret)
		goto free;
	state_look(&s->result.state);
	ret = child_run(&c, argv, LAUNCH_LIMIT_NS, p->stop);
	if (ret == -EINTR)
		goto free;
	p->count++;
	if (ret)
		ret = complain(s, ret, "a launch of %s: %s", rec->id, strerror(-ret));
	else if (c.status == EXIT_USAGE && !c.len)
		ret = leave_out(s, index, c.said);
	else if (c.status == EXIT_OK || c.status == EXIT_FAILED || c.status == EXIT_INCONCLUSIVE)
		ret = read_answer(p, s, index, &c);
	else
		ret = judge(s, &c, 0, "a launch");
free:
	free(c.answer);
	free(argv);
	return ret;
}

json_t *side_json(const struct pair *p, struct pair_side *s)
{
	json_t *json = result_to_json(&s->result);
	json_t *cases = json_object_get(json, "cases");

	if (!json)
		return NULL;
	if (s->tool)
		json_object_set(json, "tool", s->tool);
	json_object_set_new(json_object_get(json, "run"), "pair",
			    json_pack("{s:s,s:s,s:s?}", "id", p->id, "side", s->name, "setup",
				      s->setup));
	for (size_t i = s->result.ncases; i--;)
		if (s->unknown && s->unknown[i])
			json_array_remove(cases, i);
	return json;
}

int side_save(const struct pair *p, struct pair_side *s)
{
	json_t *json = side_json(p, s);
	int ret = json ? result_write(json, s->out) : -ENOMEM;

	json_decref(json);
	return ret ? complain(s, ret, "writing %s: %s", s->out, strerror(-ret)) : 0;
}

void side_free(struct pair_side *s)
{
	free(s->help);
	free(s->unknown);
	json_decref(s->tool);
	result_free(&s->result);
}
