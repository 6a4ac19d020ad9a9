// SPDX-License-Identifier: GPL-2.0-only
#include "path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "memory/cache.h"
#include "memory/region.h"

const char *const class_names[] = {
	[CLASS_COPY] = "copy", [CLASS_SNAPSHOT] = "snapshot", [CLASS_MOVE] = "move",
	[CLASS_VIEW] = "view", [CLASS_ACCESS] = "access",     [CLASS_NONE] = "none",
	[CLASS_CALL] = "call",
};

#define PATH(name) extern const struct copy_path path_##name;
#include "path_list.h"
#undef PATH

const struct copy_path *const all_paths[] = {
#define PATH(name) &path_##name,
#include "path_list.h"
#undef PATH
};

const size_t all_paths_count = sizeof(all_paths) / sizeof(all_paths[0]);

unsigned int path_pairs(const struct copy_path *path, const struct case_params *p)
{
	if (path_goes_both_ways(p))
		return 2;
	return path->pairs ? path->pairs(p) : 1;
}

bool path_goes_both_ways(const struct case_params *p)
{
	return p->direction == DIRECTION_BOTH;
}

uint64_t path_pair_size(const struct case_params *p, unsigned int pair)
{
	if (!path_goes_both_ways(p))
		return p->size;
	return pair ? p->size / 2 : p->size - p->size / 2;
}

void path_evict(const struct copy_ctx *ctx)
{
	for (unsigned int i = 0; i < ctx->npairs; i++) {
		cache_evict(ctx->pairs[i].src, ctx->pairs[i].size);
		cache_evict(ctx->pairs[i].dst, ctx->pairs[i].size);
	}
}

int path_probe(const struct copy_path *path, const struct case_params *p, char *why, size_t len)
{
	if (p->cache == CACHE_COLD && !cache_can_evict()) {
		snprintf(why, len, "programs can't empty caches on this architecture");
		return -EOPNOTSUPP;
	}
	return path->probe ? path->probe(p, why, len) : 0;
}

int path_operate(const struct copy_path *path, struct copy_ctx *ctx, uint64_t n)
{
	int ret = 0;

	if (path->submit_many)
		ret = path->submit_many(ctx, n);
	else
		for (; n && !ret; n--)
			ret = path_begin(path, ctx);
	return !ret && path->drain ? path->drain(ctx) : ret;
}

/* Why the CPU can't have its part in this case; NULL: it can. */
static const char *unusable(const struct copy_path *path, const struct case_params *p)
{
	if (path->class == CLASS_ACCESS)
		return "the operation is the CPU's part, and nothing else";
	if (path->class == CLASS_NONE || path->class == CLASS_CALL)
		return "the operation moves nothing that the CPU could use";
	if (path->unreadable)
		return path->unreadable;
	if (p->use == USE_WRITE_READ && path->unwritable)
		return path->unwritable;
	if (path->axes & AXIS_SHARE && p->share)
		return "the CPU uses all bytes, not those of a share of the pages: --share 0";
	if (path_pairs(path, p) > 1)
		return "operations in flight at once have buffers of their own each: --queue 1";
	return NULL;
}

static const char *unfreshable(const struct copy_path *path, const struct case_params *p)
{
	if (path->class != CLASS_COPY)
		return "only a copy's destination is given fresh pages";
	if (path->pinned_beforehand)
		return "its pages are pinned beforehand";
	if (path->unfresh)
		return path->unfresh;
	if (path_pairs(path, p) > 1)
		return "operations in flight at once have buffers of their own each: --queue 1";
	if (!region_whole_pages(p->size, p->offset, p->pages))
		return "no whole page lies in the destination";
	return NULL;
}

/* Why it can't copy both ways at once; NULL: it can. */
static const char *one_way(const struct copy_path *path, const struct case_params *p)
{
	if (!path->both_ways)
		return "the path has no threads of its own, half of which could copy the other way";
	if (p->threads % 2)
		return "half of the threads copy each way: an even number of them";
	if (p->queue > 1)
		return "with operations in flight each thread copies its own: --queue 1";
	if (p->use != USE_NONE)
		return "what the CPU has to do is that of one direction: --use none";
	if (p->touch != TOUCH_PREFAULT)
		return "pages are given back for one direction: --touch prefault";
	if (p->size < 2)
		return "a byte each way is the least";
	return NULL;
}

int path_takes(const struct copy_path *path, const struct case_params *p, char *why, size_t len)
{
	const char *use = p->use == USE_NONE ? NULL : unusable(path, p);
	const char *touch = p->touch == TOUCH_PREFAULT ? NULL : unfreshable(path, p);
	const char *direction = path_goes_both_ways(p) ? one_way(path, p) : NULL;
	bool crowded = p->load && path->axes & AXIS_THREADS;

	if (direction)
		snprintf(why, len, "--direction %s: %s", direction_names[p->direction], direction);
	else if (use)
		snprintf(why, len, "--use %s: %s", use_names[p->use], use);
	else if (touch)
		snprintf(why, len, "--touch %s: %s", touch_names[p->touch], touch);
	else if (crowded)
		snprintf(why, len,
			 "--load: the path has threads on the CPUs that others would work on");
	return direction || use || touch || crowded ? -EINVAL : 0;
}

const struct copy_path *path_find(const char *name)
{
	for (size_t i = 0; i < all_paths_count; i++)
		if (!strcmp(all_paths[i]->name, name))
			return all_paths[i];
	return NULL;
}
