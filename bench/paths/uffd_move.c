// SPDX-License-Identifier: GPL-2.0-only
/*
 * A move by userfaultfd: UFFDIO_MOVE hands single pages to another address, without a mapping
 * more or less. Both places are registered, since they are moved to in turn; nobody waits
 * for faults, and a fault that there should not be is a signal, not a wait without end.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/ulimits.h"
#include "path.h"
#include "places.h"

/* Of Linux 6.8; the headers that this is built with may be older than the kernel. */
#define MOVE_FEATURE (1ull << 16) /* UFFD_FEATURE_MOVE */
#define MOVE_DONT_WAKE 1ull	  /* UFFDIO_MOVE_MODE_DONTWAKE */

struct move_request { /* struct uffdio_move */
	__u64 dst, src, len, mode;
	__s64 moved;
};

#define MOVE_IOCTL _IOWR(0xaa, 0x05, struct move_request)

/* UFFD_USER_MODE_ONLY, of Linux 5.11: needs no privilege, whatever the sysctl says. */
#define USER_MODE_ONLY 1

struct uffd_mover {
	struct places places;
	int fd;
};

/* A descriptor that can move; or -errno with why[]. */
static int open_mover(char *why, size_t len)
{
	struct uffdio_api api = { .api = UFFD_API, .features = MOVE_FEATURE | UFFD_FEATURE_SIGBUS };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY);
	int ret = fd < 0 ? -errno : 0;

	if (ret == -ENOSYS)
		snprintf(why, len, "userfaultfd: this kernel was built without it");
	else if (ret == -EPERM)
		snprintf(why, len,
			 "userfaultfd: %s (what is asked for needs no privilege and no sysctl: a "
			 "filter of system calls refuses it)",
			 strerror(-ret));
	else if (ret == -EINVAL)
		snprintf(why, len, "needs Linux 6.8: UFFDIO_MOVE");
	else if (ret)
		snprintf(why, len, "userfaultfd: %s%s", strerror(-ret), limits_hint(ret));
	if (ret)
		return ret == -EINVAL ? -EOPNOTSUPP : ret;
	if (!ioctl(fd, UFFDIO_API, &api))
		return fd;
	ret = -errno;
	if (ret == -EINVAL) {
		snprintf(why, len,
			 "needs Linux 6.8: this kernel has userfaultfd without UFFDIO_MOVE");
		ret = -EOPNOTSUPP;
	} else {
		snprintf(why, len, "UFFDIO_API: %s", strerror(-ret));
	}
	close(fd);
	return ret;
}

static int uffd_probe(const struct case_params *p, char *why, size_t len)
{
	int ret = places_probe(p, why, len), fd;

	if (ret)
		return ret;
	if (p->pages == PAGES_2M || p->pages == PAGES_1G) {
		snprintf(why, len,
			 "UFFDIO_MOVE moves anonymous pages, not those of a hugetlb pool");
		return -EINVAL;
	}
	fd = open_mover(why, len);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int register_place(int fd, const uint8_t *place, size_t size, char *why, size_t len)
{
	struct uffdio_register request = { .range = { (uintptr_t)place, size },
					   .mode = UFFDIO_REGISTER_MODE_MISSING };

	if (!ioctl(fd, UFFDIO_REGISTER, &request))
		return 0;
	snprintf(why, len, "UFFDIO_REGISTER: %s", strerror(errno));
	return -errno;
}

static int uffd_setup(struct copy_ctx *ctx)
{
	struct uffd_mover *m = calloc(1, sizeof(*m));
	size_t size = ctx->params.size;
	int ret;

	if (!m)
		return -ENOMEM;
	ctx->priv = m;
	m->fd = open_mover(ctx->reason, sizeof(ctx->reason));
	if (m->fd < 0)
		return m->fd;
	ret = places_create(&m->places, ctx, true);
	if (!ret)
		ret = places_look(&m->places, ctx);
	if (ret)
		return ret;
	/* What is moved to must be as what is moved from: writable, and as huge. */
	if (mprotect(m->places.place[1], size, PROT_READ | PROT_WRITE))
		return -errno;
	madvise(m->places.place[1], size,
		ctx->params.pages == PAGES_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	for (int i = 0; i < 2 && !ret; i++)
		ret = register_place(m->fd, m->places.place[i], size, ctx->reason,
				     sizeof(ctx->reason));
	return ret;
}

static int uffd_submit(struct copy_ctx *ctx)
{
	struct uffd_mover *m = ctx->priv;
	struct places *p = &m->places;
	struct move_request request = { .dst = (uintptr_t)p->place[!p->at],
					.src = (uintptr_t)p->place[p->at],
					.len = ctx->params.size,
					.mode = MOVE_DONT_WAKE };

	/* EAGAIN: a part of it was moved, or something else was done to a page meanwhile. */
	while (ioctl(m->fd, MOVE_IOCTL, &request)) {
		if (errno != EAGAIN) {
			snprintf(ctx->reason, sizeof(ctx->reason), "UFFDIO_MOVE: %s",
				 strerror(errno));
			return -errno;
		}
		if (request.moved <= 0)
			continue;
		request.dst += (__u64)request.moved;
		request.src += (__u64)request.moved;
		request.len -= (__u64)request.moved;
	}
	places_moved(p, ctx);
	return 0;
}

static int uffd_push(struct copy_ctx *ctx)
{
	struct uffd_mover *m = ctx->priv;

	return places_push(&m->places, ctx);
}

static int uffd_pull(struct copy_ctx *ctx)
{
	struct uffd_mover *m = ctx->priv;

	return places_pull(&m->places, ctx);
}

static void uffd_teardown(struct copy_ctx *ctx)
{
	struct uffd_mover *m = ctx->priv;

	if (!m)
		return;
	places_destroy(&m->places);
	if (m->fd >= 0)
		close(m->fd);
	free(m);
}

const struct copy_path path_uffd_move = {
	.name = "uffd-move",
	.what = "move: UFFDIO_MOVE to another address, a share of the pages written",
	.class = CLASS_MOVE,
	.axes = AXIS_NODES | AXIS_PAGES | AXIS_SHARE,
	.probe = uffd_probe,
	.own = places_own,
	.setup = uffd_setup,
	.submit = uffd_submit,
	.push = uffd_push,
	.pull = uffd_pull,
	.teardown = uffd_teardown,
};
