// SPDX-License-Identifier: GPL-2.0-only
#include "people.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer/words.h"
#include "text/escape.h"
#include "text/json_text.h"
#include "text/units.h"

#define COLUMNS 80

static double number(const json_t *json, const char *key)
{
	return json_number_value(json_object_get(json, key));
}

/* Columns that a text takes: bytes that go on with a character take none. */
static int columns_of(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void put_right(const char *s, int width)
{
	printf(" %*s%s", width - columns_of(s) > 0 ? width - columns_of(s) : 0, "", s);
}

/* Words of one line each, the later ones indented, none longer than COLUMNS where it can be broken. */
static void put_wrapped(const char *words, int indent)
{
	int at = 0;

	while (*words) {
		size_t len = strcspn(words, " ");
		char word[256];

		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		if (at && at + 1 + columns_of(word) > COLUMNS) {
			printf("\n%*s", indent, "");
			at = indent;
		} else if (at) {
			at += printf(" ");
		}
		put_plain(stdout, word);
		at += columns_of(word);
		words += len;
		words += strspn(words, " ");
	}
	putchar('\n');
}

typedef const char *unit_text(double value, char *buf);

/* "96 GB/s (94 to 97.8)": the ends in the value's own unit. */
static void interval_text(const json_t *figure, unit_text *unit, char *buf, size_t len)
{
	double value = number(figure, "value");
	const json_t *ci = json_object_get(figure, "ci95");
	char shown[UNIT_TEXT];
	double digits, scale;

	unit(value, shown);
	digits = strtod(shown, NULL);
	if (json_array_size(ci) != 2 || !digits) {
		snprintf(buf, len, "%s", shown);
		return;
	}
	scale = value / digits;
	snprintf(buf, len, "%s (%.10g to %.10g)", shown,
		 unit_round(json_number_value(json_array_get(ci, 0)) / scale, 3),
		 unit_round(json_number_value(json_array_get(ci, 1)) / scale, 3));
}

static const char *optional(const json_t *figure, const char *key, unit_text *unit, char *buf)
{
	const json_t *value = json_object_get(figure, key);

	return json_is_number(value) ? unit(json_number_value(value), buf) : "-";
}

static void row(const json_t *c)
{
	const json_t *params = json_object_get(c, "params"),
		     *share = json_object_get(params, "share");
	const json_t *rate = json_object_get(c, "throughput"),
		     *latency = json_object_get(c, "latency");
	bool copies = json_is_object(rate);
	char label[64], figure[96], buf[UNIT_TEXT];

	snprintf(label, sizeof(label), "%.40s", json_text(c, "path"));
	if (json_is_number(share))
		snprintf(label, sizeof(label), "%.40s %.3g %%", json_text(c, "path"),
			 words_share(c));
	fputs("  ", stdout);
	put_plain(stdout, label);
	printf("%*s", columns_of(label) < 18 ? 18 - columns_of(label) : 0, "");
	put_right(unit_bytes(number(params, "size"), buf), 5);
	interval_text(copies ? rate : json_object_get(c, "time"),
		      copies ? unit_rate : unit_duration, figure, sizeof(figure));
	put_right(figure, 25);
	put_right(optional(latency, "p50", unit_duration, buf), 8);
	put_right(optional(latency, "p99", unit_duration, buf), 8);
	put_right(optional(json_object_get(json_object_get(c, "cpu"), "left"), "value",
			   unit_percent, buf),
		  8);
	putchar('\n');
}

static bool is_ok(const json_t *c)
{
	return !strcmp(json_text(c, "status"), "ok");
}

static void setting_of(const json_t *c, char *buf, size_t len)
{
	char words[256];

	words_setting(c, words, sizeof(words));
	snprintf(buf, len, "%s%s%s", json_text(c, "env"), *words ? ": " : "", words);
}

/* The rows of one setting, where c is the first of it. */
static void group(const json_t *cases, size_t first, const char *setting)
{
	json_t *c;
	size_t i;

	put_wrapped(setting, 2);
	json_array_foreach(cases, i, c) {
		char of[512];

		setting_of(c, of, sizeof(of));
		if (i >= first && is_ok(c) && !strcmp(of, setting))
			row(c);
	}
}

/* Cases without figures: how many for one reason, by path. */
static void put_reasons(const json_t *cases, const char *status)
{
	json_t *seen = json_object(), *c, *count;
	const char *key;
	size_t i;

	json_array_foreach(cases, i, c) {
		char line[768];

		if (strcmp(json_text(c, "status"), status))
			continue;
		snprintf(line, sizeof(line), "%s: %s", json_text(c, "path"),
			 json_text(c, "reason"));
		json_object_set_new(
			seen, line,
			json_integer(json_integer_value(json_object_get(seen, line)) + 1));
	}
	json_object_foreach(seen, key, count) {
		char line[1024];
		json_int_t n = json_integer_value(count);

		snprintf(line, sizeof(line), "%s %s%s", status, key, "");
		if (n > 1)
			snprintf(line, sizeof(line), "%s %s (%" JSON_INTEGER_FORMAT " cases)",
				 status, key, n);
		put_wrapped(line, 2);
	}
	json_decref(seen);
}

void people_table(const json_t *result)
{
	const json_t *cases = json_object_get(result, "cases");
	json_t *c, *seen = json_object();
	size_t i;
	bool any = false;

	json_array_foreach(cases, i, c) {
		char setting[512];

		if (!is_ok(c))
			continue;
		setting_of(c, setting, sizeof(setting));
		if (json_object_get(seen, setting))
			continue;
		json_object_set_new(seen, setting, json_true());
		if (!any)
			printf("  %-18s %5s %25s %8s %8s %8s\n", "path", "size",
			       "rate or time (95 %)", "p50", "p99", "CPU left");
		any = true;
		group(cases, i, setting);
	}
	json_decref(seen);
	put_reasons(cases, "skipped");
	put_reasons(cases, "failed");
}

void people_answer(const json_t *answer)
{
	json_t *env, *sentence;
	size_t i, k;

	json_array_foreach(answer, i, env) {
		char *words = NULL;
		size_t len;
		FILE *to = open_memstream(&words, &len);

		if (!to)
			return;
		if (json_array_size(answer) > 1)
			fprintf(to, "%s:", json_text(env, "env"));
		json_array_foreach(json_object_get(env, "sentences"), k, sentence)
			fprintf(to, " %s", json_string_value(sentence));
		fclose(to);
		putchar('\n');
		put_wrapped(words + strspn(words, " "), 0);
		free(words);
	}
}

static void put_cost(const json_t *cost)
{
	const json_t *share = json_object_get(json_object_get(cost, "params"), "share");
	char setting[256], written[64] = "", *line;

	words_setting(cost, setting, sizeof(setting));
	if (json_is_number(share))
		snprintf(written, sizeof(written), " %.10g %% written", json_number_value(share));
	if (asprintf(&line, "%s%s (%s): %s", json_text(cost, "path"), written, setting,
		     json_text(cost, "words")) < 0)
		return;
	put_wrapped(line, 2);
	free(line);
}

void people_costs(const json_t *answer)
{
	json_t *env, *cost;
	size_t i, k;

	json_array_foreach(answer, i, env) {
		printf("%s%s:\n", i ? "\n" : "", json_text(env, "env"));
		if (!json_is_true(json_object_get(env, "advice")))
			printf("  an emulated machine: its times mean nothing\n");
		if (!json_array_size(json_object_get(env, "costs")))
			printf("  nothing was measured that has a cost by size\n");
		json_array_foreach(json_object_get(env, "costs"), k, cost)
			put_cost(cost);
	}
}
