/* SPDX-License-Identifier: GPL-2.0-only */
/* A profile and a result made up so that the right advice is known. */
#ifndef ADVISED_H
#define ADVISED_H

#include "unit.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "advise/advise.h"

#define NEAR(a, b) assert_true(is_near(a, b))

static inline bool is_near(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fabs(b) + 1e-15;
}

static json_t *result;
static struct advice a;
static json_t *profile;

static inline void begin(void)
{
	result = json_pack("{s:[{s:s,s:s,s:{s:s,s:i}}],s:[]}", "environments", "id", "host",
			   "platform", "native", "identity", "cpu_model", "x", "cpus", 2, "cases");
	profile = json_pack("{s:{s:f,s:f,s:f},s:[],s:{s:s,s:{s:s,s:i}}}", "run", "duration_s", 20.0,
			    "cpu_user_s", 9.0, "cpu_system_s", 1.0, "sizes", "environment",
			    "platform", "native", "identity", "cpu_model", "x", "cpus", 2);
}

static inline json_t *last_case(void)
{
	json_t *cases = json_object_get(result, "cases");

	return json_array_get(cases, json_array_size(cases) - 1);
}

/* Time with an interval of 2 % each way; the caller's and the machine's CPU time in ns. */
static inline void measured(const char *path, const char *cache, int size, double ns, double cpu)
{
	json_array_append_new(
		json_object_get(result, "cases"),
		json_pack("{s:s,s:s,s:s,s:s,s:n,s:{s:i,s:i,s:i,s:i,s:s,s:i,s:s},s:{s:f,s:[f,f]},"
			  "s:{s:{s:f},s:{s:f}},s:[{s:f},{s:f}]}",
			  "status", "ok", "class", "copy", "env", "host", "path", path, "engine",
			  "params", "size", size, "cpu_node", 0, "src_node", 0, "dst_node", 0,
			  "pages", "4K", "offset", 0, "cache", cache, "time", "value", ns, "ci95",
			  0.98 * ns, 1.02 * ns, "cpu", "caller", "value", cpu / size, "machine",
			  "value", cpu / size, "launches", "cpu_caller_ns_per_byte",
			  0.99 * cpu / size, "cpu_caller_ns_per_byte", 1.01 * cpu / size));
}

static inline void on_engine(const char *kind)
{
	json_object_set_new(last_case(), "engine",
			    json_pack("{s:s,s:s,s:s}", "kind", kind, "name", "dma0chan0", "driver",
				      "ioat"));
}

static inline void copied(int from, int to, json_int_t calls, json_int_t bytes)
{
	json_array_append_new(json_object_get(profile, "sizes"),
			      json_pack("{s:i,s:i,s:I,s:I}", "from", from, "to", to, "calls", calls,
					"bytes", bytes));
}

static inline int said(void)
{
	a = (struct advice){ .profile = profile, .result = result };
	a.env = advise_environment(profile, result, &a.difference);
	assert_non_null(a.env);
	return advise(&a);
}

static inline void end(void)
{
	advise_free(&a);
	json_decref(result);
	json_decref(profile);
}

/* memcpy at 1K 100 ns and at 64K 10 µs. */
static inline void begin_usual(void)
{
	begin();
	measured("memcpy", "hot", 65536, 10000, 10000);
	measured("memcpy", "hot", 1024, 100, 100);
}

static inline void ran_for(double cpu_s, double wall_s)
{
	json_object_update_new(json_object_get(profile, "run"),
			       json_pack("{s:f,s:f,s:f}", "duration_s", wall_s, "cpu_user_s", cpu_s,
					 "cpu_system_s", 0.0));
}

#endif
