// SPDX-License-Identifier: GPL-2.0-only
/*
 * No copy at all: the bytes of a memfd are mapped once more. One operation maps a second view
 * in place of the one before, reads a byte of each of its pages, so that all are there, and
 * writes to a share of them. (MAP_POPULATE instead takes longer.) Afterwards there is one set
 * of bytes still, which both sides see and both can change.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine/ulimits.h"
#include "memory/placement.h"
#include "dirty_share.h"
#include "path.h"

#ifndef MFD_HUGE_SHIFT
#define MFD_HUGE_SHIFT 26
#endif
/* The C library may be older than the kernel. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

struct shared {
	int fd;
	size_t page, step; /* bytes of a page, and of one of the case's kind */
	size_t size;	   /* in whole pages of that kind */
	uint8_t *map;	   /* room for both views */
	size_t map_size;
	uint8_t *origin, *view;
	bool viewed; /* since the last push */
};

static bool in_pool(const struct case_params *p)
{
	return p->pages == PAGES_2M || p->pages == PAGES_1G;
}

static size_t whole_pages(const struct case_params *p)
{
	size_t page = page_bytes(p->pages);

	return (p->size + page - 1) / page * page;
}

static int shared_probe(const struct case_params *p, char *why, size_t len)
{
	if (p->src_node == p->dst_node)
		return 0;
	snprintf(why, len, "the pages are on one node, whoever maps them");
	return -EINVAL;
}

static void shared_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = in_pool(p) ? 0 : whole_pages(p);
	bytes[1] = 0;
}

static int make_file(struct shared *s, const struct case_params *p, char *why, size_t len)
{
	unsigned int flags = MFD_CLOEXEC;

	if (in_pool(p))
		flags |= MFD_HUGETLB | ((p->pages == PAGES_2M ? 21u : 30u) << MFD_HUGE_SHIFT);
	s->fd = memfd_create("dmabench", flags);
	if (s->fd >= 0 && !ftruncate(s->fd, (off_t)s->size))
		return 0;
	if (in_pool(p) && errno != EPERM) {
		pages_explain_pool(p->pages, s->size, p->src_node, why, len);
		return -ENODATA;
	}
	snprintf(why, len, "memfd_create: %s%s", strerror(errno), limits_hint(-errno));
	return -errno;
}

/* Room for both, at a boundary where huge pages can be mapped as such. */
static int make_room(struct shared *s, size_t align)
{
	s->map_size = 2 * s->size + align;
	s->map = mmap(NULL, s->map_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->map == MAP_FAILED) {
		s->map = NULL;
		return -errno;
	}
	s->origin = s->map + (-(uintptr_t)s->map % align);
	s->view = s->origin + s->size;
	return 0;
}

static int map_at(const struct shared *s, uint8_t *at)
{
	return mmap(at, s->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, s->fd, 0) ==
			       MAP_FAILED
		       ? -errno
		       : 0;
}

/* Where a pool has none left on the node, touching would be a SIGBUS. */
static int fill_from_pool(struct shared *s, struct copy_ctx *ctx)
{
	const struct case_params *p = &ctx->params;
	int err = placement_bind(s->origin, s->size, p->src_node), ret = 0;

	if (madvise(s->origin, s->size, MADV_POPULATE_WRITE))
		ret = errno;
	if (ret == EINVAL &&
	    pages_free_in_pool(p->pages, p->src_node) >= s->size / page_bytes(p->pages))
		ret = 0;
	if (ret) {
		pages_explain_pool(p->pages, s->size, p->src_node, ctx->reason,
				   sizeof(ctx->reason));
		return -ENODATA;
	}
	return placement_prove(s->origin, s->size, p->src_node, err, ctx->reason,
			       sizeof(ctx->reason));
}

static int fill(struct shared *s, struct copy_ctx *ctx)
{
	const struct case_params *p = &ctx->params;
	int ret;

	if (in_pool(p))
		return fill_from_pool(s, ctx);
	madvise(s->origin, s->size, p->pages == PAGES_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	ret = placement_put(s->origin, s->size, p->src_node, ctx->reason, sizeof(ctx->reason));
	if (ret || p->pages != PAGES_THP)
		return ret;
	/* Whatever shmem_enabled says, and faults were given. */
	madvise(s->origin, s->size, MADV_COLLAPSE);
	ret = pages_check_thp(s->origin, p->size, ctx->reason, sizeof(ctx->reason));
	if (ret)
		strncat(ctx->reason, " of a memfd", sizeof(ctx->reason) - strlen(ctx->reason) - 1);
	return ret;
}

static int shared_setup(struct copy_ctx *ctx)
{
	const struct case_params *p = &ctx->params;
	struct shared *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	ctx->priv = s;
	s->page = (size_t)sysconf(_SC_PAGESIZE);
	s->step = page_bytes(p->pages);
	s->size = whole_pages(p);
	ret = make_file(s, p, ctx->reason, sizeof(ctx->reason));
	if (!ret)
		ret = make_room(s, page_bytes(p->pages));
	if (!ret)
		ret = map_at(s, s->origin);
	if (ret == -ENOMEM && in_pool(p)) {
		pages_explain_pool(p->pages, s->size, p->src_node, ctx->reason,
				   sizeof(ctx->reason));
		return -ENODATA;
	}
	ctx->placed_src = ctx->used_src = s->origin;
	ctx->placed_dst = ctx->used_dst = s->view;
	return ret ? ret : fill(s, ctx);
}

static int shared_submit(struct copy_ctx *ctx)
{
	struct shared *s = ctx->priv;
	int ret = map_at(s, s->view);

	if (ret)
		return ret;
	for (size_t at = 0; at < ctx->params.size; at += s->step)
		(void)*(volatile uint8_t *)(s->view + at);
	s->viewed = true;
	dirty_share(s->view, ctx->params.size, s->page, ctx->params.share);
	return 0;
}

/* Without a view: what an operation before had mapped must not pass for the next one's. */
static int shared_push(struct copy_ctx *ctx)
{
	struct shared *s = ctx->priv;

	memcpy(s->origin, ctx->src, ctx->params.size);
	s->viewed = false;
	return mmap(s->view, s->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
			       MAP_FAILED
		       ? -errno
		       : 0;
}

/* Is a byte that is written on either side seen on the other? It is as it was afterwards. */
static bool both_ways(volatile uint8_t *a, volatile uint8_t *b)
{
	uint8_t was = *a, other = was ^ 0xff;
	bool seen;

	*a = other;
	seen = *b == other;
	*b = was;
	return seen && *a == was;
}

static int shared_pull(struct copy_ctx *ctx)
{
	struct shared *s = ctx->priv;
	size_t size = ctx->params.size;

	if (!s->viewed) {
		snprintf(ctx->reason, sizeof(ctx->reason), "there is no second view");
		return -ENOENT;
	}
	for (size_t at = 0; at < size; at += s->page)
		if (!both_ways(s->origin + at, s->view + at)) {
			snprintf(ctx->reason, sizeof(ctx->reason),
				 "what is written at byte %zu on one side isn't seen on the other",
				 at);
			return -EXDEV;
		}
	memcpy(ctx->dst, s->view, size);
	memcpy(ctx->src, s->origin, size);
	if (ctx->ops % 2) {
		dirty_share(ctx->dst, size, s->page, ctx->params.share);
		dirty_share(ctx->src, size, s->page, ctx->params.share);
	}
	return 0;
}

static void shared_teardown(struct copy_ctx *ctx)
{
	struct shared *s = ctx->priv;

	if (!s)
		return;
	if (s->map)
		munmap(s->map, s->map_size);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

const struct copy_path path_shared = {
	.name = "shared",
	.what = "view: a memfd mapped once more, a share of its pages written",
	.class = CLASS_VIEW,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_SHARE,
	.probe = shared_probe,
	.own = shared_own,
	.setup = shared_setup,
	.submit = shared_submit,
	.push = shared_push,
	.pull = shared_pull,
	.teardown = shared_teardown,
};
