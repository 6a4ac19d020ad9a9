// SPDX-License-Identifier: GPL-2.0-only
#include "engines_json.h"

#include "paths/driver.h"
#include "paths/engine_sources.h"
#include "dsa_engines.h"

unsigned int path_families(const struct copy_path *path)
{
	return path->axes & (AXIS_ENGINE | AXIS_ENGINE_NAME) ? FAMILY(path->engines) : 0;
}

unsigned int plan_families(const struct plan *plan)
{
	unsigned int families = FAMILY(ENGINES_DRIVER);

	for (size_t i = 0; i < plan->n; i++)
		families |= path_families(plan->cases[i].path);
	return families;
}

static void add(json_t *to, json_t *(*more)(const struct dmabench_engine_info *e),
		const struct dmabench_engine_info *e)
{
	if (more)
		json_object_update_new(to, more(e));
}

/* What both lists and cases say of one. */
static json_t *one(const struct engine_source *source, const struct dmabench_engine_info *e)
{
	json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:i,s:s}", "name", e->name, "driver", e->driver,
				 "device", e->device, "kind", source->kind(e), "node", e->node,
				 "iommu", iommu_name(e->iommu));

	add(json, source->identity, e);
	return json;
}

json_t *engines_json(unsigned int families)
{
	struct dmabench_engine_info engines[MAX_ENGINES];
	json_t *list = json_array();
	char why[160];

	for (int family = 0; family < ENGINE_FAMILIES; family++) {
		const struct engine_source *source = engine_sources[family];
		int count = 0;

		if (families & FAMILY(family))
			count = source->list(engines, why, sizeof(why));
		for (int i = 0; i < count; i++) {
			const struct dmabench_engine_info *e = &engines[i];
			bool usable = !(e->flags & DMABENCH_ENGINE_POISONED);
			json_t *json = one(source, e);

			add(json, source->limits, e);
			json_object_update_new(json,
					       json_pack("{s:b,s:s?}", "usable", usable, "reason",
							 usable ? NULL : source->reason(e)));
			json_array_append_new(list, json);
		}
	}
	dsa_engines_add(list);
	return list;
}

json_t *engines_unlisted(unsigned int families)
{
	struct dmabench_engine_info engines[MAX_ENGINES];
	json_t *list = json_array();

	for (int family = 0; family < ENGINE_FAMILIES; family++) {
		const struct engine_source *source = engine_sources[family];
		char why[160] = "no case takes them";

		if (!source->present() ||
		    (families & FAMILY(family) && source->list(engines, why, sizeof(why)) >= 0))
			continue;
		json_array_append_new(list,
				      json_pack("{s:s,s:s}", "what", source->name, "reason", why));
	}
	return list;
}

json_t *case_engine(const struct bench_case *c)
{
	const struct case_params *p = &c->params;
	const struct engine_source *source = engine_sources[c->path->engines];
	bool several = c->path->axes & AXIS_CHANNELS;
	struct engine_wish wish = { p->engine, several ? p->channels : 1, p->src_node,
				    p->dst_node };
	struct dmabench_engine_info all[MAX_ENGINES];
	struct engine_set set;
	json_t *json, *channels;
	char why[160];
	int count;

	if (c->path->axes & AXIS_DSA)
		return dsa_engine_of(&c->params);
	if (!path_families(c->path))
		return NULL;
	count = source->list(all, why, sizeof(why));
	if (count < 0 || engines_pick(all, count, &wish, &set, why, sizeof(why)))
		return NULL;
	json = one(source, &set.v[0]);
	if (!several)
		return json;
	channels = json_array();
	for (unsigned int i = 0; i < set.n; i++)
		json_array_append_new(channels, json_string(set.v[i].name));
	json_object_set_new(json, "channels", channels);
	return json;
}
