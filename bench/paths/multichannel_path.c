// SPDX-License-Identifier: GPL-2.0-only
#include "multichannel_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "copies/share_out.h"
#include "channel_threads.h"
#include "engines.h"

/* Parts meet at lines of this many bytes at least, see share_out(). */
#define PART_ALIGN 64
#define MAX_SHARES 1024

struct multichannel_path {
	int fd;
	struct copy_ctx *ctx;
	struct channel_threads *workers;
	struct engine_set set;
	__u32 engines[MAX_ENGINES]; /* handles, as in set */
	unsigned int threads;
	struct dmabench_copy parts[]; /* of each thread; len 0: nothing to do */
};

static unsigned int threads_of(const struct case_params *p, const struct engine_set *set)
{
	unsigned int ways = path_goes_both_ways(p) ? 2 : 1;

	/* One that waits for each channel, and as many each way. */
	return p->threads ? p->threads : (set->n + ways - 1) / ways * ways;
}

static int check(const struct case_params *p, const struct engine_set *set, char *why, size_t len)
{
	const struct dmabench_engine_info *e = &set->v[0];
	int ret = 0;

	if (e->align > PART_ALIGN) {
		snprintf(why, len, "%s copies multiples of %u bytes: its parts don't meet at those",
			 e->driver, e->align);
		return -EINVAL;
	}
	for (unsigned int i = 0; !ret && i <= path_goes_both_ways(p); i++)
		ret = driver_takes(e, path_pair_size(p, i), p->offset, why, len);
	if (ret)
		return ret;
	if (threads_of(p, set) < set->n || threads_of(p, set) > MAX_SHARES) {
		snprintf(why, len, "%u threads for %u channels: each waits for one of them",
			 p->threads, set->n);
		return -EINVAL;
	}
	return 0;
}

int multichannel_probe(const struct case_params *p, char *why, size_t len)
{
	int fd = driver_open(why, len), ret;
	struct engine_set set;

	if (fd < 0)
		return fd;
	ret = driver_find_channels(fd, p, &set, why, len);
	close(fd);
	return ret ? ret : check(p, &set, why, len);
}

static int say(struct copy_ctx *ctx, const char *what)
{
	int err = errno;

	driver_why(ctx->reason, sizeof(ctx->reason), what, err);
	return -err;
}

static int open_engines(struct copy_ctx *ctx, struct multichannel_path *s)
{
	for (unsigned int i = 0; i < s->set.n; i++)
		if (driver_open_engine(s->fd, s->set.v[i].name, &s->engines[i]))
			return say(ctx, s->set.v[i].name);
	return 0;
}

static int make_side(struct multichannel_path *s, struct dmabench_side *side, const uint8_t *bytes,
		     const struct dmabench_copy *part, __u32 flags)
{
	struct dmabench_buffer b = { .engine = part->engine,
				     .kind = DMABENCH_BUF_REGISTERED,
				     .flags = flags,
				     .node = -1,
				     .addr = (__u64)(uintptr_t)bytes,
				     .size = part->len };

	if (side->kind == DMABENCH_BUF_USER) {
		side->addr = b.addr;
		return 0;
	}
	if (ioctl(s->fd, DMABENCH_IOC_BUFFER_CREATE, &b))
		return say(s->ctx, "registering a part");
	side->handle = b.handle;
	return 0;
}

/* Part and channel of one thread: the second half of the threads copies the other way. */
static int make_part(struct multichannel_path *s, unsigned int rank, __u32 kind)
{
	struct dmabench_copy *c = &s->parts[rank];
	const struct case_params *p = &s->ctx->params;
	const unsigned int each = path_goes_both_ways(p) ? s->threads / 2 : s->threads;
	const struct copy_pair *pair = &s->ctx->pairs[rank / each];
	struct part part;
	int ret;

	share_out(pair->dst, pair->size, each, 0, rank % each, &part);
	c->len = part.size;
	c->engine = s->engines[rank % s->set.n];
	c->chunk = p->chunk;
	c->depth = p->depth;
	c->flags = p->wait == WAIT_POLL ? DMABENCH_COPY_POLL : 0;
	c->src.kind = c->dst.kind = kind;
	if (!c->len)
		return 0;
	ret = make_side(s, &c->src, pair->src + part.from, c, DMABENCH_BUF_SOURCE);
	return ret ? ret : make_side(s, &c->dst, pair->dst + part.from, c, DMABENCH_BUF_DEST);
}

static int share(void *arg, unsigned int rank)
{
	struct multichannel_path *s = arg;
	struct dmabench_copy copy = s->parts[rank];

	if (copy.len && ioctl(s->fd, DMABENCH_IOC_COPY, &copy))
		return -errno;
	return 0;
}

int multichannel_setup(struct copy_ctx *ctx, __u32 kind)
{
	struct engine_set set;
	struct multichannel_path *s;
	int ret, fd = driver_open(ctx->reason, sizeof(ctx->reason));

	if (fd < 0)
		return fd;
	ret = driver_find_channels(fd, &ctx->params, &set, ctx->reason, sizeof(ctx->reason));
	if (!ret)
		ret = check(&ctx->params, &set, ctx->reason, sizeof(ctx->reason));
	s = ret ? NULL
		: calloc(1, sizeof(*s) + threads_of(&ctx->params, &set) * sizeof(s->parts[0]));
	if (!s) {
		close(fd);
		return ret ? ret : -ENOMEM;
	}
	ctx->priv = s;
	s->fd = fd;
	s->ctx = ctx;
	s->set = set;
	s->threads = threads_of(&ctx->params, &set);
	ret = open_engines(ctx, s);
	for (unsigned int i = 0; !ret && i < s->threads; i++)
		ret = make_part(s, i, kind);
	if (ret)
		return ret;
	s->workers = channel_threads_start(s->threads, ctx->cpus, ctx->ncpus, share, s);
	if (s->workers)
		return 0;
	snprintf(ctx->reason, sizeof(ctx->reason), "%u threads could not be started", s->threads);
	return -EAGAIN;
}

int multichannel_submit(struct copy_ctx *ctx)
{
	struct multichannel_path *s = ctx->priv;

	channel_threads_go(s->workers);
	return 0;
}

int multichannel_wait(struct copy_ctx *ctx)
{
	struct multichannel_path *s = ctx->priv;
	int ret = channel_threads_wait(s->workers);

	if (ret)
		snprintf(ctx->reason, sizeof(ctx->reason), "COPY: %s", strerror(-ret));
	return ret;
}

void multichannel_teardown(struct copy_ctx *ctx)
{
	struct multichannel_path *s = ctx->priv;

	if (!s)
		return;
	channel_threads_stop(s->workers);
	/* The session owns engines and buffers: they go with it. */
	close(s->fd);
	free(s);
}
