// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies that nobody waits for in the kernel: IORING_OP_URING_CMD on the device.
 *
 * A copy is checked, pinned, mapped and submitted as a whole. Where that would keep the
 * submission waiting, for a page or for the engine, io_uring is told to have a worker of its
 * own do it (EAGAIN), which then begins anew. The last descriptor's callback wakes the
 * request's queue, where a watch takes the place of a sleeper and sends the rest to the
 * submitter's task: unmapping, unpinning and the completion. A timer does what the caller's
 * timeout does in COPY: it stops the engine. The ring holds the file, and so the session,
 * until the completion is posted.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "async.h"
#include "compat.h"
#include "entry.h"

static int check_args(const struct dmabench_copy *arg)
{
	if (arg->flags || arg->chunk || arg->depth || arg->latency_ptr || arg->latency_count ||
	    any_set(arg->reserved, ARRAY_SIZE(arg->reserved)))
		return -EINVAL;
	if (!arg->len || arg->len > MAX_RANGE)
		return -EINVAL;
	/* pread and pwrite take turns with copies by a lock that can't be held for so long. */
	if (arg->src.kind == DMABENCH_BUF_KERNEL || arg->dst.kind == DMABENCH_BUF_KERNEL)
		return -EINVAL;
	return 0;
}

/* How many descriptors it takes; more than can be in flight is refused. */
static int count_pieces(const struct async *op)
{
	struct cursor src = op->cursor[0], dst = op->cursor[1];
	u64 left = op->arg.len;
	int count = 0;

	while (left) {
		size_t len = piece_length(op->engine, &src, &dst, left);

		if (++count > MAX_DEPTH || (op->engine->room && count > op->engine->room))
			return -EINVAL;
		cursor_advance(&src, len);
		cursor_advance(&dst, len);
		left -= len;
	}
	return count;
}

/* In the submitter's task, or in a worker where that is gone. */
static void async_complete(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct async *op = *(struct async **)cmd->pdu;
	struct session *session = op->session;
	int err;

	cancel_delayed_work_sync(&op->expiry);
	remove_wait_queue(&op->req->wait, &op->watch);
	err = op->err ?: request_result(op->req);
	request_free(op->req);
	if (op->stuck) {
		async_quarantine(op);
	} else {
		async_release(op, true);
		kfree(op);
	}
	atomic_dec(&session->async);
	uring_done(cmd, err, issue_flags);
}

DEFINE_URING_TASK_WORK(complete_in_task, async_complete)

/* Under the lock of the request's queue. */
static void fire(struct async *op)
{
	if (op->fired)
		return;
	op->fired = true;
	io_uring_cmd_complete_in_task(op->cmd, complete_in_task);
}

static void look(struct async *op)
{
	if (op->submitted && request_done(op->req, &op->seen))
		fire(op);
}

/* Called in place of waking somebody, in any context. */
static int watched(wait_queue_entry_t *watch, unsigned int mode, int flags, void *key)
{
	look(container_of(watch, struct async, watch));
	return 0;
}

static void expire(struct work_struct *work)
{
	struct async *op = container_of(to_delayed_work(work), struct async, expiry);
	bool fired;

	spin_lock_irq(&op->req->wait.lock);
	fired = op->fired;
	if (!fired)
		op->err = -ETIMEDOUT;
	spin_unlock_irq(&op->req->wait.lock);
	if (fired)
		return;
	/* The task waits for this work before it looks at what became of the request. */
	op->stuck = request_quiesce(op->req, -ETIMEDOUT);
	spin_lock_irq(&op->req->wait.lock);
	fire(op);
	spin_unlock_irq(&op->req->wait.lock);
}

/* Under submit_lock. EAGAIN: all or a part of it can't be had now. */
static int submit_once(struct async *op)
{
	struct dma_request *req = op->req;
	unsigned long from = req->next;
	u64 left = op->arg.len;
	size_t len;
	int err = 0;

	while (left && !err) {
		err = piece_add(req, &op->cursor[0], &op->cursor[1], left, &len);
		if (!err)
			left -= len;
	}
	request_issue(req, from);
	return err;
}

/* Who stops the channel has it for longer. */
static bool lock_to_submit(struct async *op)
{
	if (mutex_trylock(&op->engine->submit_lock))
		return true;
	if (op->nowait)
		return false;
	mutex_lock(&op->engine->submit_lock);
	return true;
}

/* Whether an idle engine refuses it for good is found out by trying for a while. */
static int submit(struct async *op)
{
	int err;

	for (;;) {
		if (!lock_to_submit(op))
			return -EAGAIN;
		err = submit_once(op);
		mutex_unlock(&op->engine->submit_lock);
		if (err != -EAGAIN)
			return err;
		if (request_inflight(op->req) || atomic_read(&op->engine->inflight))
			return -EBUSY;
		if (op->nowait)
			return -EAGAIN;
		usleep_range(50, 100);
	}
}

/* On an error nothing is in flight and nothing held. */
static int launch(struct async *op)
{
	u32 timeout = TIMEOUT_MS(op->arg.timeout_ms);
	int pieces = count_pieces(op), err;

	if (pieces < 0)
		return pieces;
	op->req = request_new(op->engine, pieces, false, timeout);
	if (IS_ERR(op->req))
		return PTR_ERR(op->req);
	INIT_DELAYED_WORK(&op->expiry, expire);
	init_waitqueue_func_entry(&op->watch, watched);
	add_wait_queue(&op->req->wait, &op->watch);
	err = submit(op);
	if (err && !request_inflight(op->req)) {
		remove_wait_queue(&op->req->wait, &op->watch);
		request_free(op->req);
		return err;
	}
	/*
	 * A part may be under way for a copy that has failed: it is waited for like a whole.
	 * From the unlocking on, the completion may be posted at any time, by another thread
	 * where io_uring submits in one of its own: so the timer is started last.
	 */
	spin_lock_irq(&op->req->wait.lock);
	op->err = op->err ?: err;
	op->submitted = true;
	look(op);
	if (!op->fired)
		queue_delayed_work(system_unbound_wq, &op->expiry, msecs_to_jiffies(timeout));
	spin_unlock_irq(&op->req->wait.lock);
	return 0;
}

static int start(struct async *op)
{
	struct overlap overlap = {};
	int err;

	op->engine = session_engine(op->session, op->arg.engine);
	if (IS_ERR(op->engine))
		return PTR_ERR(op->engine);
	if (!engine_usable(op->engine))
		return -ENODEV;
	err = async_init_sides(op);
	if (!err)
		err = async_begin_side(op, 0, &overlap);
	if (!err)
		err = async_begin_side(op, 1, &overlap);
	overlap_free(&overlap);
	if (!err)
		err = launch(op);
	if (err)
		async_release(op, false);
	return err;
}

/* The payload is in memory that user space can write to at any time: read it once. */
static int read_payload(const struct io_uring_cmd *cmd, struct dmabench_copy *arg)
{
	const struct dmabench_uring *payload = uring_payload(cmd);

	if (READ_ONCE(payload->reserved))
		return -EINVAL;
	return copy_from_user(arg, u64_to_user_ptr(READ_ONCE(payload->copy_ptr)), sizeof(*arg))
		       ? -EFAULT
		       : 0;
}

int dmabench_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct session *session = cmd->file->private_data;
	struct async *op;
	int err;

	if (cmd->cmd_op != DMABENCH_URING_COPY)
		return -ENOTTY;
	if (cmd->flags & URING_USER_FLAGS)
		return -EINVAL;
	op = kzalloc(sizeof(*op), GFP_KERNEL);
	if (!op)
		return -ENOMEM;
	op->cmd = cmd;
	op->session = session;
	op->nowait = issue_flags & IO_URING_F_NONBLOCK;
	*(struct async **)cmd->pdu = op;
	err = read_payload(cmd, &op->arg);
	if (!err)
		err = check_args(&op->arg);
	if (!err && atomic_inc_return(&session->async) > DMABENCH_MAX_ASYNC) {
		atomic_dec(&session->async);
		err = -EBUSY;
	} else if (!err) {
		err = start(op);
		if (err)
			atomic_dec(&session->async);
	}
	if (!err)
		return -EIOCBQUEUED;
	kfree(op);
	return err;
}
