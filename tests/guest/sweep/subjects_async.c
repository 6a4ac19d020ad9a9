// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies by IORING_OP_URING_CMD. The fault is this thread's, from the submission until the
 * completion is here, which the driver makes in this thread too.
 *
 * io_uring has memory of its own to find. Without any for a request, io_uring_enter says
 * EAGAIN before the driver has heard of the copy; what any program does then is done here:
 * it submits again, and by then the fault is spent. Without any for the command's data, the
 * completion says ENOMEM like the driver's own. After either, all must be as it was.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sweep.h"

#ifdef HAVE_LIBURING
#include <liburing.h>

static struct io_uring ring;
static bool ring_made;

static void async_prepare(struct sweep *s)
{
	copy_prepare(s);
	if (!ring_made)
		assert_int_equal(io_uring_queue_init(4, &ring, 0), 0);
	ring_made = true;
}

static int submitted(void)
{
	int count;

	do {
		count = io_uring_submit(&ring);
	} while (count == -EAGAIN);
	return count == 1 ? 0 : EIO;
}

static int async_call(struct sweep *s)
{
	struct dmabench_uring payload = { .copy_ptr = (uintptr_t)&s->arg.copy };
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
	struct io_uring_cqe *cqe;
	int err;

	if (!sqe)
		abort();
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = s->bench.fd;
	sqe->cmd_op = DMABENCH_URING_COPY;
	memcpy(sqe->cmd, &payload, sizeof(payload));
	err = submitted();
	if (err)
		return err;
	err = io_uring_wait_cqe(&ring, &cqe);
	if (err)
		return -err;
	err = -cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return err;
}

/* There is no answer but the completion. */
static bool async_right(struct sweep *s)
{
	if (memcmp(&s->asked, &s->arg, sizeof(s->arg)))
		return wrong(s, "a copy that nobody waits for answered in its request");
	return guards_right(s) && bytes_right(s);
}

void async_done(struct sweep *s)
{
	(void)s;
	if (ring_made)
		io_uring_queue_exit(&ring);
	ring_made = false;
}

#define ASYNC .busy = true, .prepare = async_prepare, .call = async_call, .right = async_right

const struct subject async_subjects[] = {
	{ .name = "io_uring copy user to user",
	  .src = DMABENCH_BUF_USER,
	  .dst = DMABENCH_BUF_USER,
	  ASYNC },
	{ .name = "io_uring copy registered to registered",
	  .src = DMABENCH_BUF_REGISTERED,
	  .dst = DMABENCH_BUF_REGISTERED,
	  ASYNC },
	{ .name = "io_uring copy coherent to user",
	  .src = DMABENCH_BUF_COHERENT,
	  .dst = DMABENCH_BUF_USER,
	  ASYNC },
	{ .name = NULL },
};

#else

void async_done(struct sweep *s)
{
	(void)s;
}

/* Built without liburing; fail_nth says that these are missing. */
const struct subject async_subjects[] = {
	{ .name = NULL },
};

#endif
