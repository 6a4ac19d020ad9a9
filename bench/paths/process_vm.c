// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy out of another process: process_vm_readv from memory of a child that was forked
 * beforehand, has a buffer of its own there, and sleeps. The kernel copies once, in the
 * caller's time. The child fills its buffer with what it is sent, and shows it again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory/region.h"
#include "path.h"

struct remote {
	pid_t child;
	int fd;	     /* to it: a byte of what it is to do, then bytes. Closed: it ends */
	uint8_t *at; /* its buffer, where it has it */
};

#define FILL 'f'
#define SHOW 's'

/* Its first words. */
struct greeting {
	int ret;
	uint8_t *at;
	char why[160];
};

static int send_all(int fd, const void *from, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = send(fd, (const char *)from + done, len - done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

static int receive_all(int fd, void *to, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = recv(fd, (char *)to + done, len - done, MSG_WAITALL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EPIPE;
		done += (size_t)n;
	}
	return 0;
}

/*
 * The caller's buffers are the child's, too, since the fork: as long as it has them, the
 * caller's first write to each page would copy that page.
 */
static void let_go(const uint8_t *buffer, const struct case_params *p)
{
	uintptr_t page = page_bytes(p->pages), at = (uintptr_t)buffer;
	uintptr_t from = (at - GUARD_BYTES) / page * page;
	uintptr_t to = (at + p->size + GUARD_BYTES + page - 1) / page * page;

	munmap((void *)from, to - from);
}

/* Never returns. The caller has no threads, so that all of the C library may be used. */
static void child_main(const struct copy_ctx *ctx, int fd)
{
	const struct case_params *p = &ctx->params;
	struct greeting hello = { 0 };
	struct region own = { 0 };
	char what;

	let_go(ctx->src, p);
	let_go(ctx->dst, p);
	hello.ret = region_create(&own, p->size, p->offset, p->pages, p->src_node, hello.why,
				  sizeof(hello.why));
	hello.at = own.data;
	if (send_all(fd, &hello, sizeof(hello)) || hello.ret)
		_exit(0);
	while (!receive_all(fd, &what, 1)) {
		if (what == FILL && (receive_all(fd, own.data, p->size) || send_all(fd, &what, 1)))
			break;
		if (what == SHOW && send_all(fd, own.data, p->size))
			break;
	}
	_exit(0);
}

static int read_remote(pid_t pid, uint8_t *to, const uint8_t *from, size_t size)
{
	while (size) {
		struct iovec here = { to, size }, there = { (void *)(uintptr_t)from, size };
		ssize_t n = process_vm_readv(pid, &here, 1, &there, 1, 0);

		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		/* One call copies 2 GiB less a page at most. */
		to += n;
		from += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Of its own memory a process may be refused nothing but the call itself. */
static int process_vm_probe(const struct case_params *p, char *why, size_t len)
{
	uint8_t from = 1, to;
	int ret = read_remote(getpid(), &to, &from, 1);

	(void)p;
	if (ret == -ENOSYS)
		snprintf(why, len,
			 "process_vm_readv: this kernel was built without it "
			 "(CONFIG_CROSS_MEMORY_ATTACH)");
	else if (ret)
		snprintf(why, len, "process_vm_readv: %s", strerror(-ret));
	return ret;
}

/* The child's buffer. */
static void process_vm_own(const struct case_params *p, uint64_t bytes[2])
{
	bytes[0] = p->size;
	bytes[1] = 0;
}

static int start_child(struct copy_ctx *ctx, struct remote *r)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	r->child = fork();
	if (r->child == 0) {
		close(ends[0]);
		child_main(ctx, ends[1]);
	}
	close(ends[1]);
	r->fd = ends[0];
	return r->child < 0 ? -EAGAIN : 0;
}

static int process_vm_setup(struct copy_ctx *ctx)
{
	struct remote *r = calloc(1, sizeof(*r));
	struct greeting hello;
	int ret;

	if (!r)
		return -ENOMEM;
	ctx->priv = r;
	r->fd = -1;
	ret = start_child(ctx, r);
	if (!ret)
		ret = receive_all(r->fd, &hello, sizeof(hello));
	if (ret)
		return ret;
	if (hello.ret) {
		snprintf(ctx->reason, sizeof(ctx->reason), "another process: %.120s", hello.why);
		return hello.ret;
	}
	r->at = hello.at;
	ctx->placed_src = NULL;
	ret = read_remote(r->child, ctx->dst, r->at, 1);
	if (ret)
		snprintf(ctx->reason, sizeof(ctx->reason),
			 "process_vm_readv from a child: %s (kernel.yama.ptrace_scope above 1, or "
			 "another limit of ptrace)",
			 strerror(-ret));
	return ret;
}

static int process_vm_submit(struct copy_ctx *ctx)
{
	const struct remote *r = ctx->priv;

	return read_remote(r->child, ctx->dst, r->at, ctx->params.size);
}

static int process_vm_push(struct copy_ctx *ctx)
{
	const struct remote *r = ctx->priv;
	char what = FILL;
	int ret = send_all(r->fd, &what, 1);

	if (!ret)
		ret = send_all(r->fd, ctx->src, ctx->params.size);
	return ret ? ret : receive_all(r->fd, &what, 1);
}

static int process_vm_pull(struct copy_ctx *ctx)
{
	const struct remote *r = ctx->priv;
	char what = SHOW;
	int ret = send_all(r->fd, &what, 1);

	return ret ? ret : receive_all(r->fd, ctx->src, ctx->params.size);
}

static void process_vm_teardown(struct copy_ctx *ctx)
{
	struct remote *r = ctx->priv;

	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	while (r->child > 0 && waitpid(r->child, NULL, 0) < 0 && errno == EINTR)
		;
	free(r);
}

const struct copy_path path_process_vm = {
	.name = "process-vm",
	.what = "process_vm_readv from another process's buffer",
	.class = CLASS_COPY,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_OFFSET,
	.unwritable = "the source is another process's, which would have to write it",
	.probe = process_vm_probe,
	.own = process_vm_own,
	.setup = process_vm_setup,
	.submit = process_vm_submit,
	.push = process_vm_push,
	.pull = process_vm_pull,
	.teardown = process_vm_teardown,
};
