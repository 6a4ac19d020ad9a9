// SPDX-License-Identifier: GPL-2.0-only
/*
 * A snapshot by a private mapping of a memfd. One operation drops the snapshot
 * before, maps a new one, and writes to a share of its pages; each such page is
 * copied by the kernel at that moment. Pages only read later fault in then, which
 * isn't in the time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine/nodes.h"
#include "machine/ulimits.h"
#include "memory/placement.h"
#include "dirty_share.h"
#include "path.h"

struct cow_private {
	int fd;
	size_t page, size; /* size in whole pages */
	uint8_t *view;	   /* the latest snapshot */
	uint8_t *origin;   /* the memfd itself, shared, to place and fill it */
};

static int cow_probe(const struct case_params *p, char *why, size_t len)
{
	if (p->dst_node == node_memory_near(p->cpu_node))
		return 0;
	snprintf(why, len, "the kernel copies written pages to the node of the CPU that writes");
	return -EINVAL;
}

/* The file, and a copy of each page that is written to. */
static void cow_own(const struct case_params *p, uint64_t bytes[2])
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	bytes[0] = p->size;
	bytes[1] = dirty_pages(p->size, page, p->share) * page;
}

static int cow_setup(struct copy_ctx *ctx)
{
	struct cow_private *cow = calloc(1, sizeof(*cow));

	if (!cow)
		return -ENOMEM;
	ctx->priv = cow;
	cow->page = (size_t)sysconf(_SC_PAGESIZE);
	cow->size = (ctx->params.size + cow->page - 1) / cow->page * cow->page;
	cow->fd = memfd_create("dmabench", MFD_CLOEXEC);
	if (cow->fd < 0) {
		snprintf(ctx->reason, sizeof(ctx->reason), "memfd_create: %s%s", strerror(errno),
			 limits_hint(-errno));
		return -errno;
	}
	if (ftruncate(cow->fd, (off_t)cow->size))
		return -errno;
	cow->origin = mmap(NULL, cow->size, PROT_READ | PROT_WRITE, MAP_SHARED, cow->fd, 0);
	if (cow->origin == MAP_FAILED) {
		cow->origin = NULL;
		return -errno;
	}
	ctx->placed_src = ctx->used_src = cow->origin;
	ctx->placed_dst = NULL;
	return placement_put(cow->origin, cow->size, ctx->params.src_node, ctx->reason,
			     sizeof(ctx->reason));
}

static int cow_submit(struct copy_ctx *ctx)
{
	struct cow_private *cow = ctx->priv;

	if (cow->view)
		munmap(cow->view, cow->size);
	cow->view = mmap(NULL, cow->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, cow->fd, 0);
	if (cow->view == MAP_FAILED) {
		cow->view = NULL;
		return -errno;
	}
	ctx->used_dst = cow->view;
	dirty_share_of(cow->view, cow->origin, ctx->params.size, cow->page, ctx->params.share);
	return 0;
}

static int cow_push(struct copy_ctx *ctx)
{
	struct cow_private *cow = ctx->priv;

	memcpy(cow->origin, ctx->src, ctx->params.size);
	return 0;
}

static int cow_pull(struct copy_ctx *ctx)
{
	struct cow_private *cow = ctx->priv;

	memcpy(ctx->dst, cow->view, ctx->params.size);
	dirty_share(ctx->dst, ctx->params.size, cow->page, ctx->params.share);
	memcpy(ctx->src, cow->origin, ctx->params.size);
	return 0;
}

static void cow_teardown(struct copy_ctx *ctx)
{
	struct cow_private *cow = ctx->priv;

	if (!cow)
		return;
	if (cow->view)
		munmap(cow->view, cow->size);
	if (cow->origin)
		munmap(cow->origin, cow->size);
	if (cow->fd >= 0)
		close(cow->fd);
	free(cow);
}

const struct copy_path path_cow_private = {
	.name = "cow-private",
	.what = "snapshot: private mapping of a memfd, a share of its pages written",
	.class = CLASS_SNAPSHOT,
	.axes = AXIS_NODES | AXIS_SHARE,
	.probe = cow_probe,
	.own = cow_own,
	.setup = cow_setup,
	.submit = cow_submit,
	.push = cow_push,
	.pull = cow_pull,
	.teardown = cow_teardown,
};
