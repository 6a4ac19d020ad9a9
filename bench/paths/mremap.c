// SPDX-License-Identifier: GPL-2.0-only
/*
 * A move: the kernel hands the pages to another address; the source is gone. The place
 * they came from stays reserved (MREMAP_DONTUNMAP), so that no other mapping can slip
 * into the place to be moved to.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "path.h"
#include "places.h"

/*
 * Kernels before 5.7 and filters of system calls refuse what this path does. QEMU's user mode takes the
 * place that was moved from for gone.
 */
static int try_moving(char *why, size_t len)
{
	unsigned char seen;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret = 0;

	if (two == MAP_FAILED) {
		snprintf(why, len, "two pages: %s", strerror(errno));
		return -errno;
	}
	if (mremap(two, page, page, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, two + page) ==
	    MAP_FAILED) {
		ret = -errno;
		snprintf(why, len, "mremap: %s", strerror(errno));
	} else if (mincore(two, page, &seen)) {
		ret = -EOPNOTSUPP;
		snprintf(why, len, "what was moved from can't be looked at afterwards: mincore: %s",
			 strerror(errno));
	}
	munmap(two, 2 * page);
	return ret;
}

static int mremap_probe(const struct case_params *p, char *why, size_t len)
{
	int ret = places_probe(p, why, len);

	return ret ? ret : try_moving(why, len);
}

static int mremap_setup(struct copy_ctx *ctx)
{
	ctx->priv = calloc(1, sizeof(struct places));
	return ctx->priv ? places_create(ctx->priv, ctx, false) : -ENOMEM;
}

static int mremap_submit(struct copy_ctx *ctx)
{
	struct places *p = ctx->priv;
	size_t size = ctx->params.size;

	if (mremap(p->place[p->at], size, size, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
		   p->place[!p->at]) == MAP_FAILED)
		return -errno;
	places_moved(p, ctx);
	return 0;
}

static int mremap_push(struct copy_ctx *ctx)
{
	return places_push(ctx->priv, ctx);
}

static int mremap_pull(struct copy_ctx *ctx)
{
	return places_pull(ctx->priv, ctx);
}

static void mremap_teardown(struct copy_ctx *ctx)
{
	if (!ctx->priv)
		return;
	places_destroy(ctx->priv);
	free(ctx->priv);
}

const struct copy_path path_mremap = {
	.name = "mremap",
	.what = "move: mremap to another address, a share of the pages written",
	.class = CLASS_MOVE,
	.axes = AXIS_NODES | AXIS_SHARE,
	.probe = mremap_probe,
	.own = places_own,
	.setup = mremap_setup,
	.submit = mremap_submit,
	.push = mremap_push,
	.pull = mremap_pull,
	.teardown = mremap_teardown,
};
