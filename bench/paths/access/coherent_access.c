// SPDX-License-Identifier: GPL-2.0-only
#include "coherent_access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

struct mapping {
	int fd;
	uint8_t *map;
	size_t size;
};

void coherent_access_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = p->size;
	bytes[1] = 0;
}

static int say(struct copy_ctx *ctx, const char *what)
{
	int err = errno;

	snprintf(ctx->reason, sizeof(ctx->reason), "%s: %s", what, strerror(err));
	return -err;
}

static int map_buffer(struct copy_ctx *ctx, struct mapping *m)
{
	struct dmabench_buffer buffer = { .kind = DMABENCH_BUF_COHERENT,
					  .flags = DMABENCH_BUF_SOURCE | DMABENCH_BUF_DEST,
					  .node = -1,
					  .size = ctx->params.size };
	struct dmabench_engine_info engine;
	int ret;

	m->fd = driver_open(ctx->reason, sizeof(ctx->reason));
	if (m->fd < 0)
		return m->fd;
	ret = driver_find(m->fd, &ctx->params, &engine, ctx->reason, sizeof(ctx->reason));
	if (ret)
		return ret;
	if (driver_open_engine(m->fd, engine.name, &buffer.engine))
		return say(ctx, "opening the engine");
	if (ioctl(m->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer))
		return say(ctx, "making a coherent buffer");
	m->size = ctx->params.size;
	m->map = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd,
		      (off_t)buffer.mmap_offset);
	if (m->map != MAP_FAILED)
		return 0;
	m->map = NULL;
	return say(ctx, "mapping a coherent buffer");
}

int coherent_access_setup(struct copy_ctx *ctx)
{
	struct mapping *m;
	struct access *a;
	int ret = access_setup(ctx);

	if (ret)
		return ret;
	a = ctx->priv;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->fd = -1;
	a->own = m;
	ret = map_buffer(ctx, m);
	a->at = m->map;
	/* Nothing tells where such memory lies. */
	ctx->placed_src = NULL;
	return ret;
}

void coherent_access_teardown(struct copy_ctx *ctx)
{
	struct access *a = ctx->priv;
	struct mapping *m = a ? a->own : NULL;

	if (m && m->map)
		munmap(m->map, m->size);
	if (m && m->fd >= 0)
		close(m->fd); /* and all that was made through it */
	free(m);
	access_teardown(ctx);
}
