// SPDX-License-Identifier: GPL-2.0-only
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "call_session.h"
#include "memory_calls.h"

static int setup_coherent(struct copy_ctx *ctx)
{
	return call_with_buffer(ctx, DMABENCH_BUF_COHERENT);
}

static int setup_kernel(struct copy_ctx *ctx)
{
	return call_with_buffer(ctx, DMABENCH_BUF_KERNEL);
}

static int submit_open(struct copy_ctx *ctx)
{
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 || close(fd) ? call_failed(ctx, "open") : 0;
}

static int submit_info(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	struct dmabench_info info = { 0 };

	return ioctl(c->fd, DMABENCH_IOC_INFO, &info) || !info.engine_count
		       ? call_failed(ctx, "INFO")
		       : 0;
}

static int submit_engine_info(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	struct dmabench_engine_info info = { .index = 0 };

	return ioctl(c->fd, DMABENCH_IOC_ENGINE_INFO, &info) ? call_failed(ctx, "ENGINE_INFO") : 0;
}

/* Only closing the device closes an engine, so opening the device is in it. */
static int submit_engine_open(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	struct dmabench_engine_open request = c->open;
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	int ret = fd < 0 || ioctl(fd, DMABENCH_IOC_ENGINE_OPEN, &request);

	if (ret)
		ret = call_failed(ctx, "ENGINE_OPEN");
	if (fd >= 0)
		close(fd);
	return ret;
}

static int make_and_destroy(struct copy_ctx *ctx, __u32 kind)
{
	const struct calls *c = ctx->priv;
	struct dmabench_buffer b = call_buffer(ctx, kind);
	struct dmabench_destroy destroy = { 0 };

	if (ioctl(c->fd, DMABENCH_IOC_BUFFER_CREATE, &b))
		return call_failed(ctx, "BUFFER_CREATE");
	destroy.handle = b.handle;
	return ioctl(c->fd, DMABENCH_IOC_BUFFER_DESTROY, &destroy)
		       ? call_failed(ctx, "BUFFER_DESTROY")
		       : 0;
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
		return call_failed(ctx, "mmap");
	return munmap(map, c->buffer.size) ? call_failed(ctx, "munmap") : 0;
}

static int submit_pread(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	ssize_t n = pread(c->fd, ctx->dst, ctx->params.size, (off_t)c->buffer.mmap_offset);

	return n == (ssize_t)ctx->params.size ? 0 : call_failed(ctx, "pread");
}

static int submit_pwrite(struct copy_ctx *ctx)
{
	const struct calls *c = ctx->priv;
	ssize_t n = pwrite(c->fd, ctx->src, ctx->params.size, (off_t)c->buffer.mmap_offset);

	return n == (ssize_t)ctx->params.size ? 0 : call_failed(ctx, "pwrite");
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

static CALL(call_open, "open", "open and close the device", call_open_device, submit_open, NULL,
	    call_pull, 0);
static CALL(call_info, "info", "INFO", call_open_device, submit_info, NULL, call_pull, 0);
static CALL(call_engine_info, "engine-info", "ENGINE_INFO of the first engine", call_open_device,
	    submit_engine_info, NULL, call_pull, 0);
static CALL(call_engine_open, "engine-open", "open the device, ENGINE_OPEN, close",
	    call_open_device, submit_engine_open, NULL, call_pull, 0);
static CALL(call_coherent, "coherent", "BUFFER_CREATE and _DESTROY, coherent", call_open_engine,
	    submit_coherent, NULL, call_pull, 0);
static CALL(call_kernel, "kernel", "BUFFER_CREATE and _DESTROY, kernel", call_open_engine,
	    submit_kernel, NULL, call_pull, 0);
static CALL(call_mmap, "mmap", "mmap and munmap of a coherent buffer", setup_coherent, submit_mmap,
	    NULL, call_pull, 0);
static CALL(call_pread, "pread", "pread of a kernel buffer", setup_kernel, submit_pread,
	    push_kernel, NULL, 0);
static CALL(call_pwrite, "pwrite", "pwrite of a kernel buffer", setup_kernel, submit_pwrite, NULL,
	    pull_kernel, 0);

const struct copy_path *const call_paths[] = {
	&call_open,	  &call_info,	  &call_engine_info, &call_engine_open,
	&call_registered, &call_coherent, &call_kernel,	     &call_mmap,
	&call_pread,	  &call_pwrite,	  &call_pin_fresh,   &call_sync,
};

const size_t call_paths_count = sizeof(call_paths) / sizeof(call_paths[0]);

const struct copy_path *call_find(const char *name)
{
	for (size_t i = 0; i < call_paths_count; i++)
		if (!strcmp(call_paths[i]->name, name))
			return call_paths[i];
	return NULL;
}
