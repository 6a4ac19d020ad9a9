// SPDX-License-Identifier: GPL-2.0-only
/*
 * A move: the kernel hands the pages to another address; the source is gone. One
 * operation moves them from one place to the other and writes to a share of them;
 * the next one moves them back. Both places start at a 2 MiB boundary, so that whole
 * page tables can change hands, and stay reserved (MREMAP_DONTUNMAP), so that no
 * other mapping can slip into the place to be moved to.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory/placement.h"
#include "dirty_share.h"
#include "path.h"

#define PLACE_ALIGN (2ul << 20)

struct mover {
	uint8_t *map; /* one reservation with both places in it */
	size_t map_size;
	uint8_t *place[2]; /* the pages are at place[at] */
	unsigned int at;
	size_t page;
};

static int mremap_probe(const struct case_params *p, char *why, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (p->src_node != p->dst_node) {
		snprintf(why, len, "moved pages stay on their node");
		return -EINVAL;
	}
	if (p->size % page == 0)
		return 0;
	snprintf(why, len, "moves whole pages: the size must be a multiple of %zu", page);
	return -EINVAL;
}

/* One set of pages, which moves. */
static void mremap_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = p->size;
	bytes[1] = 0;
}

/* Kernels before 5.7 and filters of system calls refuse what this path does. */
static int try_moving(char *why, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret = 0;

	if (two == MAP_FAILED)
		return -errno;
	if (mremap(two, page, page, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, two + page) ==
	    MAP_FAILED) {
		ret = -errno;
		snprintf(why, len, "mremap: %s", strerror(errno));
	}
	munmap(two, 2 * page);
	return ret;
}

static int mremap_setup(struct copy_ctx *ctx)
{
	size_t size = ctx->params.size;
	size_t stride = (size + PLACE_ALIGN - 1) / PLACE_ALIGN * PLACE_ALIGN;
	struct mover *m;
	int ret = try_moving(ctx->reason, sizeof(ctx->reason));

	if (ret)
		return ret;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	ctx->priv = m;
	m->page = (size_t)sysconf(_SC_PAGESIZE);
	m->map_size = 2 * stride + PLACE_ALIGN;
	m->map = mmap(NULL, m->map_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->map == MAP_FAILED) {
		m->map = NULL;
		return -errno;
	}
	m->place[0] = m->map + (-(uintptr_t)m->map % PLACE_ALIGN);
	m->place[1] = m->place[0] + stride;
	if (mprotect(m->place[0], size, PROT_READ | PROT_WRITE))
		return -errno;
	madvise(m->place[0], size, MADV_NOHUGEPAGE);
	ctx->placed_dst = NULL;
	return placement_put(m->place[0], size, ctx->params.src_node, ctx->reason,
			     sizeof(ctx->reason));
}

static int mremap_submit(struct copy_ctx *ctx)
{
	struct mover *m = ctx->priv;
	size_t size = ctx->params.size;

	if (mremap(m->place[m->at], size, size, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
		   m->place[!m->at]) == MAP_FAILED)
		return -errno;
	m->at = !m->at;
	dirty_share(m->place[m->at], size, m->page, ctx->params.share);
	return 0;
}

static int mremap_push(struct copy_ctx *ctx)
{
	struct mover *m = ctx->priv;

	memcpy(m->place[m->at], ctx->src, ctx->params.size);
	return 0;
}

static int mremap_pull(struct copy_ctx *ctx)
{
	struct mover *m = ctx->priv;

	ctx->placed_src = m->place[m->at];
	memcpy(ctx->dst, m->place[m->at], ctx->params.size);
	if (ctx->ops % 2)
		dirty_share(ctx->dst, ctx->params.size, m->page, ctx->params.share);
	return 0;
}

static void mremap_teardown(struct copy_ctx *ctx)
{
	struct mover *m = ctx->priv;

	if (!m)
		return;
	if (m->map)
		munmap(m->map, m->map_size);
	free(m);
}

const struct copy_path path_mremap = {
	.name = "mremap",
	.what = "move: mremap to another address, a share of the pages written",
	.class = CLASS_MOVE,
	.axes = AXIS_NODES | AXIS_SHARE,
	.probe = mremap_probe,
	.own = mremap_own,
	.setup = mremap_setup,
	.submit = mremap_submit,
	.push = mremap_push,
	.pull = mremap_pull,
	.teardown = mremap_teardown,
};
