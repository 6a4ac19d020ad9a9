/* SPDX-License-Identifier: GPL-2.0-only */
/* Machines made up so that the right answer is known. */
#ifndef MADE_UP_H
#define MADE_UP_H

#include "unit.h"

#include <jansson.h>
#include <string.h>

#include "answer/answer.h"

#define K 1024.0
#define M (1024 * K)

static inline json_t *machine(const char *platform)
{
	return json_pack("{s:[{s:s,s:s,s:[]}],s:[]}", "environments", "id", "host", "platform",
			 platform, "engines", "cases");
}

struct made {
	const char *path, *class, *variant, *kind; /* kind of the engine, NULL: none */
	double size, time;			   /* ns */
	double share;				   /* -1: none */
	int threads;				   /* -1: no such axis */
	double wide;	  /* of the interval, each way, as a share; 0: one launch */
	double cpu, harm; /* 0: not measured */
};

static inline json_t *launches(size_t n, double cpu)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      cpu > 0 ? json_pack("{s:f}", "cpu_machine_ns_per_byte", cpu)
					      : json_object());
	return list;
}

static inline void add(json_t *result, struct made m)
{
	json_t *params = json_pack("{s:f,s:s,s:s,s:i,s:i,s:i}", "size", m.size, "cache", "hot",
				   "pages", "4K", "cpu_node", 0, "src_node", 0, "dst_node", 0);
	json_t *ci = m.wide > 0 ? json_pack("[f,f]", m.time * (1 - m.wide), m.time * (1 + m.wide))
				: json_null();
	json_t *cases = json_object_get(result, "cases"), *c;

	if (m.share >= 0)
		json_object_set_new(params, "share", json_real(m.share));
	if (m.threads >= 0)
		json_object_set_new(params, "threads", json_integer(m.threads));
	c = json_pack("{s:o,s:s,s:s,s:s,s:s,s:o,s:{s:f,s:o},s:o}", "id",
		      json_sprintf("case %zu", json_array_size(cases)), "env", "host", "path",
		      m.path, "class", m.class ? m.class : "copy", "status", "ok", "params", params,
		      "time", "value", m.time, "ci95", ci, "launches",
		      launches(m.wide > 0 ? 10 : 1, m.cpu));
	if (m.kind)
		json_object_set_new(c, "engine",
				    json_pack("{s:s,s:s}", "driver", "idxd", "kind", m.kind));
	if (m.variant)
		json_object_set_new(c, "variant",
				    json_pack("{s:s,s:{s:i}}", "name", m.variant, "launches",
					      m.variant, 10));
	if (m.cpu > 0)
		json_object_set_new(c, "cpu", json_pack("{s:{s:f}}", "machine", "value", m.cpu));
	if (m.harm > 0)
		json_object_set_new(c, "neighbour",
				    json_pack("{s:{s:f,s:[f,f]}}", "cache", "value", m.harm, "ci95",
					      m.harm * 0.9, m.harm * 1.1));
	json_array_append_new(cases, c);
}

static const double sizes[] = { 4 * K, 64 * K, 1 * M, 16 * M };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* GB/s at each of the sizes, one interval for all. */
static inline void copies(json_t *result, const char *path, const double *gbps, double wide)
{
	for (size_t i = 0; i < SIZES; i++)
		if (gbps[i] > 0)
			add(result, (struct made){ .path = path,
						   .size = sizes[i],
						   .time = sizes[i] / gbps[i],
						   .share = -1,
						   .threads = strcmp(path, "memcpy-mt") ? -1 : 0,
						   .wide = wide });
}

static inline void engine(json_t *result, const char *kind, const double *gbps, double wide)
{
	json_t *env = json_array_get(json_object_get(result, "environments"), 0);

	json_array_append_new(json_object_get(env, "engines"),
			      json_pack("{s:s,s:s}", "driver", "idxd", "kind", kind));
	for (size_t i = 0; i < SIZES; i++)
		add(result, (struct made){ .path = "registered",
					   .kind = kind,
					   .size = sizes[i],
					   .time = sizes[i] / gbps[i],
					   .share = -1,
					   .threads = -1,
					   .wide = wide });
}

static inline void snapshot(json_t *result, double size, double share, double time)
{
	add(result, (struct made){ .path = "cow-private",
				   .class = "snapshot",
				   .size = size,
				   .time = time,
				   .share = share,
				   .threads = -1,
				   .wide = 0.01 });
}

/* The answer's sentences are exactly these, one blank between them. */
static inline void says(json_t *result, const char *want)
{
	json_t *answer = answer_make(result), *s;
	char is[2048] = "";
	size_t i;

	assert_non_null(answer);
	json_array_foreach(json_object_get(json_array_get(answer, 0), "sentences"), i, s) {
		strcat(is, i ? " " : "");
		strcat(is, json_string_value(s));
	}
	assert_string_equal(is, want);
	json_decref(answer);
	json_decref(result);
}

#endif
