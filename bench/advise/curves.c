// SPDX-License-Identifier: GPL-2.0-only
#include "curves.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer/setting.h"

static const char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

static json_int_t number_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

/*
 * A verified copy and nothing else, between buffers of the program's own: those of the driver have no
 * cache state.
 */
static bool is_copy(const json_t *c, const char *env)
{
	const json_t *engine = json_object_get(c, "engine");

	return !strcmp(text_of(c, "status"), "ok") && !strcmp(text_of(c, "class"), "copy") &&
	       !strcmp(text_of(c, "env"), env) && *text_of(json_object_get(c, "params"), "cache") &&
	       !*text_of(json_object_get(c, "params"), "use") &&
	       !*text_of(json_object_get(c, "params"), "touch") &&
	       !json_object_get(json_object_get(c, "params"), "load") &&
	       !json_object_get(json_object_get(c, "params"), "direction") &&
	       (!json_is_object(engine) || !strcmp(text_of(engine, "kind"), "hardware"));
}

static bool is_memcpy(const json_t *c, const char *env)
{
	return is_copy(c, env) && !strcmp(text_of(c, "path"), "memcpy");
}

/* params of a memcpy in the setting that is looked at; NULL: there is none. */
static const json_t *main_setting(const json_t *result, const char *env)
{
	const json_t *c, *best = NULL;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, c) {
		const json_t *params = json_object_get(c, "params");

		if (is_memcpy(c, env) && (!best || place_plainness(params) < place_plainness(best)))
			best = params;
	}
	return best;
}

void curves_setting(const json_t *result, const char *env, char *text, size_t len)
{
	const json_t *p = main_setting(result, env);
	json_int_t cpu = number_of(p, "cpu_node"), src = number_of(p, "src_node");
	json_int_t dst = number_of(p, "dst_node");

	snprintf(text, len,
		 "%s pages, offset %lld, CPU, source and destination on nodes %lld, %lld and %lld",
		 text_of(p, "pages"), (long long)number_of(p, "offset"), (long long)cpu,
		 (long long)src, (long long)dst);
}

static double figure(const json_t *c, const char *of, double size)
{
	const json_t *value =
		json_object_get(json_object_get(json_object_get(c, "cpu"), of), "value");

	return json_is_number(value) ? json_number_value(value) * size : NAN;
}

static struct look look_at(const json_t *c)
{
	const json_t *time = json_object_get(c, "time"), *ci = json_object_get(time, "ci95"), *l;
	double size = (double)number_of(json_object_get(c, "params"), "size");
	struct look look = {
		.ns = json_number_value(json_object_get(time, "value")),
		.low = NAN,
		.high = NAN,
		.caller = figure(c, "caller", size),
		.caller_least = NAN,
		.caller_most = NAN,
		.machine = figure(c, "machine", size),
	};
	size_t i;

	if (json_array_size(ci) == 2) {
		look.low = json_number_value(json_array_get(ci, 0));
		look.high = json_number_value(json_array_get(ci, 1));
	}
	json_array_foreach(json_object_get(c, "launches"), i, l) {
		const json_t *ns = json_object_get(l, "cpu_caller_ns_per_byte");

		if (!json_is_number(ns))
			continue;
		look.caller_least = fmin(look.caller_least, json_number_value(ns) * size);
		look.caller_most = fmax(look.caller_most, json_number_value(ns) * size);
	}
	return look;
}

static void *grown(void *list, size_t n, size_t size)
{
	/* At 1, 2, 4 … entries. */
	return n & (n - 1) ? list : reallocarray(list, n ? 2 * n : 1, size);
}

/* memcpy's sizes in order. */
static int add_memcpy(struct curves *c, const json_t *json)
{
	uint64_t size = (uint64_t)number_of(json_object_get(json, "params"), "size");
	uint64_t *sizes = grown(c->sizes, c->n, sizeof(*sizes));
	struct look *looks;
	size_t at = c->n;

	if (!sizes)
		return -ENOMEM;
	c->sizes = sizes;
	looks = grown(c->memcpy, c->n, sizeof(*looks));
	if (!looks)
		return -ENOMEM;
	c->memcpy = looks;
	for (; at && sizes[at - 1] > size; at--) {
		sizes[at] = sizes[at - 1];
		looks[at] = looks[at - 1];
	}
	sizes[at] = size;
	looks[at] = look_at(json);
	c->n++;
	return 0;
}

static const struct look *memcpy_at(const struct curves *c, uint64_t size)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->sizes[i] == size)
			return &c->memcpy[i];
	return NULL;
}

/* What tells the ways of one path apart: "nt prefetch=512", "pinned dma0chan0 depth=4". */
static void label_of(const json_t *c, char *label, size_t len)
{
	const json_t *engine = json_object_get(c, "engine");
	json_t *params = json_object_get(c, "params"), *value;
	size_t used = (size_t)snprintf(label, len, "%s", text_of(c, "path"));
	const char *key;

	if (json_is_object(engine) && used < len)
		used += (size_t)snprintf(label + used, len - used, " on %s (%s)",
					 text_of(engine, "name"), text_of(engine, "driver"));
	json_object_foreach(params, key, value) {
		const char *word = json_string_value(value);

		if (place_has(key) || !strcmp(key, "size") || !strcmp(key, "cache") ||
		    !strcmp(key, "engine") || used >= len)
			continue;
		/* What is at its default says nothing. */
		if (json_is_integer(value) && json_integer_value(value))
			used += (size_t)snprintf(label + used, len - used, " %s=%lld", key,
						 (long long)json_integer_value(value));
		else if (word)
			used += (size_t)snprintf(label + used, len - used, " %s=%s", key, word);
	}
}

/* Several operations in flight: their time is not that of one from begin to end. */
static bool is_synchronous(const json_t *c)
{
	const char *path = text_of(c, "path");
	size_t len = strlen(path);

	return !(len > 6 && !strcmp(path + len - 6, "-async")) &&
	       number_of(json_object_get(c, "params"), "queue") <= 1;
}

static struct curve *curve_for(struct curves *c, const json_t *json)
{
	char label[sizeof(c->others->label)];
	struct curve *others;

	label_of(json, label, sizeof(label));
	for (size_t i = 0; i < c->nothers; i++)
		if (!strcmp(c->others[i].label, label))
			return &c->others[i];
	others = grown(c->others, c->nothers, sizeof(*others));
	if (!others)
		return NULL;
	c->others = others;
	others += c->nothers++;
	*others = (struct curve){ .path = text_of(json, "path"),
				  .engine = json_is_object(json_object_get(json, "engine")),
				  .synchronous = is_synchronous(json) };
	memcpy(others->label, label, sizeof(label));
	return others;
}

static int add_other(struct curves *c, const json_t *json)
{
	uint64_t size = (uint64_t)number_of(json_object_get(json, "params"), "size");
	const struct look *memcpy_look = memcpy_at(c, size);
	struct curve *curve;
	struct pair *pairs;
	size_t at;

	/* Many small copies in one operation aren't one copy of its size. */
	if (!memcpy_look || json_object_get(json_object_get(json, "params"), "batch"))
		return 0;
	curve = curve_for(c, json);
	pairs = curve ? grown(curve->pairs, curve->n, sizeof(*pairs)) : NULL;
	if (!pairs)
		return -ENOMEM;
	curve->pairs = pairs;
	for (at = curve->n; at && pairs[at - 1].size > size; at--)
		pairs[at] = pairs[at - 1];
	pairs[at] = (struct pair){ size, *memcpy_look, look_at(json) };
	curve->n++;
	return 0;
}

int curves_read(const json_t *result, const char *env, const char *cache, struct curves *c)
{
	const json_t *setting = main_setting(result, env), *json;
	int ret = 0;

	*c = (struct curves){ .cache = cache, .launches = SIZE_MAX };
	/* memcpy first: the others are held against it. */
	for (int others = 0; others < 2; others++) {
		size_t i;

		json_array_foreach(json_object_get(result, "cases"), i, json) {
			const json_t *params = json_object_get(json, "params");
			size_t launches = json_array_size(json_object_get(json, "launches"));

			if (ret || !is_copy(json, env) || is_memcpy(json, env) == others ||
			    strcmp(text_of(params, "cache"), cache) || !place_same(params, setting))
				continue;
			ret = others ? add_other(c, json) : add_memcpy(c, json);
			c->launches = launches < c->launches ? launches : c->launches;
		}
	}
	if (!ret && !c->n)
		ret = -ENODATA;
	return ret;
}

void curves_free(struct curves *c)
{
	for (size_t i = 0; i < c->nothers; i++)
		free(c->others[i].pairs);
	free(c->others);
	free(c->sizes);
	free(c->memcpy);
	memset(c, 0, sizeof(*c));
}
