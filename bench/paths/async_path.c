// SPDX-License-Identifier: GPL-2.0-only
#include "async_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef HAVE_LIBURING

int async_path_ring(char *why, size_t len)
{
	snprintf(why, len, "built without liburing");
	return -EOPNOTSUPP;
}

int async_path_probe(const struct case_params *p, char *why, size_t len)
{
	(void)p;
	return async_path_ring(why, len);
}

int async_path_setup(struct copy_ctx *ctx, __u32 kind)
{
	(void)ctx;
	(void)kind;
	return -EOPNOTSUPP;
}

int async_path_submit(struct copy_ctx *ctx)
{
	(void)ctx;
	return -EOPNOTSUPP;
}

int async_path_wait(struct copy_ctx *ctx)
{
	(void)ctx;
	return -EOPNOTSUPP;
}

void async_path_teardown(struct copy_ctx *ctx)
{
	(void)ctx;
}

#else

#include <liburing.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "machine/ulimits.h"

#define DEFAULT_DEPTH 16
#define PAGE 4096
/* Each copy has buffers of its own, for machines where a buffer serves one copy at a time. */
#define MAX_COPIES 500

struct async_path {
	int fd;
	bool ring_made;
	struct io_uring ring;
	unsigned int depth, count;
	unsigned int next, done; /* copies of the present operation */
	int err;		 /* the first */
	double unit_ns;		 /* of the caller's own work */
	struct dmabench_copy copies[];
};

static unsigned int depth_of(const struct case_params *p)
{
	return p->depth ? p->depth : DEFAULT_DEPTH;
}

/* Bytes of one copy: as asked, or so that all of an operation is in flight. */
static uint64_t copy_bytes(const struct case_params *p)
{
	uint64_t share = (p->size + depth_of(p) - 1) / depth_of(p);

	return p->chunk ? p->chunk : (share + PAGE - 1) / PAGE * PAGE;
}

static uint64_t copy_count(const struct case_params *p)
{
	return (p->size + copy_bytes(p) - 1) / copy_bytes(p);
}

static int check(const struct case_params *p, const struct dmabench_engine_info *e, char *why,
		 size_t len)
{
	if (depth_of(p) > DMABENCH_MAX_ASYNC) {
		snprintf(why, len, "at most %d copies can be in flight, not %u", DMABENCH_MAX_ASYNC,
			 p->depth);
		return -EINVAL;
	}
	if (copy_count(p) > MAX_COPIES) {
		snprintf(why, len,
			 "%llu copies of %llu bytes, more than %d: ask for a larger --chunk",
			 (unsigned long long)copy_count(p), (unsigned long long)copy_bytes(p),
			 MAX_COPIES);
		return -EINVAL;
	}
	return driver_takes(e, p->size, p->offset, why, len)
		       ?: driver_takes(e, copy_bytes(p), 0, why, len);
}

int async_path_ring(char *why, size_t len)
{
	struct io_uring_probe *probe;
	struct io_uring ring;
	int ret = io_uring_queue_init(2, &ring, 0);

	if (ret) {
		snprintf(why, len, "io_uring_setup: %s%s", strerror(-ret),
			 ret == -EPERM ? " (kernel.io_uring_disabled, or a filter of system calls)"
				       : limits_hint(ret));
		return ret;
	}
	probe = io_uring_get_probe_ring(&ring);
	ret = probe && io_uring_opcode_supported(probe, IORING_OP_URING_CMD) ? 0 : -EOPNOTSUPP;
	io_uring_free_probe(probe);
	io_uring_queue_exit(&ring);
	if (ret)
		snprintf(why, len, "this kernel's io_uring knows no commands of devices");
	return ret;
}

int async_path_probe(const struct case_params *p, char *why, size_t len)
{
	struct dmabench_engine_info engine;
	int fd = driver_open(why, len), ret;

	if (fd < 0)
		return fd;
	ret = driver_find(fd, p, &engine, why, len);
	close(fd);
	if (!ret)
		ret = check(p, &engine, why, len);
	return ret ? ret : async_path_ring(why, len);
}

static int say(struct copy_ctx *ctx, const char *what, int err)
{
	driver_why(ctx->reason, sizeof(ctx->reason), what, err);
	return -err;
}

static int open_engine(struct copy_ctx *ctx, struct async_path *a, __u32 *handle)
{
	struct dmabench_engine_info engine;
	int ret;

	ret = driver_find(a->fd, &ctx->params, &engine, ctx->reason, sizeof(ctx->reason));
	if (ret)
		return ret;
	if (driver_open_engine(a->fd, engine.name, handle))
		return say(ctx, "opening the engine", errno);
	return 0;
}

static int make_side(struct copy_ctx *ctx, struct dmabench_side *side, const uint8_t *bytes,
		     const struct dmabench_copy *copy, __u32 flags)
{
	const struct async_path *a = ctx->priv;
	struct dmabench_buffer b = { .engine = copy->engine,
				     .kind = DMABENCH_BUF_REGISTERED,
				     .flags = flags,
				     .node = -1,
				     .addr = (__u64)(uintptr_t)bytes,
				     .size = copy->len };

	if (side->kind == DMABENCH_BUF_USER) {
		side->addr = b.addr;
		return 0;
	}
	if (ioctl(a->fd, DMABENCH_IOC_BUFFER_CREATE, &b))
		return say(ctx, "registering", errno);
	side->handle = b.handle;
	return 0;
}

static int make_copies(struct copy_ctx *ctx, struct async_path *a, __u32 kind)
{
	uint64_t bytes = copy_bytes(&ctx->params), at = 0;
	__u32 engine = 0;
	int ret = open_engine(ctx, a, &engine);

	for (unsigned int i = 0; i < a->count && !ret; i++, at += bytes) {
		struct dmabench_copy *c = &a->copies[i];

		c->engine = engine;
		c->len = ctx->params.size - at < bytes ? ctx->params.size - at : bytes;
		c->src.kind = c->dst.kind = kind;
		ret = make_side(ctx, &c->src, ctx->src + at, c, DMABENCH_BUF_SOURCE);
		if (!ret)
			ret = make_side(ctx, &c->dst, ctx->dst + at, c, DMABENCH_BUF_DEST);
	}
	return ret;
}

int async_path_setup(struct copy_ctx *ctx, __u32 kind)
{
	unsigned int count = (unsigned int)copy_count(&ctx->params);
	struct async_path *a = calloc(1, sizeof(*a) + count * sizeof(a->copies[0]));
	int ret;

	if (!a)
		return -ENOMEM;
	ctx->priv = a;
	a->count = count;
	a->depth = depth_of(&ctx->params);
	a->fd = driver_open(ctx->reason, sizeof(ctx->reason));
	if (a->fd < 0)
		return a->fd;
	ret = make_copies(ctx, a, kind);
	if (ret)
		return ret;
	ret = io_uring_queue_init(a->depth, &a->ring, 0);
	if (ret)
		return say(ctx, "making the ring", -ret);
	a->ring_made = true;
	if (ctx->params.wait == WAIT_POLL)
		a->unit_ns = work_unit_ns();
	return 0;
}

static bool put(struct async_path *a, const struct dmabench_copy *copy)
{
	struct dmabench_uring payload = { .copy_ptr = (__u64)(uintptr_t)copy };
	struct io_uring_sqe *sqe = io_uring_get_sqe(&a->ring);

	if (!sqe)
		return false;
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = a->fd;
	sqe->cmd_op = (__u32)DMABENCH_URING_COPY;
	memcpy(sqe->cmd, &payload, sizeof(payload));
	return true;
}

/* As many as may be in flight; nothing new once something has failed. */
static void fill(struct async_path *a)
{
	while (a->next < a->count && a->next - a->done < a->depth && !a->err &&
	       put(a, &a->copies[a->next]))
		a->next++;
}

/* All that are there, in one go. */
static void collect(struct async_path *a)
{
	struct io_uring_cqe *cqe;
	unsigned int head, n = 0;

	io_uring_for_each_cqe(&a->ring, head, cqe)
	{
		if (cqe->res && !a->err)
			a->err = cqe->res;
		n++;
	}
	io_uring_cq_advance(&a->ring, n);
	a->done += n;
}

int async_path_submit(struct copy_ctx *ctx)
{
	struct async_path *a = ctx->priv;
	int ret;

	a->next = a->done = 0;
	a->err = 0;
	fill(a);
	ret = io_uring_submit(&a->ring);
	return ret < 0 ? say(ctx, "submitting", -ret) : 0;
}

/* The caller's own work until something has completed. */
static void work_on(struct copy_ctx *ctx, struct async_path *a)
{
	uint64_t units = 0;

	for (; !io_uring_cq_ready(&a->ring); units++)
		work_unit();
	if (ctx->meanwhile) {
		ctx->meanwhile->units += units;
		ctx->meanwhile->unit_ns = a->unit_ns;
	}
}

int async_path_wait(struct copy_ctx *ctx)
{
	struct async_path *a = ctx->priv;
	bool poll = ctx->params.wait == WAIT_POLL;

	while (a->done < a->next) {
		int ret = 0;

		if (poll)
			work_on(ctx, a);
		collect(a);
		fill(a);
		if (io_uring_sq_ready(&a->ring) || (!poll && a->done < a->next))
			ret = io_uring_submit_and_wait(&a->ring, poll ? 0 : 1);
		if (ret < 0 && ret != -EINTR)
			return say(ctx, "io_uring_enter", -ret);
	}
	return a->err ? say(ctx, "copy", -a->err) : 0;
}

void async_path_teardown(struct copy_ctx *ctx)
{
	struct async_path *a = ctx->priv;

	if (!a)
		return;
	if (a->ring_made)
		io_uring_queue_exit(&a->ring);
	/* The session owns engine and buffers: they go with it. */
	if (a->fd >= 0)
		close(a->fd);
	free(a);
}

#endif
