// SPDX-License-Identifier: GPL-2.0-only
#include "places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory/placement.h"
#include "dirty_share.h"

#define PLACE_ALIGN (2ul << 20)

int places_probe(const struct case_params *p, char *why, size_t len)
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

void places_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = p->size;
	bytes[1] = 0;
}

int places_create(struct places *p, struct copy_ctx *ctx, bool huge)
{
	size_t size = ctx->params.size;
	size_t stride = (size + PLACE_ALIGN - 1) / PLACE_ALIGN * PLACE_ALIGN;
	int ret;

	huge = huge && ctx->params.pages == PAGES_THP;
	p->page = (size_t)sysconf(_SC_PAGESIZE);
	p->seen = malloc(size / p->page);
	if (!p->seen)
		return -ENOMEM;
	p->map_size = 2 * stride + PLACE_ALIGN;
	p->map = mmap(NULL, p->map_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p->map == MAP_FAILED) {
		p->map = NULL;
		return -errno;
	}
	p->place[0] = p->map + (-(uintptr_t)p->map % PLACE_ALIGN);
	p->place[1] = p->place[0] + stride;
	if (mprotect(p->place[0], size, PROT_READ | PROT_WRITE))
		return -errno;
	madvise(p->place[0], size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	ctx->placed_src = p->place[0];
	ctx->placed_dst = NULL;
	ret = placement_put(p->place[0], size, ctx->params.src_node, ctx->reason,
			    sizeof(ctx->reason));
	return ret || !huge ? ret
			    : pages_check_thp(p->place[0], size, ctx->reason, sizeof(ctx->reason));
}

void places_destroy(struct places *p)
{
	if (p->map)
		munmap(p->map, p->map_size);
	free(p->seen);
}

/* What is moved next is what was moved last: the CPU has its bytes there. */
static void show(const struct places *p, struct copy_ctx *ctx)
{
	ctx->used_src = p->place[p->at];
	ctx->used_dst = p->place[p->at];
}

void places_moved(struct places *p, struct copy_ctx *ctx)
{
	p->at = !p->at;
	show(p, ctx);
	dirty_share(p->place[p->at], ctx->params.size, p->page, ctx->params.share);
}

int places_push(struct places *p, struct copy_ctx *ctx)
{
	p->pushed = p->at;
	show(p, ctx);
	memcpy(p->place[p->at], ctx->src, ctx->params.size);
	return 0;
}

int places_look(struct places *p, struct copy_ctx *ctx)
{
	if (!mincore(p->place[0], ctx->params.size, p->seen))
		return 0;
	snprintf(ctx->reason, sizeof(ctx->reason),
		 "what a move leaves can't be looked at: mincore: %s", strerror(errno));
	return -EOPNOTSUPP;
}

/* Has a place no page at all? mincore says so without touching it. */
static int check_gone(const struct places *p, const uint8_t *place, struct copy_ctx *ctx)
{
	size_t pages = ctx->params.size / p->page, left = 0;

	if (mincore((void *)(uintptr_t)place, ctx->params.size, p->seen))
		return -errno;
	for (size_t i = 0; i < pages; i++)
		left += p->seen[i] & 1;
	if (!left)
		return 0;
	snprintf(ctx->reason, sizeof(ctx->reason),
		 "%zu of %zu pages are still where they were to be moved from", left, pages);
	return -EEXIST;
}

int places_pull(struct places *p, struct copy_ctx *ctx)
{
	unsigned int at = (unsigned int)((p->pushed + ctx->ops) % 2);
	int ret = check_gone(p, p->place[!at], ctx);

	if (ret)
		return ret;
	ctx->placed_src = p->place[at];
	memcpy(ctx->dst, p->place[at], ctx->params.size);
	if (ctx->ops % 2)
		dirty_share(ctx->dst, ctx->params.size, p->page, ctx->params.share);
	return 0;
}
