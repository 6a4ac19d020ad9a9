// SPDX-License-Identifier: GPL-2.0-only
#include "case.h"

#include <stdio.h>

#include "paths/path.h"

json_t *case_params_to_json(const struct bench_case *c)
{
	const struct case_params *p = &c->params;
	unsigned int axes = c->path->axes;
	json_t *json = json_pack("{s:I}", "size", (json_int_t)p->size);

	if (axes & AXIS_NODES)
		json_object_update_new(json,
				       json_pack("{s:i,s:i,s:i}", "cpu_node", p->cpu_node,
						 "src_node", p->src_node, "dst_node", p->dst_node));
	if (axes & AXIS_CPU_NODE)
		json_object_set_new(json, "cpu_node", json_integer(p->cpu_node));
	if (axes & AXIS_PAGES)
		json_object_set_new(json, "pages", json_string(page_names[p->pages]));
	if (axes & AXIS_CACHE)
		json_object_set_new(json, "cache", json_string(cache_names[p->cache]));
	if (axes & AXIS_OFFSET)
		json_object_set_new(json, "offset", json_integer(p->offset));
	if (axes & AXIS_THREADS)
		json_object_set_new(json, "threads", json_integer(p->threads));
	if (axes & AXIS_CHANNELS)
		json_object_set_new(json, "channels", json_integer(p->channels));
	if (axes & AXIS_BATCH)
		json_object_set_new(json, "batch", json_integer(p->batch));
	if (axes & AXIS_QUEUE)
		json_object_set_new(json, "queue", json_integer(p->queue));
	if (axes & AXIS_SHARE)
		json_object_set_new(json, "share", json_integer(p->share));
	if (axes & AXIS_VECTOR)
		json_object_set_new(json, "vector", json_integer(p->vector));
	if (axes & AXIS_PREFETCH)
		json_object_set_new(json, "prefetch", json_integer(p->prefetch));
	if (axes & AXIS_ENGINE_NAME)
		json_object_set_new(json, "engine", json_string(p->engine));
	if (axes & AXIS_ENGINE)
		json_object_update_new(json,
				       json_pack("{s:s,s:i,s:I,s:s}", "engine", p->engine, "depth",
						 (int)p->depth, "chunk", (json_int_t)p->chunk,
						 "wait", wait_names[p->wait]));
	if (axes & AXIS_DSA)
		json_object_update_new(
			json, json_pack("{s:s,s:s,s:s,s:s,s:s}", "dsa_queue", p->dsa_queue,
					"dsa_submit", dsa_submit_names[p->dsa_submit], "dsa_wait",
					dsa_wait_names[p->dsa_wait], "dsa_fault",
					dsa_fault_names[p->dsa_fault], "cc", cc_names[p->cc]));
	if (axes & AXIS_PIECES)
		json_object_update_new(json, json_pack("{s:i,s:I}", "depth", (int)p->depth, "chunk",
						       (json_int_t)p->chunk));
	/* As in results from before there were such choices. */
	if (p->use != USE_NONE)
		json_object_set_new(json, "use", json_string(use_names[p->use]));
	if (p->touch != TOUCH_PREFAULT)
		json_object_set_new(json, "touch", json_string(touch_names[p->touch]));
	if (p->direction != DIRECTION_ONE)
		json_object_set_new(json, "direction", json_string(direction_names[p->direction]));
	if (p->load)
		json_object_set_new(json, "load", json_integer(p->load));
	return json;
}

void case_id(const struct bench_case *c, char *buf, size_t len)
{
	json_t *params = case_params_to_json(c), *value;
	const char *key;
	size_t used = (size_t)snprintf(buf, len, "%s", c->path->name);
	char separator = ':';

	json_object_foreach(params, key, value) {
		if (used >= len)
			break;
		if (json_is_string(value))
			used += (size_t)snprintf(buf + used, len - used, "%c%s=%s", separator, key,
						 json_string_value(value));
		else
			used += (size_t)snprintf(buf + used, len - used,
						 "%c%s=%" JSON_INTEGER_FORMAT, separator, key,
						 json_integer_value(value));
		separator = ',';
	}
	json_decref(params);
}
