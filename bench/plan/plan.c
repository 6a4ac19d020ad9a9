// SPDX-License-Identifier: GPL-2.0-only
#include "plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/nodes.h"
#include "paths/dsa/dsa_path.h"
#include "statistics/rng.h"

static void fallback(struct numbers *list, uint64_t value)
{
	if (!list->n)
		list->v[list->n++] = value;
}

void axes_defaults(struct axes *axes)
{
	static const uint64_t sizes[] = { 4ull << 10, 64ull << 10, 1ull << 20, 16ull << 20 };
	uint64_t node = (uint64_t)node_here(), memory = (uint64_t)node_memory_near((int)node);

	if (!axes->npaths)
		for (size_t i = 0; i < all_paths_count; i++)
			axes->paths[axes->npaths++] = all_paths[i];
	if (!axes->size.n) {
		memcpy(axes->size.v, sizes, sizeof(sizes));
		axes->size.n = sizeof(sizes) / sizeof(sizes[0]);
	}
	fallback(&axes->cpu_node, node);
	fallback(&axes->src_node, memory);
	fallback(&axes->dst_node, memory);
	fallback(&axes->pages, PAGES_4K);
	fallback(&axes->cache, CACHE_HOT);
	fallback(&axes->offset, 0);
	fallback(&axes->threads, 0);
	fallback(&axes->channels, 0);
	fallback(&axes->batch, 0);
	fallback(&axes->queue, 0);
	fallback(&axes->share, 0);
	fallback(&axes->vector, 0);
	fallback(&axes->prefetch, 0);
	fallback(&axes->chunk, 0);
	fallback(&axes->depth, 0);
	fallback(&axes->wait, WAIT_INTERRUPT);
	fallback(&axes->dsa_submit, DSA_SUBMIT_ANY);
	fallback(&axes->dsa_wait, DSA_WAIT_PAUSE);
	fallback(&axes->dsa_fault, DSA_FAULT_RESUME);
	fallback(&axes->cc, CC_MEMORY);
	fallback(&axes->use, USE_NONE);
	fallback(&axes->touch, TOUCH_PREFAULT);
	fallback(&axes->direction, DIRECTION_ONE);
	fallback(&axes->load, 0);
	if (!axes->dsa_queue.n)
		axes->dsa_queue.n =
			dsa_path_labels(axes->numa_matrix, axes->dsa_queue.v, MAX_VALUES);
}

/* The axes as digits of a number with mixed bases: counting it visits every combination. */
enum {
	D_SIZE,
	D_CPU,
	D_SRC,
	D_DST,
	D_PAGES,
	D_CACHE,
	D_OFFSET,
	D_THREADS,
	D_CHANNELS,
	D_BATCH,
	D_QUEUE,
	D_SHARE,
	D_VECTOR,
	D_PREFETCH,
	D_CHUNK,
	D_DEPTH,
	D_WAIT,
	D_ENGINE,
	D_DSA_QUEUE,
	D_DSA_SUBMIT,
	D_DSA_WAIT,
	D_DSA_FAULT,
	D_CC,
	D_USE,
	D_TOUCH,
	D_DIRECTION,
	D_LOAD,
	DIGITS
};

static void bases(const struct axes *a, const struct copy_path *path, size_t *base)
{
	unsigned int axes = path->axes;
	bool engine = axes & AXIS_ENGINE, dsa = axes & AXIS_DSA;
	bool pieces = engine || axes & AXIS_PIECES;

	base[D_SIZE] = a->size.n;
	base[D_CPU] = axes & (AXIS_NODES | AXIS_CPU_NODE) ? a->cpu_node.n : 1;
	base[D_SRC] = axes & AXIS_NODES ? a->src_node.n : 1;
	base[D_DST] = axes & AXIS_NODES ? a->dst_node.n : 1;
	base[D_PAGES] = axes & AXIS_PAGES ? a->pages.n : 1;
	base[D_CACHE] = axes & AXIS_CACHE ? a->cache.n : 1;
	base[D_OFFSET] = axes & AXIS_OFFSET ? a->offset.n : 1;
	base[D_THREADS] = axes & AXIS_THREADS ? a->threads.n : 1;
	base[D_CHANNELS] = axes & AXIS_CHANNELS ? a->channels.n : 1;
	base[D_BATCH] = axes & AXIS_BATCH ? a->batch.n : 1;
	base[D_QUEUE] = axes & AXIS_QUEUE ? a->queue.n : 1;
	base[D_SHARE] = axes & AXIS_SHARE ? a->share.n : 1;
	base[D_VECTOR] = axes & AXIS_VECTOR ? a->vector.n : 1;
	base[D_PREFETCH] = axes & AXIS_PREFETCH ? a->prefetch.n : 1;
	base[D_CHUNK] = pieces ? a->chunk.n : 1;
	base[D_DEPTH] = pieces ? a->depth.n : 1;
	base[D_WAIT] = engine ? a->wait.n : 1;
	base[D_ENGINE] = axes & (AXIS_ENGINE | AXIS_ENGINE_NAME) ? a->engine[path->engines].n : 1;
	base[D_DSA_QUEUE] = dsa ? a->dsa_queue.n : 1;
	base[D_DSA_SUBMIT] = dsa ? a->dsa_submit.n : 1;
	base[D_DSA_WAIT] = dsa ? a->dsa_wait.n : 1;
	base[D_DSA_FAULT] = dsa ? a->dsa_fault.n : 1;
	base[D_CC] = dsa ? a->cc.n : 1;
	base[D_USE] = a->use.n;
	base[D_TOUCH] = a->touch.n;
	base[D_DIRECTION] = a->direction.n;
	base[D_LOAD] = a->load.n;
}

static void choose_dsa(const struct axes *a, const size_t *digit, struct case_params *p)
{
	memcpy(p->dsa_queue, a->dsa_queue.v[digit[D_DSA_QUEUE]], sizeof(p->dsa_queue));
	p->dsa_submit = (enum dsa_submit)a->dsa_submit.v[digit[D_DSA_SUBMIT]];
	p->dsa_wait = (enum dsa_wait)a->dsa_wait.v[digit[D_DSA_WAIT]];
	p->dsa_fault = (enum dsa_fault)a->dsa_fault.v[digit[D_DSA_FAULT]];
	p->cc = (enum cache_control)a->cc.v[digit[D_CC]];
}

static void choose(const struct axes *a, const struct copy_path *path, const size_t *digit,
		   struct case_params *p)
{
	unsigned int axes = path->axes;

	memset(p, 0, sizeof(*p));
	p->size = a->size.v[digit[D_SIZE]];
	p->cpu_node = (int)a->cpu_node.v[digit[D_CPU]];
	p->src_node = (int)a->src_node.v[digit[D_SRC]];
	p->dst_node = (int)a->dst_node.v[digit[D_DST]];
	if (axes & AXIS_PAGES)
		p->pages = (enum page_kind)a->pages.v[digit[D_PAGES]];
	if (axes & AXIS_CACHE)
		p->cache = (enum cache_state)a->cache.v[digit[D_CACHE]];
	if (axes & AXIS_OFFSET)
		p->offset = (uint32_t)a->offset.v[digit[D_OFFSET]];
	if (axes & AXIS_THREADS)
		p->threads = (uint32_t)a->threads.v[digit[D_THREADS]];
	if (axes & AXIS_CHANNELS)
		p->channels = (uint32_t)a->channels.v[digit[D_CHANNELS]];
	if (axes & AXIS_BATCH)
		p->batch = (uint32_t)a->batch.v[digit[D_BATCH]];
	if (axes & AXIS_QUEUE)
		p->queue = (uint32_t)a->queue.v[digit[D_QUEUE]];
	if (axes & AXIS_SHARE)
		p->share = (uint32_t)a->share.v[digit[D_SHARE]];
	if (axes & AXIS_VECTOR)
		p->vector = (uint32_t)a->vector.v[digit[D_VECTOR]];
	if (axes & AXIS_PREFETCH)
		p->prefetch = (uint32_t)a->prefetch.v[digit[D_PREFETCH]];
	if (axes & (AXIS_ENGINE | AXIS_ENGINE_NAME))
		memcpy(p->engine, a->engine[path->engines].v[digit[D_ENGINE]], sizeof(p->engine));
	if (axes & AXIS_DSA)
		choose_dsa(a, digit, p);
	if (axes & (AXIS_ENGINE | AXIS_PIECES)) {
		p->chunk = a->chunk.v[digit[D_CHUNK]];
		p->depth = (uint32_t)a->depth.v[digit[D_DEPTH]];
	}
	if (axes & AXIS_ENGINE)
		p->wait = (enum wait_mode)a->wait.v[digit[D_WAIT]];
	/* Of each path: one that can't have them says so, and isn't measured without instead. */
	p->use = (enum use_kind)a->use.v[digit[D_USE]];
	p->touch = (enum touch_kind)a->touch.v[digit[D_TOUCH]];
	p->direction = (enum direction_kind)a->direction.v[digit[D_DIRECTION]];
	p->load = (uint32_t)a->load.v[digit[D_LOAD]];
}

/* The next combination; false after the last. */
static bool advance(size_t *digit, const size_t *base)
{
	for (int i = DIGITS - 1; i >= 0; i--) {
		if (++digit[i] < base[i])
			return true;
		digit[i] = 0;
	}
	return false;
}

/* FNV-1a: making thousands of ids again to compare each with each would take minutes. */
static uint64_t hash_of(const char *id)
{
	uint64_t hash = 0xcbf29ce484222325u;

	while (*id)
		hash = (hash ^ (uint8_t)*id++) * 0x100000001b3u;
	return hash;
}

static int append(struct plan *plan, const struct bench_case *c, size_t shared, char *twice,
		  size_t len)
{
	struct bench_case *grown;
	uint64_t hash, *hashes;
	char id[512];

	case_id(c, twice, len);
	hash = hash_of(twice);
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->hashes[i] != hash)
			continue;
		case_id(&plan->cases[i], id, sizeof(id));
		if (!strcmp(id, twice))
			return i < shared ? 0 : -EEXIST;
	}
	grown = realloc(plan->cases, (plan->n + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	plan->cases = grown;
	hashes = realloc(plan->hashes, (plan->n + 1) * sizeof(*hashes));
	if (!hashes)
		return -ENOMEM;
	plan->hashes = hashes;
	hashes[plan->n] = hash;
	grown[plan->n++] = *c;
	return 0;
}

int plan_add(struct plan *plan, const struct axes *axes, char *twice, size_t len)
{
	size_t shared = axes->numa_matrix ? plan->n : 0;

	for (size_t i = 0; i < axes->npaths; i++) {
		const struct copy_path *path = axes->paths[i];
		size_t digit[DIGITS] = { 0 }, base[DIGITS];
		struct bench_case c = { .path = path };

		bases(axes, path, base);
		do {
			int ret;

			choose(axes, path, digit, &c.params);
			ret = append(plan, &c, shared, twice, len);
			if (ret)
				return ret;
		} while (advance(digit, base));
	}
	return 0;
}

/* "ID" and "ID@ENV" are both that case. */
static bool is_id(const char *wanted, const char *id, const char *env)
{
	size_t len = strlen(id);

	return !strncmp(wanted, id, len) &&
	       (!wanted[len] || (wanted[len] == '@' && !strcmp(wanted + len + 1, env)));
}

const char *plan_keep(struct plan *plan, const char *const *ids, size_t n, const char *env)
{
	bool *keep = calloc(plan->n + 1, sizeof(*keep));
	size_t kept = 0;
	char id[512];

	if (!keep)
		abort();
	for (size_t k = 0; k < n; k++) {
		bool found = false;

		for (size_t i = 0; i < plan->n; i++) {
			case_id(&plan->cases[i], id, sizeof(id));
			if (is_id(ids[k], id, env))
				found = keep[i] = true;
		}
		if (!found) {
			free(keep);
			return ids[k];
		}
	}
	for (size_t i = 0; i < plan->n && n; i++)
		if (keep[i]) {
			plan->hashes[kept] = plan->hashes[i];
			plan->cases[kept++] = plan->cases[i];
		}
	plan->n = n ? kept : plan->n;
	free(keep);
	return NULL;
}

void plan_free(struct plan *plan)
{
	free(plan->cases);
	free(plan->hashes);
	plan->cases = NULL;
	plan->hashes = NULL;
	plan->n = 0;
}
