// SPDX-License-Identifier: GPL-2.0-only
/*
 * No copy, but no other buffer either: vmsplice puts references to the source's pages into a
 * pipe, splice hands them on to the receiver's. One operation drops what the receiver had and
 * gives it all of the source anew. Until it is read, which copies, it is the source's bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "machine/ulimits.h"
#include "dirty_share.h"
#include "path.h"

struct splicer {
	int sender[2], receiver[2], null;
	size_t page, held; /* bytes in the receiver's pipe */
};

static int splice_probe(const struct case_params *p, char *why, size_t len)
{
	if (p->src_node == p->dst_node)
		return 0;
	snprintf(why, len, "the pages stay the source's, on its node");
	return -EINVAL;
}

static void splice_own(const struct case_params *p, uint64_t bytes[2])
{
	(void)p;
	bytes[0] = bytes[1] = 0;
}

/* A pipe has a place a page, so that all of them must fit. */
static int open_pipe(int ends[2], const struct splicer *s, struct copy_ctx *ctx)
{
	size_t room = ctx->params.size + 2 * s->page;

	if (pipe2(ends, O_CLOEXEC)) {
		snprintf(ctx->reason, sizeof(ctx->reason), "pipe2: %s%s", strerror(errno),
			 limits_hint(-errno));
		return -errno;
	}
	if ((uintptr_t)ctx->src % s->page == 0 && ctx->params.size % s->page == 0)
		room = ctx->params.size;
	if (room > INT32_MAX || fcntl(ends[1], F_SETPIPE_SZ, (int)room) < 0) {
		snprintf(ctx->reason, sizeof(ctx->reason),
			 "a pipe for %zu bytes: %s (fs.pipe-max-size and fs.pipe-user-pages-soft, "
			 "without CAP_SYS_RESOURCE)",
			 room, strerror(room > INT32_MAX ? EINVAL : errno));
		return -EPERM;
	}
	return 0;
}

static int failed(struct copy_ctx *ctx, const char *call)
{
	int err = errno ? errno : EIO;

	snprintf(ctx->reason, sizeof(ctx->reason), "%s: %s", call, strerror(err));
	return -err;
}

/* len bytes out of one pipe, into the other or to where they are dropped. */
static int hand_on(struct copy_ctx *ctx, int from, int to, size_t len)
{
	while (len) {
		ssize_t n = splice(from, NULL, to, NULL, len, SPLICE_F_MOVE);

		if (n <= 0)
			return failed(ctx, "splice");
		len -= (size_t)n;
	}
	return 0;
}

static int drop(struct copy_ctx *ctx)
{
	struct splicer *s = ctx->priv;
	int ret = hand_on(ctx, s->receiver[0], s->null, s->held);

	s->held = 0;
	return ret;
}

static int splice_submit(struct copy_ctx *ctx)
{
	struct splicer *s = ctx->priv;
	int ret = drop(ctx);

	while (!ret && s->held < ctx->params.size) {
		struct iovec some = { ctx->src + s->held, ctx->params.size - s->held };
		ssize_t n = vmsplice(s->sender[1], &some, 1, SPLICE_F_NONBLOCK);

		if (n <= 0)
			return failed(ctx, "vmsplice");
		ret = hand_on(ctx, s->sender[0], s->receiver[1], (size_t)n);
		s->held += (size_t)n;
	}
	return ret;
}

static int splice_setup(struct copy_ctx *ctx)
{
	struct splicer *s = malloc(sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	*s = (struct splicer){ .sender = { -1, -1 }, .receiver = { -1, -1 }, .null = -1 };
	ctx->priv = s;
	ctx->placed_dst = NULL;
	s->page = (size_t)sysconf(_SC_PAGESIZE);
	s->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (s->null < 0)
		return -errno;
	ret = open_pipe(s->sender, s, ctx);
	if (!ret)
		ret = open_pipe(s->receiver, s, ctx);
	/* Once for all: filters of system calls may refuse any of it. */
	if (!ret)
		ret = splice_submit(ctx);
	return ret ? ret : drop(ctx);
}

/* What an operation before had handed over must not pass for the next one's. */
static int splice_push(struct copy_ctx *ctx)
{
	return drop(ctx);
}

static int read_all(struct copy_ctx *ctx, int fd, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, ctx->dst + done, len - done);

		if (n <= 0)
			return failed(ctx, "read");
		done += (size_t)n;
	}
	return 0;
}

/* If it is the source's pages that are read, then what is written to them meanwhile is, too. */
static int splice_pull(struct copy_ctx *ctx)
{
	struct splicer *s = ctx->priv;
	size_t size = ctx->params.size;
	int there = 0, ret;

	if (ioctl(s->receiver[0], FIONREAD, &there))
		return failed(ctx, "FIONREAD");
	if ((size_t)there != size) {
		snprintf(ctx->reason, sizeof(ctx->reason), "the receiver has %d of %zu bytes",
			 there, size);
		return -EIO;
	}
	dirty_share(ctx->src, size, s->page, 100);
	ret = read_all(ctx, s->receiver[0], size);
	s->held = 0;
	dirty_share(ctx->dst, size, s->page, 100);
	dirty_share(ctx->src, size, s->page, 100);
	return ret;
}

static void splice_teardown(struct copy_ctx *ctx)
{
	struct splicer *s = ctx->priv;

	if (!s)
		return;
	for (int i = 0; i < 2; i++) {
		if (s->sender[i] >= 0)
			close(s->sender[i]);
		if (s->receiver[i] >= 0)
			close(s->receiver[i]);
	}
	if (s->null >= 0)
		close(s->null);
	free(s);
}

const struct copy_path path_splice = {
	.name = "splice",
	.what = "view: pages handed over through pipes by vmsplice and splice",
	.class = CLASS_VIEW,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_OFFSET,
	.unreadable = "what is in a pipe can't be read without a copy",
	.probe = splice_probe,
	.own = splice_own,
	.setup = splice_setup,
	.submit = splice_submit,
	.push = splice_push,
	.pull = splice_pull,
	.teardown = splice_teardown,
};
