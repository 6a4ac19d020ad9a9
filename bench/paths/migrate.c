// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages moved to another node by move_pages, under the same address: the kernel copies them,
 * and whoever has them mapped doesn't notice. One operation moves them from the source's node
 * to the destination's, the next one back.
 */
#include <errno.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/nodes.h"
#include "memory/region.h"
#include "path.h"

struct migration {
	struct region region;
	unsigned long pages; /* of the case's kind */
	void **at;
	int *node, *status;
	int home, away; /* nodes */
	int now;	/* the one they were moved to last */
};

static int migrate_probe(const struct case_params *p, char *why, size_t len)
{
	if (p->src_node == p->dst_node && node_only() >= 0)
		snprintf(why, len, "needs two NUMA nodes with memory, here is one");
	else if (p->src_node == p->dst_node)
		snprintf(why, len,
			 "moves pages from the source's node to another: name one with "
			 "--dst-node");
	else if (p->size % page_bytes(p->pages))
		snprintf(why, len, "moves whole pages: the size must be a multiple of %zu",
			 page_bytes(p->pages));
	else
		return 0;
	return -EINVAL;
}

/* Room on either node. */
static void migrate_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = bytes[1] = p->size;
}

/* By huge page, so each must be one: parts of one that is none would stay where they are. */
static int check_whole(const struct region *r, char *why, size_t len)
{
	struct pages_obtained found;

	if (!pages_look(r->data, r->size, &found) && found.thp >= r->size)
		return 0;
	snprintf(why, len, "transparent huge pages: the kernel didn't give all %zu bytes as such",
		 r->size);
	return -ENODATA;
}

/* All of them, or it is no operation: kernels before 4.17 tell of those that stayed by status only. */
static int move_to(struct copy_ctx *ctx, int node)
{
	struct migration *m = ctx->priv;
	unsigned long stayed = 0;
	int last = 0;

	for (unsigned long i = 0; i < m->pages; i++)
		m->node[i] = node;
	if (move_pages(0, m->pages, m->at, m->node, m->status, MPOL_MF_MOVE) < 0) {
		last = errno;
		snprintf(ctx->reason, sizeof(ctx->reason), "move_pages: %s", strerror(last));
		return -last;
	}
	for (unsigned long i = 0; i < m->pages; i++)
		if (m->status[i] != node) {
			stayed++;
			last = m->status[i] < 0 ? -m->status[i] : EXDEV;
		}
	m->now = node;
	if (!stayed)
		return 0;
	snprintf(ctx->reason, sizeof(ctx->reason), "move_pages: %lu of %lu pages stayed: %s",
		 stayed, m->pages, strerror(last));
	return -last;
}

static int migrate_setup(struct copy_ctx *ctx)
{
	const struct case_params *p = &ctx->params;
	struct migration *m = calloc(1, sizeof(*m));
	size_t page = page_bytes(p->pages);
	int ret;

	if (!m)
		return -ENOMEM;
	ctx->priv = m;
	m->home = m->now = p->src_node;
	m->away = p->dst_node;
	m->pages = p->size / page;
	m->at = calloc(m->pages, sizeof(*m->at));
	m->node = calloc(m->pages, sizeof(*m->node));
	m->status = calloc(m->pages, sizeof(*m->status));
	if (!m->at || !m->node || !m->status)
		return -ENOMEM;
	/* Its first byte at the beginning of a page, where a pool's would be behind the guard. */
	ret = region_create(
		&m->region, p->size,
		p->pages == PAGES_2M || p->pages == PAGES_1G ? (uint32_t)(page - GUARD_BYTES) : 0,
		p->pages, m->home, ctx->reason, sizeof(ctx->reason));
	if (!ret && p->pages == PAGES_THP)
		ret = check_whole(&m->region, ctx->reason, sizeof(ctx->reason));
	for (unsigned long i = 0; i < m->pages && !ret; i++)
		m->at[i] = m->region.data + i * page;
	ctx->placed_src = ctx->used_src = m->region.data;
	ctx->used_dst = m->region.data;
	ctx->placed_dst = NULL;
	/* There and back: a filter of system calls, a cpuset or an empty pool may refuse it. */
	if (!ret)
		ret = move_to(ctx, m->away);
	return ret ? ret : move_to(ctx, m->home);
}

static int migrate_submit(struct copy_ctx *ctx)
{
	const struct migration *m = ctx->priv;

	return move_to(ctx, m->now == m->home ? m->away : m->home);
}

static int migrate_push(struct copy_ctx *ctx)
{
	const struct migration *m = ctx->priv;

	memcpy(m->region.data, ctx->src, ctx->params.size);
	return 0;
}

/* By the number of operations alone they must be on one node or the other, and are brought home. */
static int migrate_pull(struct copy_ctx *ctx)
{
	const struct migration *m = ctx->priv;
	int node = ctx->ops % 2 ? m->away : m->home, ret;
	struct placement where;
	size_t wrong = 0;

	ret = placement_look(m->region.data, ctx->params.size, &where, ctx->reason,
			     sizeof(ctx->reason));
	if (ret)
		return ret;
	for (int i = 0; i < MAX_NODES; i++)
		wrong += i == node ? 0 : where.pages[i];
	wrong += where.elsewhere;
	if (wrong) {
		snprintf(ctx->reason, sizeof(ctx->reason), "%zu pages aren't on node %d", wrong,
			 node);
		return -EXDEV;
	}
	memcpy(ctx->dst, m->region.data, ctx->params.size);
	return node == m->home ? 0 : move_to(ctx, m->home);
}

static void migrate_teardown(struct copy_ctx *ctx)
{
	struct migration *m = ctx->priv;

	if (!m)
		return;
	region_destroy(&m->region);
	free(m->at);
	free(m->node);
	free(m->status);
	free(m);
}

const struct copy_path path_migrate = {
	.name = "migrate",
	.what = "move: move_pages to another node, under the same address",
	.class = CLASS_MOVE,
	.axes = AXIS_NODES | AXIS_PAGES,
	.probe = migrate_probe,
	.own = migrate_own,
	.setup = migrate_setup,
	.submit = migrate_submit,
	.push = migrate_push,
	.pull = migrate_pull,
	.teardown = migrate_teardown,
};
