// SPDX-License-Identifier: GPL-2.0-only
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "paths/driver.h"
#include "paths/driver_path.h"

/* What a call needs to be there before it: an open device, an engine, a buffer. */
struct calls {
	int fd;
	__u32 engine;
	struct dmabench_engine_open open; /* a request for the same engine */
	struct dmabench_buffer buffer;
};

static int say(struct copy_ctx *ctx, const char *what)
{
	int err = errno;

	snprintf(ctx->reason, sizeof(ctx->reason), "%s: %s", what, strerror(err));
	return -err;
}

/* Nothing is moved by most: what the runner checks is copied outside the window. */
static int pull(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, ctx->params.size);
	return 0;
}

static int open_device(struct copy_ctx *ctx)
{
	struct calls *c = calloc(1, sizeof(*c));
	struct dmabench_engine_info engine;
	int ret;

	if (!c)
		return -ENOMEM;
	ctx->priv = c;
	c->fd = driver_open(ctx->reason, sizeof(ctx->reason));
	if (c->fd < 0)
		return c->fd;
	ret = driver_find(c->fd, &ctx->params, &engine, ctx->reason, sizeof(ctx->reason));
	if (!ret)
		memcpy(c->open.name, engine.name, sizeof(engine.name));
	return ret;
}

static int open_engine(struct copy_ctx *ctx)
{
	struct dmabench_engine_open request;
	struct calls *c;
	int ret = open_device(ctx);

	if (ret)
		return ret;
	c = ctx->priv;
	request = c->open;
	if (ioctl(c->fd, DMABENCH_IOC_ENGINE_OPEN, &request))
		return say(ctx, "ENGINE_OPEN");
	c->engine = request.engine;
	return 0;
}

static void close_device(struct copy_ctx *ctx)
{
	struct calls *c = ctx->priv;

	if (c && c->fd >= 0)
		close(c->fd); /* and all that was made through it */
	free(c);
}

static struct dmabench_buffer describe(const struct copy_ctx *ctx, __u32 kind)
{
	const struct calls *c = ctx->priv;
	struct dmabench_buffer b = { .engine = c->engine,
				     .kind = kind,
				     .flags = DMABENCH_BUF_DEST,
				     .node = -1,
				     .size = ctx->params.size };

	if (kind == DMABENCH_BUF_REGISTERED)
		b.addr = (__u64)(uintptr_t)ctx->dst;
	return b;
}

static int with_buffer(struct copy_ctx *ctx, __u32 kind)
{
	struct calls *c;
	int ret = open_engine(ctx);

	if (ret)
		return ret;
	c = ctx->priv;
	c->buffer = describe(ctx, kind);
	if (ioctl(c->fd, DMABENCH_IOC_BUFFER_CREATE, &c->buffer))
		return say(ctx, "BUFFER_CREATE");
	return 0;
}

static int setup_coherent(struct copy_ctx *ctx)
{
	return with_buffer(ctx, DMABENCH_BUF_COHERENT);
}

static int setup_kernel(struct copy_ctx *ctx)
{
	return with_buffer(ctx, DMABENCH_BUF_KERNEL);
}

static int submit_open(struct copy_ctx *ctx)
{
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 || close(fd) ? say(ctx, "open") : 0;
}

static int submit_info(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	struct dmabench_info info = { 0 };

	return ioctl(c->fd, DMABENCH_IOC_INFO, &info) || !info.engine_count ? say(ctx, "INFO") : 0;
}

static int submit_engine_info(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	struct dmabench_engine_info info = { .index = 0 };

	return ioctl(c->fd, DMABENCH_IOC_ENGINE_INFO, &info) ? say(ctx, "ENGINE_INFO") : 0;
}

/* Only closing the device closes an engine, so opening the device is in it. */
static int submit_engine_open(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	struct dmabench_engine_open request = c->open;
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	int ret = fd < 0 || ioctl(fd, DMABENCH_IOC_ENGINE_OPEN, &request);

	if (ret)
		ret = say(ctx, "ENGINE_OPEN");
	if (fd >= 0)
		close(fd);
	return ret;
}

static int make_and_destroy(struct copy_ctx *ctx, __u32 kind)
{
	const struct calls *c = ctx->priv;
	struct dmabench_buffer b = describe(ctx, kind);
	struct dmabench_destroy destroy = { 0 };

	if (ioctl(c->fd, DMABENCH_IOC_BUFFER_CREATE, &b))
		return say(ctx, "BUFFER_CREATE");
	destroy.handle = b.handle;
	return ioctl(c->fd, DMABENCH_IOC_BUFFER_DESTROY, &destroy) ? say(ctx, "BUFFER_DESTROY") : 0;
}

static int submit_registered(struct copy_ctx *ctx)
{
	return make_and_destroy(ctx, DMABENCH_BUF_REGISTERED);
}

static int submit_coherent(struct copy_ctx *ctx)
{
	return make_and_destroy(ctx, DMABENCH_BUF_COHERENT);
}

static int submit_kernel(struct copy_ctx *ctx)
{
	return make_and_destroy(ctx, DMABENCH_BUF_KERNEL);
}

static int submit_mmap(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	void *map = mmap(NULL, c->buffer.size, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd,
			 (off_t)c->buffer.mmap_offset);

	if (map == MAP_FAILED)
		return say(ctx, "mmap");
	return munmap(map, c->buffer.size) ? say(ctx, "munmap") : 0;
}

static int submit_pread(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	ssize_t n = pread(c->fd, ctx->dst, ctx->params.size, (off_t)c->buffer.mmap_offset);

	return n == (ssize_t)ctx->params.size ? 0 : say(ctx, "pread");
}

static int submit_pwrite(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	ssize_t n = pwrite(c->fd, ctx->src, ctx->params.size, (off_t)c->buffer.mmap_offset);

	return n == (ssize_t)ctx->params.size ? 0 : say(ctx, "pwrite");
}

/* The bytes that pread finds, and those that pwrite left, are really the pattern. */
static int push_kernel(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	ssize_t n = pwrite(c->fd, ctx->src, ctx->params.size, (off_t)c->buffer.mmap_offset);

	return n == (ssize_t)ctx->params.size ? 0 : -EIO;
}

static int pull_kernel(struct copy_ctx *ctx)
{
	return submit_pread(ctx);
}

#define CALL(id, title, text, prepare, call, to, from, more)                         \
	static const struct copy_path call_##id = { .name = "call-" title,           \
						    .what = text,                    \
						    .class = CLASS_CALL,             \
						    .axes = AXIS_ENGINE_NAME | more, \
						    .probe = driver_path_probe,      \
						    .setup = prepare,                \
						    .submit = call,                  \
						    .push = to,                      \
						    .pull = from,                    \
						    .teardown = close_device }

CALL(open, "open", "open and close the device", open_device, submit_open, NULL, pull, 0);
CALL(info, "info", "INFO", open_device, submit_info, NULL, pull, 0);
CALL(engine_info, "engine-info", "ENGINE_INFO of the first engine", open_device, submit_engine_info,
     NULL, pull, 0);
CALL(engine_open, "engine-open", "open the device, ENGINE_OPEN, close", open_device,
     submit_engine_open, NULL, pull, 0);
CALL(registered, "registered", "BUFFER_CREATE and _DESTROY, registered", open_engine,
     submit_registered, NULL, pull, AXIS_PAGES);
CALL(coherent, "coherent", "BUFFER_CREATE and _DESTROY, coherent", open_engine, submit_coherent,
     NULL, pull, 0);
CALL(kernel, "kernel", "BUFFER_CREATE and _DESTROY, kernel", open_engine, submit_kernel, NULL, pull,
     0);
CALL(mmap, "mmap", "mmap and munmap of a coherent buffer", setup_coherent, submit_mmap, NULL, pull,
     0);
CALL(pread, "pread", "pread of a kernel buffer", setup_kernel, submit_pread, push_kernel, NULL, 0);
CALL(pwrite, "pwrite", "pwrite of a kernel buffer", setup_kernel, submit_pwrite, NULL, pull_kernel,
     0);

const struct copy_path *const call_paths[] = {
	&call_open,	&call_info,   &call_engine_info, &call_engine_open, &call_registered,
	&call_coherent, &call_kernel, &call_mmap,	 &call_pread,	    &call_pwrite,
};

const size_t call_paths_count = sizeof(call_paths) / sizeof(call_paths[0]);

const struct copy_path *call_find(const char *name)
{
	for (size_t i = 0; i < call_paths_count; i++)
		if (!strcmp(call_paths[i]->name, name))
			return call_paths[i];
	return NULL;
}
