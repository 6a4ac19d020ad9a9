// SPDX-License-Identifier: GPL-2.0-only
#include "driver_path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory/region.h"

/* One side's buffer in the driver. */
struct side {
	struct dmabench_buffer buffer;
	uint8_t *map;	/* coherent: its mapping */
	uint8_t *outer; /* the runner's bytes that it mirrors, guards included */
};

struct driver_path {
	int fd;
	__u32 kind;
	size_t outer_size;	   /* buffer and guards */
	struct side sides[2];	   /* source, destination */
	struct dmabench_copy copy; /* the request, and what was written back last */
	void *own;		   /* of a path that builds on this one */
};

int driver_path_probe(const struct case_params *p, char *why, size_t len)
{
	struct dmabench_engine_info engine;
	int fd = driver_open(why, len), ret;

	if (fd < 0)
		return fd;
	ret = driver_find(fd, p, &engine, why, len);
	if (!ret)
		ret = driver_takes(&engine, p->size, p->offset, why, len);
	close(fd);
	return ret;
}

static int say(struct copy_ctx *ctx, const char *what)
{
	const struct driver_path *d = ctx->priv;
	int err = errno;

	if (d->kind == DMABENCH_BUF_USER || d->kind == DMABENCH_BUF_REGISTERED)
		driver_why(ctx->reason, sizeof(ctx->reason), what, err);
	else
		snprintf(ctx->reason, sizeof(ctx->reason), "%s: %s", what, strerror(err));
	return -err;
}

static int open_engine(struct copy_ctx *ctx, struct driver_path *d)
{
	struct dmabench_engine_info engine;
	int ret;

	d->fd = driver_open(ctx->reason, sizeof(ctx->reason));
	if (d->fd < 0)
		return d->fd;
	ret = driver_find(d->fd, &ctx->params, &engine, ctx->reason, sizeof(ctx->reason));
	if (ret)
		return ret;
	if (driver_open_engine(d->fd, engine.name, &d->copy.engine))
		return say(ctx, "opening the engine");
	return 0;
}

/* Registered buffers are the runner's own; the driver's own have room for the guards too. */
static int make_buffer(struct copy_ctx *ctx, struct driver_path *d, int which)
{
	struct side *s = &d->sides[which];
	struct dmabench_buffer *b = &s->buffer;
	const struct case_params *p = &ctx->params;
	uint8_t *data = which ? ctx->dst : ctx->src;

	s->outer = data - GUARD_BYTES;
	b->engine = d->copy.engine;
	b->kind = d->kind;
	b->flags = which ? DMABENCH_BUF_DEST : DMABENCH_BUF_SOURCE;
	b->node = -1;
	b->size = d->outer_size + p->offset;
	if (d->kind == DMABENCH_BUF_REGISTERED) {
		b->addr = (__u64)(uintptr_t)data;
		b->size = p->size;
	}
	if (d->kind == DMABENCH_BUF_KERNEL)
		b->node = which ? p->dst_node : p->src_node;
	if (ioctl(d->fd, DMABENCH_IOC_BUFFER_CREATE, b))
		return say(ctx, "making a buffer");
	if (d->kind != DMABENCH_BUF_COHERENT)
		return 0;
	s->map = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, d->fd,
		      (off_t)b->mmap_offset);
	if (s->map != MAP_FAILED)
		return 0;
	s->map = NULL;
	return say(ctx, "mapping a coherent buffer");
}

static void describe_side(struct dmabench_side *side, const struct copy_ctx *ctx,
			  const struct driver_path *d, int which)
{
	side->kind = d->kind;
	side->handle = d->sides[which].buffer.handle;
	switch (d->kind) {
	case DMABENCH_BUF_USER:
		side->addr = (__u64)(uintptr_t)(which ? ctx->dst : ctx->src);
		break;
	case DMABENCH_BUF_REGISTERED:
		side->addr = 0;
		break;
	default:
		side->addr = GUARD_BYTES + ctx->params.offset;
	}
}

int driver_path_setup(struct copy_ctx *ctx, __u32 kind)
{
	struct driver_path *d = calloc(1, sizeof(*d));
	int ret;

	if (!d)
		return -ENOMEM;
	ctx->priv = d;
	d->kind = kind;
	d->outer_size = ctx->params.size + 2 * GUARD_BYTES;
	ret = open_engine(ctx, d);
	for (int i = 0; !ret && i < 2 && kind != DMABENCH_BUF_USER; i++)
		ret = make_buffer(ctx, d, i);
	if (ret)
		return ret;
	describe_side(&d->copy.src, ctx, d, 0);
	describe_side(&d->copy.dst, ctx, d, 1);
	d->copy.len = ctx->params.size;
	d->copy.chunk = ctx->params.chunk;
	d->copy.depth = ctx->params.depth;
	d->copy.flags = ctx->params.wait == WAIT_POLL ? DMABENCH_COPY_POLL : 0;
	if (kind == DMABENCH_BUF_COHERENT) {
		ctx->used_src = d->sides[0].map + d->copy.src.addr;
		ctx->used_dst = d->sides[1].map + d->copy.dst.addr;
	}
	if (kind == DMABENCH_BUF_COHERENT || kind == DMABENCH_BUF_KERNEL)
		ctx->placed_src = ctx->placed_dst = NULL;
	return 0;
}

static void add_stages(struct stage_sums *to, const struct dmabench_copy *c)
{
	to->ops++;
	to->total += c->total_ns;
	to->pin += c->pin_ns;
	to->map += c->map_ns;
	to->submit += c->submit_ns;
	to->wait += c->wait_ns;
	to->unmap += c->unmap_ns;
	to->unpin += c->unpin_ns;
	to->descriptors += c->descriptors;
	to->sg_src_pinned += c->sg_src_pinned;
	to->sg_src_mapped += c->sg_src_mapped;
	to->sg_dst_pinned += c->sg_dst_pinned;
	to->sg_dst_mapped += c->sg_dst_mapped;
}

static void ask_descriptors(struct dmabench_copy *copy, const struct descriptor_record *r)
{
	copy->flags |= DMABENCH_COPY_TIMES;
	copy->latency_ptr = (__u64)(uintptr_t)r->ns;
	copy->latency_count = r->room;
}

static void add_descriptors(const struct descriptor_record *r, const struct dmabench_copy *c)
{
	r->sums->ops++;
	r->sums->descriptors += c->descriptors;
	r->sums->unrecorded += c->descriptors - c->latency_written;
	r->sums->total_ns += c->total_ns;
	for (__u32 i = 0; i < c->latency_written; i++) {
		r->sums->busy_ns += r->ns[i];
		hist_record(r->hist, (double)r->ns[i], 1);
	}
}

int driver_path_submit(struct copy_ctx *ctx)
{
	struct driver_path *d = ctx->priv;
	struct dmabench_copy *copy = &d->copy, timed;

	/* What the times of descriptors take stays out of the requests of all others. */
	if (ctx->descriptors) {
		timed = d->copy;
		ask_descriptors(&timed, ctx->descriptors);
		copy = &timed;
	}
	if (ioctl(d->fd, DMABENCH_IOC_COPY, copy))
		return say(ctx, "COPY");
	if (ctx->descriptors)
		add_descriptors(ctx->descriptors, copy);
	if (ctx->stages)
		add_stages(ctx->stages, copy);
	return 0;
}

/* All of a kernel buffer; the kernel may stop at any byte, so go on where it did. */
static int transfer(int fd, uint8_t *bytes, size_t size, __u64 at, bool write)
{
	for (size_t done = 0; done < size;) {
		off_t where = (off_t)(at + done);
		ssize_t n = write ? pwrite(fd, bytes + done, size - done, where)
				  : pread(fd, bytes + done, size - done, where);

		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		done += (size_t)n;
	}
	return 0;
}

int driver_path_push(struct copy_ctx *ctx)
{
	struct driver_path *d = ctx->priv;
	int ret = 0;

	for (int i = 0; i < 2 && !ret; i++) {
		struct side *s = &d->sides[i];

		if (s->map)
			memcpy(s->map + ctx->params.offset, s->outer, d->outer_size);
		else
			ret = transfer(d->fd, s->outer, d->outer_size,
				       s->buffer.mmap_offset + ctx->params.offset, true);
	}
	return ret;
}

int driver_path_pull(struct copy_ctx *ctx)
{
	struct driver_path *d = ctx->priv;
	int ret = 0;

	for (int i = 0; i < 2 && !ret; i++) {
		struct side *s = &d->sides[i];

		if (s->map)
			memcpy(s->outer, s->map + ctx->params.offset, d->outer_size);
		else
			ret = transfer(d->fd, s->outer, d->outer_size,
				       s->buffer.mmap_offset + ctx->params.offset, false);
	}
	return ret;
}

void driver_path_teardown(struct copy_ctx *ctx)
{
	struct driver_path *d = ctx->priv;

	if (!d)
		return;
	for (int i = 0; i < 2; i++)
		if (d->sides[i].map)
			munmap(d->sides[i].map, d->sides[i].buffer.size);
	/* The session owns engine and buffers: they go with it. */
	if (d->fd >= 0)
		close(d->fd);
	free(d->own);
	free(d);
}

int driver_path_fd(const struct copy_ctx *ctx)
{
	const struct driver_path *d = ctx->priv;

	return d->fd;
}

const struct dmabench_copy *driver_path_request(const struct copy_ctx *ctx)
{
	const struct driver_path *d = ctx->priv;

	return &d->copy;
}

void **driver_path_own(struct copy_ctx *ctx)
{
	struct driver_path *d = ctx->priv;

	return &d->own;
}
