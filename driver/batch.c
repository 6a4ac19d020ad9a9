// SPDX-License-Identifier: GPL-2.0-only
/*
 * BATCH: many copies between the same two buffers in one request.
 *
 * The list is copied in once and checked as a whole before anything moves. Segments
 * are given to the engine in the order of the list; a walk over a buffer goes on where
 * the last one ended, so a list in ascending order costs the least.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>

#include "area.h"
#include "buffer.h"
#include "dmabench.h"
#include "engine.h"
#include "entry.h"
#include "request.h"
#include "session.h"
#include "side.h"

/* Bytes; segments that are mapped are a page at least, but for the first and the last. */
#define LONG_STEP (64 * PAGE_SIZE)

struct batch {
	struct dmabench_batch *arg;
	struct engine *engine;
	struct dma_request *req;
	u32 depth;
	struct side side[2]; /* source, destination */
	u64 at[2];	     /* where in the span their cursors are */
	struct dmabench_segment *list;
	u32 next; /* segment to submit */
	u64 done; /* bytes of it that are submitted */
	bool starved;
	u64 stamp;
};

static void lap(struct batch *batch, u64 *stage)
{
	u64 now = ktime_get_ns();

	*stage += now - batch->stamp;
	batch->stamp = now;
}

static int check_args(const struct dmabench_batch *arg)
{
	if (arg->flags & ~DMABENCH_COPY_POLL || arg->reserved0 ||
	    any_set(arg->reserved, ARRAY_SIZE(arg->reserved)))
		return -EINVAL;
	if (!arg->span || arg->span > MAX_RANGE || arg->depth > MAX_DEPTH)
		return -EINVAL;
	if (!arg->segments || arg->segments > DMABENCH_MAX_SEGMENTS)
		return -EINVAL;
	/* What isn't mapped beforehand would have to be mapped as a whole. */
	if (arg->src.kind == DMABENCH_BUF_USER || arg->dst.kind == DMABENCH_BUF_USER)
		return -EINVAL;
	return 0;
}

/* What was asked stays as it is in the request, which goes back to the caller. */
static void fill_defaults(struct batch *batch, struct dmabench_batch *arg)
{
	batch->arg = arg;
	batch->depth = arg->depth ?: DEFAULT_DEPTH;
	arg->total_ns = 0;
	arg->list_ns = 0;
	arg->map_ns = 0;
	arg->submit_ns = 0;
	arg->wait_ns = 0;
	arg->unmap_ns = 0;
	arg->copied = 0;
	arg->descriptors = 0;
}

static bool within(u64 offset, u64 len, u64 span)
{
	return offset <= span && len <= span - offset;
}

static int by_destination(const void *a, const void *b)
{
	const struct dmabench_segment *x = a, *y = b;

	return x->dst < y->dst ? -1 : x->dst > y->dst;
}

/* The order of submission stays the caller's, so a copy of the list is sorted. */
static int check_overlap(const struct dmabench_segment *list, u32 count)
{
	size_t bytes = array_size(count, sizeof(*list));
	struct dmabench_segment *sorted = kvmalloc(bytes, gfp_of_request(bytes));
	int err = 0;
	u32 i;

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, list, bytes);
	sort(sorted, count, sizeof(*sorted), by_destination, NULL);
	for (i = 1; i < count && !err; i++) {
		if (sorted[i - 1].dst + sorted[i - 1].len > sorted[i].dst)
			err = -EINVAL;
	}
	kvfree(sorted);
	return err;
}

static int check_list(struct batch *batch)
{
	struct dmabench_batch *arg = batch->arg;
	bool ascending = true;
	u64 end = 0;
	u32 i;

	for (i = 0; i < arg->segments; i++) {
		const struct dmabench_segment *s = &batch->list[i];

		if (!s->len || (s->src | s->dst | s->len) & (batch->engine->align - 1) ||
		    !within(s->src, s->len, arg->span) || !within(s->dst, s->len, arg->span))
			return -EINVAL;
		ascending = ascending && s->dst >= end;
		end = s->dst + s->len;
		/* Can't wrap: that many spans are below 2^64. */
		arg->copied += s->len;
	}
	return ascending ? 0 : check_overlap(batch->list, arg->segments);
}

static int copy_list(struct batch *batch)
{
	struct dmabench_batch *arg = batch->arg;
	size_t bytes = array_size(arg->segments, sizeof(*batch->list));

	batch->list = kvmalloc(bytes, gfp_of_request(bytes));
	if (!batch->list)
		return -ENOMEM;
	return copy_from_user(batch->list, u64_to_user_ptr(arg->segments_ptr), bytes) ? -EFAULT : 0;
}

static int batch_init(struct batch *batch, struct session *session)
{
	struct dmabench_batch *arg = batch->arg;
	int err;

	batch->engine = session_engine(session, arg->engine);
	if (IS_ERR(batch->engine))
		return PTR_ERR(batch->engine);
	if (!engine_usable(batch->engine))
		return -ENODEV;
	err = copy_list(batch) ?: check_list(batch);
	return err
		       ?: sides_init(batch->side, session, batch->engine, &arg->src, &arg->dst,
				     arg->span);
}

/* A step forward is a walk; where that's long, or backwards, there's a shorter way. */
static void seek(struct side *side, u64 *at, u64 to)
{
	if (to < *at || to - *at > LONG_STEP)
		side_start(side, to);
	else
		cursor_skip(&side->cursor, to - *at);
	*at = to;
}

static int submit_piece(struct batch *batch)
{
	const struct dmabench_segment *s = &batch->list[batch->next];
	size_t len;
	int err;

	seek(&batch->side[0], &batch->at[0], s->src + batch->done);
	seek(&batch->side[1], &batch->at[1], s->dst + batch->done);
	err = piece_add(batch->req, &batch->side[0].cursor, &batch->side[1].cursor,
			s->len - batch->done, &len);
	if (err)
		return err;
	batch->at[0] += len;
	batch->at[1] += len;
	batch->done += len;
	batch->arg->descriptors++;
	if (batch->done == s->len) {
		batch->next++;
		batch->done = 0;
	}
	return 0;
}

static int submit(struct batch *batch)
{
	struct dma_request *req = batch->req;
	unsigned long from;
	int err = 0;

	mutex_lock(&batch->engine->submit_lock);
	from = req->next;
	while (!err && batch->next < batch->arg->segments && request_inflight(req) < batch->depth)
		err = submit_piece(batch);
	request_issue(req, from);
	mutex_unlock(&batch->engine->submit_lock);
	lap(batch, &batch->arg->submit_ns);
	batch->starved = err == -EAGAIN;
	return batch->starved ? 0 : err;
}

/* Others hold all the descriptors of the channel: nothing of ours will wake us. */
static int wait_for_room(struct batch *batch)
{
	unsigned long end = jiffies + batch->req->timeout;
	int err = 0;

	while (!err && !request_inflight(batch->req)) {
		usleep_range(50, 100);
		lap(batch, &batch->arg->wait_ns);
		err = submit(batch);
		if (!err && task_sigpending(current))
			err = -EINTR;
		if (!err && batch->starved && time_after(jiffies, end))
			err = batch->req->refused ? -EINVAL : -ENOMEM;
	}
	return err;
}

static int step(struct batch *batch)
{
	struct dma_request *req = batch->req;
	int err;

	if (batch->next < batch->arg->segments && !batch->starved &&
	    request_inflight(req) < batch->depth)
		return submit(batch);
	if (!request_inflight(req))
		return wait_for_room(batch);
	err = request_wait(req);
	lap(batch, &batch->arg->wait_ns);
	return err;
}

static int run(struct batch *batch)
{
	u64 latency;
	int err = 0;

	while (!err && (batch->next < batch->arg->segments || request_inflight(batch->req))) {
		while (request_reap(batch->req, &err, &latency) && !err)
			batch->starved = false;
		if (!err && (batch->next < batch->arg->segments || request_inflight(batch->req)))
			err = step(batch);
	}
	return err ?: request_settle(batch->req);
}

/* Returns whether the engine is done with the buffers. */
static bool batch_run(struct batch *batch, int *err)
{
	struct dmabench_batch *arg = batch->arg;
	bool quiet;
	int i;

	batch->req = request_new(batch->engine, batch->depth, arg->flags & DMABENCH_COPY_POLL,
				 TIMEOUT_MS(arg->timeout_ms));
	if (IS_ERR(batch->req)) {
		*err = PTR_ERR(batch->req);
		return true;
	}
	lap(batch, &arg->list_ns);
	*err = sides_begin(&batch->side[0], &batch->side[1], arg->span);
	if (*err) {
		request_free(batch->req);
		return true;
	}
	lap(batch, &arg->map_ns);
	*err = run(batch);
	quiet = !*err || !request_quiesce(batch->req, *err);
	for (i = 0; i < 2 && !quiet; i++)
		buffer_quarantine(batch->side[i].buffer);
	batch->stamp = ktime_get_ns();
	sides_end(&batch->side[0], &batch->side[1]);
	lap(batch, &arg->unmap_ns);
	request_free(batch->req);
	return quiet;
}

int batch_ioctl(struct session *session, struct dmabench_batch *arg)
{
	u64 start = ktime_get_ns();
	struct batch *batch;
	bool quiet = true;
	int err;

	err = check_args(arg);
	if (err)
		return err;
	batch = kzalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	fill_defaults(batch, arg);
	batch->stamp = start;
	err = batch_init(batch, session);
	if (!err)
		quiet = batch_run(batch, &err);
	/* Buffers that the engine may still write to stay in use for good. */
	if (quiet)
		sides_exit(batch->side, session);
	kvfree(batch->list);
	kfree(batch);
	arg->total_ns = ktime_get_ns() - start;
	return err;
}
