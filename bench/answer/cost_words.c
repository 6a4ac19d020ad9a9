// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/units.h"
#include "costs.h"

static double number(const json_t *json, const char *key)
{
	return json_number_value(json_object_get(json, key));
}

static double end_of(const json_t *figure, size_t end)
{
	return json_number_value(json_array_get(json_object_get(figure, "ci95"), end));
}

static bool has_interval(const json_t *figure)
{
	return json_array_size(json_object_get(figure, "ci95")) == 2;
}

typedef const char *unit_text(double value, char *buf);

static const char *per_kib(double ns_per_byte, char *buf)
{
	char duration[UNIT_TEXT];

	snprintf(buf, UNIT_TEXT, "%.20s a KiB", unit_duration(1024 * ns_per_byte, duration));
	return buf;
}

/* "2.1 µs (1.9 µs to 2.3 µs)". */
static void with_interval(FILE *to, const json_t *figure, unit_text *unit)
{
	char lo[UNIT_TEXT], hi[UNIT_TEXT];

	fputs(unit(number(figure, "value"), lo), to);
	if (has_interval(figure))
		fprintf(to, " (%s to %s)", unit(end_of(figure, 0), lo),
			unit(end_of(figure, 1), hi));
}

static bool put_fixed(FILE *to, const json_t *fixed, double smallest)
{
	char most[UNIT_TEXT];

	if (json_is_true(json_object_get(fixed, "seen"))) {
		fputs("setting up costs ", to);
		with_interval(to, fixed, unit_duration);
		return true;
	}
	fputs("no fixed cost to be seen", to);
	if (json_is_true(json_object_get(fixed, "undercut")))
		fputs(" (a size that isn't on this line takes less than it begins with)", to);
	else if (has_interval(fixed) && end_of(fixed, 1) > COSTS_LEAST * smallest)
		fprintf(to, " (at most %s)", unit_duration(end_of(fixed, 1), most));
	return false;
}

static void put_half(FILE *to, const json_t *cost)
{
	double half = number(json_object_get(cost, "half"), "value");
	char size[UNIT_TEXT];

	if (half < number(cost, "from"))
		fprintf(to, "; half of it is reached below %s, the smallest of these",
			unit_bytes(number(cost, "from"), size));
	else
		fprintf(to, "; half of it is reached at %s", unit_bytes_about(half, size));
}

static void put_beside(FILE *to, const json_t *beside)
{
	char size[UNIT_TEXT];
	json_t *one;
	size_t i;

	json_array_foreach(beside, i, one) {
		fprintf(to, "%s%s",
			i ? ", " : ". Not on that line: ", unit_bytes(number(one, "size"), size));
		if (json_is_number(json_object_get(one, "ratio")))
			fprintf(to, " (%.10g times as long)", unit_round(number(one, "ratio"), 2));
	}
}

static void put_line(FILE *to, const json_t *cost)
{
	const json_t *rate = json_object_get(cost, "rate");
	char from[UNIT_TEXT], last[UNIT_TEXT];
	double smallest = number(json_object_get(cost, "fixed"), "value") +
			  number(json_object_get(cost, "per_byte"), "value") * number(cost, "from");
	bool fixed = put_fixed(to, json_object_get(cost, "fixed"), smallest);

	if (!json_is_true(json_object_get(json_object_get(cost, "per_byte"), "seen"))) {
		fputs(fixed ? ", and no more for more bytes" : ", nor one by size", to);
	} else {
		fputs(fixed ? ", then " : ", ", to);
		if (json_is_object(rate))
			with_interval(to, rate, unit_rate);
		else
			with_interval(to, json_object_get(cost, "per_byte"), per_kib);
	}
	fprintf(to, ", from %s to %s", unit_bytes(number(cost, "from"), from),
		unit_bytes(number(cost, "to"), last));
	if (fixed && json_is_object(rate))
		put_half(to, cost);
	put_beside(to, json_object_get(cost, "beside"));
}

void cost_words(json_t *cost)
{
	const char *reason = json_string_value(json_object_get(cost, "reason"));
	char *words = NULL;
	size_t len;
	FILE *to = open_memstream(&words, &len);

	if (!to)
		return;
	if (reason)
		fputs(reason, to);
	else
		put_line(to, cost);
	fclose(to);
	json_object_set_new(cost, "words", json_string(words));
	free(words);
}
