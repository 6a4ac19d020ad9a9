// SPDX-License-Identifier: GPL-2.0-only
/* The memory of a copy that nobody waits for: taken as a whole, given back with its completion. */
#include <linux/mm.h>

#include "async.h"

int async_init_sides(struct async *op)
{
	const struct dmabench_copy *arg = &op->arg;

	if (arg->len & (op->engine->align - 1))
		return -EINVAL;
	return sides_init(op->side, op->session, op->engine, &arg->src, &arg->dst, arg->len);
}

static int pin_side(struct async *op, int i, struct overlap *overlap)
{
	struct side *side = &op->side[i];
	struct area *area = &op->area[i];
	u64 addr = side->arg->addr, len = op->arg.len;
	size_t offset = offset_in_page(addr);
	int err;

	if (len > min_t(u64, op->engine->max_map, MAX_CHUNK))
		return -EINVAL;
	err = area_pin(area, op->engine, addr, len,
		       (side->write ? PIN_WRITE : 0) | (op->nowait ? PIN_NOWAIT : 0));
	if (!err)
		err = side_overlaps(op->side, i, area, offset, len, overlap);
	if (!err)
		err = area_map(area, offset, len, side->write ? DMA_FROM_DEVICE : DMA_TO_DEVICE,
			       side->write);
	if (!err)
		cursor_start(&op->cursor[i], area, 0);
	return err;
}

/*
 * A sync moves bytes that others may be using, so a buffer that needs it is lent to one copy
 * at a time. The lock can't be held until the completion, which may come in another task: a
 * mark can.
 */
int async_begin_side(struct async *op, int i, struct overlap *overlap)
{
	struct side *side = &op->side[i];
	struct buffer *buffer = side->buffer;

	if (!buffer)
		return pin_side(op, i, overlap);
	if (buffer->need_sync && !(i && buffer == op->side[0].buffer)) {
		if (!mutex_trylock(&buffer->io_lock))
			return -EBUSY;
		op->lent[i] = !buffer->lent;
		buffer->lent = true;
		mutex_unlock(&buffer->io_lock);
		if (!op->lent[i])
			return -EBUSY;
	}
	if (buffer->need_sync) {
		map_lock(op->engine);
		area_lend(&buffer->area, side->arg->addr, op->arg.len, side->write);
		map_unlock(op->engine);
		op->handed = side->write;
	}
	if (side->write)
		buffer->written = true;
	side_start(side, 0);
	op->cursor[i] = side->cursor;
	return 0;
}

static void end_side(struct async *op, int i, bool written)
{
	struct buffer *buffer = op->side[i].buffer;

	if (!buffer) {
		area_unmap(&op->area[i]);
		area_release(&op->area[i], written);
		area_free(&op->area[i]);
		return;
	}
	/* Else what is lent of the buffer is so to another copy. */
	if (op->side[i].write && op->handed) {
		map_lock(op->engine);
		area_take_back(&buffer->area, written);
		map_unlock(op->engine);
	}
	if (op->lent[i]) {
		mutex_lock(&buffer->io_lock);
		buffer->lent = false;
		mutex_unlock(&buffer->io_lock);
	}
}

void async_release(struct async *op, bool written)
{
	int i;

	/* The destination first: it may need what the source's mark protects. */
	for (i = 1; i >= 0; i--)
		end_side(op, i, written);
	sides_exit(op->side, op->session);
}

/*
 * The engine may write to what this copy held at any time from now on. Pages stay
 * pinned, mapped and charged, and buffers in use, for good.
 */
void async_quarantine(struct async *op)
{
	int i;

	mutex_lock(&op->engine->submit_lock);
	list_add_tail(&op->node, &op->engine->quarantine);
	mutex_unlock(&op->engine->submit_lock);
	for (i = 0; i < 2; i++) {
		if (op->side[i].buffer)
			buffer_quarantine(op->side[i].buffer);
	}
}
