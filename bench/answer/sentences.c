// SPDX-License-Identifier: GPL-2.0-only
/* The figures in words. What can't be told is said to be so. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/units.h"
#include "answer.h"
#include "contest.h"
#include "segments.h"

/* How a copy is called in a sentence. */
static const char *called(const char *name)
{
	return strcmp(name, "fastest") ? name : "what a trial beforehand picks (fastest)";
}

static bool has_intervals(const struct shown_list *list, shown_pick *pick)
{
	for (size_t i = 0; i < list->n; i++)
		if (pick(&list->c[i]) && list->c[i].figure[WANT_TIME].interval)
			return true;
	return false;
}

static void put_segments(FILE *to, const struct shown_list *list, const struct segment *s, int n)
{
	char text[UNIT_TEXT];

	if (n == 1 && (!strcmp(s->name, "memcpy") || !segment_certain(list, pick_one_thread, s))) {
		fprintf(to, "no copy by one thread is measurably faster than %s (",
			called(s->name));
		answer_sizes(to, s->first, s->last);
		fputc(')', to);
		return;
	}
	if (n < 1 || n > 4) {
		fputs("no copy by one thread is fastest throughout: the table has each size", to);
		return;
	}
	fprintf(to, "one thread copies fastest with %s", called(s->name));
	if (n == 1) {
		fputs(" at each size that was measured (", to);
		answer_sizes(to, s->first, s->last);
		fputc(')', to);
		return;
	}
	for (int i = 0; i < n; i++) {
		if (i)
			fprintf(to, "%s%s", i + 1 < n ? ", " : " and ", called(s[i].name));
		if (!segment_certain(list, pick_one_thread, &s[i]))
			fputs(" (others are as good)", to);
		if (s[i].end > 0)
			fprintf(to, " up to %s", unit_bytes_about(s[i].end, text));
		else
			fputs(" above", to);
	}
}

static bool is_alone(const struct shown_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (pick_one_thread(&list->c[i]) && strcmp(list->c[i].name, name))
			return false;
	return true;
}

static int one_thread(FILE *to, const struct shown_list *list)
{
	struct segment s[SEGMENTS];
	int n = segments_make(list, pick_one_thread, s);
	double *sizes;
	size_t measured;

	if (n < 0)
		return n;
	measured = shown_sizes(list, pick_one_thread, &sizes);
	free(sizes);
	if (!measured)
		fputs("no copy by one thread was measured", to);
	else if (n == 1 && is_alone(list, s->name))
		fprintf(to, "%s is the only copy by one thread that was measured", called(s->name));
	else if (!has_intervals(list, pick_one_thread))
		fputs("which copy is fastest can't be said: one launch a case gives no intervals",
		      to);
	else
		put_segments(to, list, s, n);
	return 0;
}

/* " from 54K on", " at each size", " at 256K to 4M and at 64M" … */
static void put_ranges(FILE *to, const struct contest *c)
{
	const struct range *r = c->faster_at;
	char a[UNIT_TEXT];

	if (c->faster == c->sizes) {
		fputs(" at each size that was measured (", to);
		answer_sizes(to, c->first, c->last);
		fputc(')', to);
	} else if (c->nranges == 1 && !r->to) {
		fprintf(to, " from %s on", unit_bytes_about(r->from, a));
	} else if (c->nranges == 1 && !r->from) {
		fprintf(to, " up to %s", unit_bytes_about(r->to, a));
	} else if (c->nranges <= 3) {
		for (size_t i = 0; i < c->nranges; i++) {
			fputs(i == 0 ? " at " : i + 1 < c->nranges ? ", " : " and ", to);
			answer_sizes(to, r[i].first, r[i].last);
		}
	} else {
		fputs(" at some sizes and not at others: the table has each", to);
	}
}

static const struct shown *any(const struct shown_list *list, shown_pick *pick)
{
	for (size_t i = 0; i < list->n; i++)
		if (pick(&list->c[i]) && list->c[i].figure[WANT_TIME].have)
			return &list->c[i];
	return NULL;
}

/* The one count that all of them were measured with, 0: a thread a CPU; -1: several. */
static json_int_t thread_count(const struct shown_list *list)
{
	json_int_t count = -2;

	for (size_t i = 0; i < list->n; i++) {
		const json_t *n =
			json_object_get(json_object_get(list->c[i].json, "params"), "threads");

		if (!pick_threads(&list->c[i]))
			continue;
		if (count != -2 && count != json_integer_value(n))
			return -1;
		count = json_integer_value(n);
	}
	return count;
}

static int threads(FILE *to, const struct shown_list *list)
{
	json_int_t count = thread_count(list);
	bool one = count == 0 || count == 1;
	struct contest contest;
	int ret = contest_make(list, pick_threads, pick_one_thread, &contest);

	if (ret || !contest.sizes || !has_intervals(list, pick_threads))
		return ret;
	if (count > 1)
		fprintf(to, "; %" JSON_INTEGER_FORMAT " threads", count);
	else
		fprintf(to, "; %s",
			count == 0 ? "a thread a CPU"
			: one	   ? "1 thread of a team"
				   : "several threads");
	if (contest.faster) {
		fputs(one ? " pays" : " pay", to);
		put_ranges(to, &contest);
	} else if (contest.slower) {
		fputs(one ? " doesn't pay" : " don't pay", to);
	} else {
		fprintf(to, " %s no difference to be seen", one ? "makes" : "make");
	}
	return 0;
}

/* The largest size that an engine and a CPU both copied. */
static void how_far_off(FILE *to, const struct shown_list *list, double size)
{
	const struct shown *engine = shown_best(list, WANT_TIME, size, pick_engine);
	const struct shown *cpu = shown_best(list, WANT_TIME, size, pick_cpu);
	char text[UNIT_TEXT];

	if (!engine || !cpu)
		return;
	fprintf(to, "; at %s the nearest, %s, takes %.10g times as long", unit_bytes(size, text),
		engine->path,
		unit_round(engine->figure[WANT_TIME].value / cpu->figure[WANT_TIME].value, 2));
}

/* The largest size that it surely wins at; of more ranges than are kept, the last of these. */
static double where_it_wins(const struct contest *c)
{
	size_t n = c->nranges < RANGES ? c->nranges : RANGES;

	return n ? c->faster_at[n - 1].last : c->last;
}

static int engines(FILE *to, const struct shown_list *list, const json_t *environment)
{
	struct contest c;
	const struct shown *engine;
	int ret = contest_make(list, pick_engine, pick_cpu, &c);

	if (ret)
		return ret;
	if (!c.sizes) {
		fputs(any(list, pick_engine)
			      ? "A DMA engine was measured, but no copy by the CPUs beside it."
			      : answer_no_engine(environment),
		      to);
		return 0;
	}
	engine = shown_best(list, WANT_TIME, where_it_wins(&c), pick_engine);
	if (!has_intervals(list, pick_engine)) {
		fputs("Whether the DMA engine is faster than the CPUs can't be said: one launch a "
		      "case gives no intervals.",
		      to);
	} else if (c.faster) {
		fprintf(to, "A DMA engine (%s by %s) is faster than any copy by the CPUs",
			engine->engine, engine->path);
		put_ranges(to, &c);
		fputc('.', to);
	} else if (c.slower == c.sizes) {
		fputs("No DMA engine is faster than the CPUs", to);
		how_far_off(to, list, c.last);
		fputc('.', to);
	} else {
		fputs("No DMA engine is measurably faster than the CPUs (", to);
		answer_sizes(to, c.first, c.last);
		fputs(").", to);
	}
	return 0;
}

/* Below six launches the interval of a median can't hold it 95 times in a hundred. */
#define ENOUGH_LAUNCHES 6

static int few_launches(FILE *to, const struct shown_list *list)
{
	size_t least = ENOUGH_LAUNCHES;

	for (size_t i = 0; i < list->n; i++) {
		size_t n = json_array_size(json_object_get(list->c[i].json, "launches"));

		if (n > 1 && n < least)
			least = n;
	}
	if (least < ENOUGH_LAUNCHES)
		fprintf(to, "Of %zu launches a case small differences can't be seen.", least);
	return 0;
}

static int here(FILE *to, const struct shown_list *list)
{
	int ret;

	fputs("Here ", to);
	ret = one_thread(to, list);
	if (!ret)
		ret = threads(to, list);
	fputc('.', to);
	return ret;
}

/* What one of them says, as one string more; nothing if it says nothing. */
static int sentence(int which, const struct shown_list *list, const json_t *environment,
		    json_t *sentences)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	int ret;

	if (!to)
		return -ENOMEM;
	ret = which == 0   ? here(to, list)
	      : which == 1 ? engines(to, list, environment)
	      : which == 2 ? answer_not_copying(to, list)
			   : few_launches(to, list);
	if (fclose(to) && !ret)
		ret = -ENOMEM;
	if (!ret && *text && json_array_append_new(sentences, json_string(text)))
		ret = -ENOMEM;
	free(text);
	return ret;
}

int answer_sentences(const struct shown_list *list, const json_t *environment, json_t *sentences)
{
	int ret = 0;

	for (int which = 0; which < 4 && !ret; which++)
		ret = sentence(which, list, environment, sentences);
	return ret;
}
