// SPDX-License-Identifier: GPL-2.0-only
/*
 * A snapshot by fork: the child keeps the bytes as they were, the parent goes on
 * and writes to a share of its pages. One operation ends the snapshot before, forks
 * a new one and does the writes. The whole process is forked, so its other memory
 * costs a little too; that is how fork is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dirty_share.h"
#include "path.h"

struct cow_fork {
	pid_t child;
	int ask[2]; /* the parent closes its end: the child goes. A byte: it shows its view */
	int answer[2];
	uint8_t *view; /* shared: where the child puts its view */
	size_t page;
};

/* Never returns. Only async-signal-safe calls: the parent may have had threads. */
static void child_main(struct copy_ctx *ctx, int ask, int answer)
{
	const struct cow_fork *cow = ctx->priv;
	char byte;

	while (read(ask, &byte, 1) == 1) {
		memcpy(cow->view, ctx->src, ctx->params.size);
		if (write(answer, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

static void end_child(struct cow_fork *cow)
{
	if (cow->child <= 0)
		return;
	close(cow->ask[1]);
	close(cow->answer[0]);
	while (waitpid(cow->child, NULL, 0) < 0 && errno == EINTR)
		;
	cow->child = 0;
}

static int fork_probe(const struct case_params *p, char *why, size_t len)
{
	if (p->dst_node == p->src_node)
		return 0;
	snprintf(why, len,
		 "the parent's written pages are copied to the node its memory is bound to");
	return -EINVAL;
}

/*
 * A copy of each page, also of those that no operation writes to: the source is filled anew while
 * the last child is there. And where the child shows its view.
 */
static void fork_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = p->size;
	bytes[1] = p->size;
}

/* A process more may be one too many: better known before anything is timed. */
static int try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return -errno;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

static int fork_setup(struct copy_ctx *ctx)
{
	int ret = try_fork();
	struct cow_fork *cow = ret ? NULL : calloc(1, sizeof(*cow));

	if (!cow)
		return ret ? ret : -ENOMEM;
	ctx->priv = cow;
	cow->page = (size_t)sysconf(_SC_PAGESIZE);
	cow->view = mmap(NULL, ctx->params.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);
	if (cow->view == MAP_FAILED) {
		cow->view = NULL;
		return -errno;
	}
	ctx->placed_dst = NULL;
	return 0;
}

static int fork_submit(struct copy_ctx *ctx)
{
	struct cow_fork *cow = ctx->priv;

	end_child(cow);
	if (pipe(cow->ask))
		return -errno;
	if (pipe(cow->answer)) {
		close(cow->ask[0]);
		close(cow->ask[1]);
		return -errno;
	}
	cow->child = fork();
	if (cow->child == 0) {
		close(cow->ask[1]);
		close(cow->answer[0]);
		child_main(ctx, cow->ask[0], cow->answer[1]);
	}
	close(cow->ask[0]);
	close(cow->answer[1]);
	if (cow->child < 0) {
		close(cow->ask[1]);
		close(cow->answer[0]);
		return -EAGAIN;
	}
	dirty_share(ctx->src, ctx->params.size, cow->page, ctx->params.share);
	return 0;
}

/*
 * Each operation flipped the parent's pages once more: after n of them the parent
 * has had n flips and the child, forked before the last, n - 1.
 */
static int fork_pull(struct copy_ctx *ctx)
{
	struct cow_fork *cow = ctx->priv;
	size_t size = ctx->params.size;
	char byte = 0;

	if (write(cow->ask[1], &byte, 1) != 1 || read(cow->answer[0], &byte, 1) != 1)
		return -EIO;
	memcpy(ctx->dst, cow->view, size);
	if (ctx->ops % 2)
		dirty_share(ctx->src, size, cow->page, ctx->params.share);
	else
		dirty_share(ctx->dst, size, cow->page, ctx->params.share);
	return 0;
}

static void fork_teardown(struct copy_ctx *ctx)
{
	struct cow_fork *cow = ctx->priv;

	if (!cow)
		return;
	end_child(cow);
	if (cow->view)
		munmap(cow->view, ctx->params.size);
	free(cow);
}

const struct copy_path path_cow_fork = {
	.name = "cow-fork",
	.what = "snapshot: fork, the parent writes to a share of its pages",
	.class = CLASS_SNAPSHOT,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_SHARE,
	.unreadable = "the snapshot is another process's, which would have to read it",
	.probe = fork_probe,
	.own = fork_own,
	.setup = fork_setup,
	.submit = fork_submit,
	.pull = fork_pull,
	.teardown = fork_teardown,
};
