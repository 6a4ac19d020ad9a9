// SPDX-License-Identifier: GPL-2.0-only
#include "words.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text/units.h"

struct words {
	char *buf;
	size_t len, used;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *w, const char *format, ...)
{
	va_list args;
	int n;

	if (w->used && w->used + 2 < w->len)
		w->used += (size_t)snprintf(w->buf + w->used, w->len - w->used, ", ");
	va_start(args, format);
	n = vsnprintf(w->buf + w->used, w->len - w->used, format, args);
	va_end(args);
	w->used += n > 0 ? (size_t)n : 0;
	if (w->used >= w->len)
		w->used = w->len - 1;
}

static json_int_t number(const json_t *params, const char *key)
{
	return json_integer_value(json_object_get(params, key));
}

static bool has(const json_t *params, const char *key)
{
	return json_is_integer(json_object_get(params, key));
}

static void nodes(struct words *w, const json_t *params)
{
	json_int_t cpu = number(params, "cpu_node"), src = number(params, "src_node"),
		   dst = number(params, "dst_node");

	if (!has(params, "cpu_node"))
		return;
	if (!has(params, "src_node"))
		add(w, "CPU on node %" JSON_INTEGER_FORMAT, cpu);
	else if (cpu == src && cpu == dst)
		add(w, "all on node %" JSON_INTEGER_FORMAT, cpu);
	else
		add(w,
		    "CPU, source, destination on nodes %" JSON_INTEGER_FORMAT
		    ", %" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT,
		    cpu, src, dst);
}

/* Of DSA's queues. */
static void work_queue(struct words *w, const json_t *params)
{
	static const struct {
		const char *key, *silent, *before, *after;
	} said[] = {
		{ "dsa_queue", "any", "on ", "" },
		{ "dsa_submit", "any", "by ", "" },
		{ "dsa_wait", "", "waiting by ", "" },
		{ "dsa_fault", "resume", "", "ing on faults" },
		{ "cc", "", "to ", "" },
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const char *value = json_string_value(json_object_get(params, said[i].key));

		if (value && strcmp(value, said[i].silent))
			add(w, "%s%s%s", said[i].before, value, said[i].after);
	}
}

static void variant(struct words *w, const json_t *params)
{
	const char *wait = json_string_value(json_object_get(params, "wait"));
	char size[UNIT_TEXT];

	if (has(params, "threads") && !number(params, "threads"))
		add(w, "a thread a CPU");
	else if (number(params, "threads") > 1)
		add(w, "%" JSON_INTEGER_FORMAT " threads", number(params, "threads"));
	if (has(params, "batch"))
		add(w, "batches of %" JSON_INTEGER_FORMAT,
		    number(params, "batch") ? number(params, "batch") : 16);
	if (number(params, "queue") > 1)
		add(w, "%" JSON_INTEGER_FORMAT " operations in flight", number(params, "queue"));
	if (has(params, "channels") && !number(params, "channels"))
		add(w, "all channels");
	else if (number(params, "channels"))
		add(w, "%" JSON_INTEGER_FORMAT " channels", number(params, "channels"));
	if (number(params, "vector"))
		add(w, "%" JSON_INTEGER_FORMAT "-bit vectors", number(params, "vector"));
	if (number(params, "prefetch"))
		add(w, "prefetching %" JSON_INTEGER_FORMAT " bytes ahead",
		    number(params, "prefetch"));
	if (number(params, "depth"))
		add(w, "depth %" JSON_INTEGER_FORMAT, number(params, "depth"));
	if (number(params, "chunk"))
		add(w, "chunks of %s", unit_bytes((double)number(params, "chunk"), size));
	if (wait)
		add(w, "%s", wait);
	work_queue(w, params);
}

void words_setting(const json_t *c, char *buf, size_t len)
{
	const json_t *params = json_object_get(c, "params"), *engine = json_object_get(c, "engine");
	const char *cache = json_string_value(json_object_get(params, "cache"));
	const char *pages = json_string_value(json_object_get(params, "pages"));
	const char *driver = json_string_value(json_object_get(engine, "driver"));
	const char *kind = json_string_value(json_object_get(engine, "kind"));
	const char *use = json_string_value(json_object_get(params, "use"));
	struct words w = { buf, len, 0 };

	buf[0] = '\0';
	if (driver && kind)
		add(&w, "%s (%s engine)", driver, kind);
	if (cache)
		add(&w, "%s cache", cache);
	if (pages)
		add(&w, "%s pages", pages);
	if (number(params, "offset"))
		add(&w, "offset %" JSON_INTEGER_FORMAT, number(params, "offset"));
	nodes(&w, params);
	if (use)
		add(&w, "%s by the CPU", !strcmp(use, "read") ? "read" : "written and read");
	if (json_object_get(params, "touch"))
		add(&w, "fresh pages");
	if (json_object_get(params, "direction"))
		add(&w, "both directions at once");
	if (number(params, "load"))
		add(&w, "others reading %" JSON_INTEGER_FORMAT " %% of their time",
		    number(params, "load"));
	variant(&w, params);
}

double words_share(const json_t *c)
{
	const json_t *share = json_object_get(json_object_get(c, "params"), "share");
	const json_t *written = json_object_get(c, "written");
	double of = json_number_value(json_object_get(written, "of"));

	if (!json_is_number(share))
		return -1;
	return of > 0 ? 100 * json_number_value(json_object_get(written, "pages")) / of
		      : json_number_value(share);
}
