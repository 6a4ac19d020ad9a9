// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pipeline over the chunks of a copy.
 *
 * Feeding the engine comes first, then preparing the next chunk while it moves,
 * then clearing away what has moved; only with none of that to do does the
 * caller wait. Chunks are prepared, submitted and released in order.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>

#include "copy.h"

/* What passed since the last call belongs to the stage before; from now on, to next. */
void pipeline_stage(struct copy *copy, u64 *next)
{
	u64 now;

	if (copy->stage && copy->stage == next)
		return;
	now = ktime_get_ns();
	if (copy->stage)
		*copy->stage += now - copy->stamp;
	copy->stage = next;
	copy->stamp = now;
}

/* One of the caller's memory. */
static int prepare_side(struct copy *copy, struct chunk *chunk, int i)
{
	struct dmabench_copy *arg = &copy->arg;
	struct pinned *pinned = pinned_of(copy, chunk);
	struct area *area = &pinned->area[i];
	struct side *side = &copy->side[i];
	u64 addr = side->arg->addr + copy->offset;
	size_t offset = offset_in_page(addr);
	int err;

	pipeline_stage(copy, &arg->pin_ns);
	err = area_pin(area, copy->engine, addr, chunk->len, side->write ? PIN_WRITE : 0);
	if (err)
		return err;
	err = side_overlaps(copy->side, i, area, offset, chunk->len, &copy->overlap);
	if (err) {
		area_release(area, false);
		return err;
	}
	pipeline_stage(copy, &arg->map_ns);
	err = area_map(area, offset, chunk->len, side->write ? DMA_FROM_DEVICE : DMA_TO_DEVICE,
		       side->write);
	if (err) {
		pipeline_stage(copy, &arg->unpin_ns);
		area_release(area, false);
		return err;
	}
	side->sg_pinned += area->sgt.orig_nents;
	side->sg_mapped += area->sgt.nents;
	cursor_start(&pinned->cursor[i], area, 0);
	return 0;
}

static void release_chunk(struct copy *copy, struct chunk *chunk)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (copy->side[i].buffer)
			continue;
		pipeline_stage(copy, &copy->arg.unmap_ns);
		area_unmap(&pinned_of(copy, chunk)->area[i]);
		pipeline_stage(copy, &copy->arg.unpin_ns);
		area_release(&pinned_of(copy, chunk)->area[i], chunk->submitted);
	}
}

static int prepare(struct copy *copy)
{
	struct chunk *chunk = &copy->ring[copy->prepared % RING];
	int i, err = 0;

	if (task_sigpending(current))
		return -EINTR;
	chunk->len = min(copy->prepared ? copy->chunk_len : copy->first_len,
			 copy->arg.len - copy->offset);
	chunk->submitted = 0;
	chunk->piece = copy->max_piece;
	for (i = 0; i < 2 && !err; i++) {
		if (!copy->side[i].buffer)
			err = prepare_side(copy, chunk, i);
	}
	if (err) {
		release_chunk(copy, chunk);
		return err;
	}
	copy->offset += chunk->len;
	copy->prepared++;
	return 0;
}

static struct cursor *cursor_of(struct copy *copy, struct chunk *chunk, int i)
{
	return copy->side[i].buffer ? &copy->side[i].cursor : &pinned_of(copy, chunk)->cursor[i];
}

static int submit_piece(struct copy *copy, struct chunk *chunk)
{
	size_t len;
	int err = piece_add(copy->req, cursor_of(copy, chunk, 0), cursor_of(copy, chunk, 1),
			    min(chunk->len - chunk->submitted, chunk->piece), &len);

	if (err)
		return err;
	chunk->submitted += len;
	chunk->piece -= len;
	if (!chunk->piece)
		chunk->piece = copy->max_piece;
	copy->arg.descriptors++;
	return 0;
}

static int submit(struct copy *copy)
{
	struct dma_request *req = copy->req;
	unsigned long from;
	int err = 0;

	pipeline_stage(copy, &copy->arg.submit_ns);
	lock_quickly(&copy->engine->submit_lock);
	from = req->next;
	while (!err && copy->submitted < copy->prepared && request_inflight(req) < copy->depth) {
		struct chunk *chunk = &copy->ring[copy->submitted % RING];

		err = submit_piece(copy, chunk);
		if (chunk->submitted == chunk->len) {
			chunk->end = req->next;
			copy->submitted++;
		}
	}
	request_issue(req, from);
	mutex_unlock(&copy->engine->submit_lock);
	if (err != -EAGAIN)
		return err;
	copy->starved = true;
	return 0;
}

/* Others hold all the descriptors of the channel: nothing of ours will wake us. */
static int wait_for_room(struct copy *copy)
{
	unsigned long end = jiffies + copy->req->timeout;

	pipeline_stage(copy, &copy->arg.wait_ns);
	while (!request_inflight(copy->req)) {
		int err;

		usleep_range(50, 100);
		copy->starved = false;
		err = submit(copy);
		if (err)
			return err;
		if (task_sigpending(current))
			return -EINTR;
		if (!request_inflight(copy->req) && time_after(jiffies, end))
			return copy->req->refused ? -EINVAL : -ENOMEM;
	}
	return 0;
}

static int reap(struct copy *copy)
{
	struct dmabench_copy *arg = &copy->arg;
	u64 latency;
	int err = 0;

	while (request_inflight(copy->req) && request_reap(copy->req, &err, &latency)) {
		copy->starved = false;
		if (err)
			return err;
		if (arg->latency_written < copy->latencies)
			copy->latency[arg->latency_written++] = latency;
	}
	return err;
}

static bool can_release(struct copy *copy)
{
	return copy->released < copy->submitted &&
	       (long)(copy->req->first - copy->ring[copy->released % RING].end) >= 0;
}

static int step(struct copy *copy)
{
	struct dma_request *req = copy->req;
	int err;

	if (copy->submitted < copy->prepared && !copy->starved &&
	    request_inflight(req) < copy->depth)
		return task_sigpending(current) ? -EINTR : submit(copy);
	if (copy->prepared < copy->chunks && copy->prepared - copy->released < RING &&
	    !copy->tight) {
		err = prepare(copy);
		/* With memory out on loan, too little of it is no error yet. */
		if (err == -ENOMEM && copy->prepared > copy->released) {
			copy->tight = true;
			return 0;
		}
		return err;
	}
	if (can_release(copy)) {
		if (copy->pins)
			release_chunk(copy, &copy->ring[copy->released % RING]);
		copy->released++;
		copy->tight = false;
		return 0;
	}
	if (!request_inflight(req))
		return wait_for_room(copy);
	pipeline_stage(copy, &copy->arg.wait_ns);
	return request_wait(req);
}

int pipeline_run(struct copy *copy)
{
	int err = 0;

	while (!err && copy->released < copy->chunks) {
		err = reap(copy);
		if (!err)
			err = step(copy);
	}
	if (err || !request_settles(copy->req))
		return err;
	pipeline_stage(copy, &copy->arg.wait_ns);
	return request_settle(copy->req);
}

/* Let go of what a failed copy still held; the engine is quiet. */
void pipeline_clear(struct copy *copy)
{
	while (copy->released < copy->prepared)
		release_chunk(copy, &copy->ring[copy->released++ % RING]);
}
