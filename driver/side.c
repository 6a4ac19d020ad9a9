// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sides: the source and the destination of a copy, and the walk over them.
 */
#include <linux/mutex.h>
#include <linux/overflow.h>

#include "dmabench.h"

static bool aligned(const struct engine *engine, u64 addr)
{
	return !(addr & (engine->align - 1));
}

static int check_buffer(const struct side *side, const struct engine *engine, u64 len)
{
	const struct buffer *buffer = side->buffer;
	u32 needed = side->write ? DMABENCH_BUF_DEST : DMABENCH_BUF_SOURCE;
	u64 offset = side->arg->addr;

	if (buffer->kind != side->arg->kind || buffer->engine != engine ||
	    !(buffer->flags & needed))
		return -EINVAL;
	if (offset > buffer->size || len > buffer->size - offset)
		return -EINVAL;
	/* Coherent and kernel memory begins at a page. */
	return aligned(engine, buffer->addr + offset) ? 0 : -EINVAL;
}

int side_init(struct side *side, struct session *session, struct engine *engine,
	      const struct dmabench_side *arg, u64 len, bool write)
{
	u64 end;
	int err;

	side->arg = arg;
	side->write = write;
	if (check_add_overflow(arg->addr, len, &end))
		return -EINVAL;
	if (arg->kind == DMABENCH_BUF_USER)
		return arg->handle || !aligned(engine, arg->addr) ? -EINVAL : 0;
	side->buffer = buffer_use(session, arg->handle);
	if (!side->buffer)
		return -EINVAL;
	err = check_buffer(side, engine, len);
	if (err)
		side_exit(side, session);
	return err;
}

void side_exit(struct side *side, struct session *session)
{
	if (side->buffer)
		buffer_unuse(session, side->buffer);
	side->buffer = NULL;
}

/* Where the caller sees the bytes. False: nowhere, or not this caller. */
static bool user_address(const struct side *side, u64 *addr)
{
	const struct buffer *buffer = side->buffer;

	*addr = side->arg->addr;
	if (!buffer)
		return true;
	*addr += buffer->addr;
	return buffer->kind == DMABENCH_BUF_REGISTERED && buffer->area.mm == current->mm;
}

bool sides_overlap(const struct side *a, const struct side *b, u64 len)
{
	u64 x = a->arg->addr, y = b->arg->addr;

	if (!(a->buffer && a->buffer == b->buffer) && !(user_address(a, &x) && user_address(b, &y)))
		return false;
	return x < y ? y - x < len : x - y < len;
}

static bool need_sync(const struct side *side)
{
	return side->buffer && side->buffer->need_sync;
}

static int lock_buffers(struct side *src, struct side *dst)
{
	struct buffer *a = need_sync(src) ? src->buffer : NULL;
	struct buffer *b = need_sync(dst) ? dst->buffer : NULL;

	if (a == b)
		b = NULL;
	if (a && b && a->object.handle > b->object.handle)
		swap(a, b);
	if (a && mutex_lock_interruptible(&a->io_lock))
		return -EINTR;
	if (b && mutex_lock_interruptible_nested(&b->io_lock, SINGLE_DEPTH_NESTING)) {
		if (a)
			mutex_unlock(&a->io_lock);
		return -EINTR;
	}
	if ((a && a->lent) || (b && b->lent)) {
		if (b)
			mutex_unlock(&b->io_lock);
		if (a)
			mutex_unlock(&a->io_lock);
		return -EBUSY;
	}
	return 0;
}

/* The cursor of a buffer to where the side begins. */
void side_start(struct side *side)
{
	struct buffer *buffer = side->buffer;

	if (buffer->kind == DMABENCH_BUF_COHERENT) {
		side->cursor.addr = buffer->dma + side->arg->addr;
		side->cursor.left = buffer->size - side->arg->addr;
		return;
	}
	cursor_start(&side->cursor, &buffer->area.sgt, side->arg->addr);
}

static void side_begin(struct side *side, u64 len)
{
	struct buffer *buffer = side->buffer;

	if (!buffer)
		return;
	side_start(side);
	if (buffer->kind == DMABENCH_BUF_COHERENT) {
		side->sg_pinned = 1;
		side->sg_mapped = 1;
		return;
	}
	side->sg_pinned = buffer->area.sgt.orig_nents;
	side->sg_mapped = buffer->area.sgt.nents;
	if (buffer->need_sync)
		area_lend(&buffer->area, side->arg->addr, len, side->write);
	if (side->write)
		buffer->written = true;
}

/* Hand the bytes of buffers to the engine. */
int sides_begin(struct side *src, struct side *dst, u64 len)
{
	int err = lock_buffers(src, dst);

	if (err)
		return err;
	side_begin(src, len);
	side_begin(dst, len);
	return 0;
}

/* And take them back. */
void sides_end(struct side *src, struct side *dst)
{
	struct buffer *buffer = dst->buffer;

	if (need_sync(dst) && !buffer->quarantined)
		area_take_back(&buffer->area, true);
	if (need_sync(dst))
		mutex_unlock(&buffer->io_lock);
	if (need_sync(src) && src->buffer != dst->buffer)
		mutex_unlock(&src->buffer->io_lock);
}

void cursor_start(struct cursor *cursor, struct sg_table *sgt, u64 offset)
{
	struct scatterlist *sg = sgt->sgl;

	while (offset >= sg_dma_len(sg)) {
		offset -= sg_dma_len(sg);
		sg = sg_next(sg);
	}
	cursor->sg = sg;
	cursor->addr = sg_dma_address(sg) + offset;
	cursor->left = sg_dma_len(sg) - offset;
}

/* Only called while bytes of the copy are left, so there is a next segment. */
void cursor_fill(struct cursor *cursor)
{
	if (cursor->left)
		return;
	cursor->sg = sg_next(cursor->sg);
	cursor->addr = sg_dma_address(cursor->sg);
	cursor->left = sg_dma_len(cursor->sg);
}

/*
 * On to len bytes at one address, as far as segments follow each other there. The list was cut
 * to what may be mapped in one piece; to the engine, what is mapped side by side is one piece.
 */
void cursor_join(struct cursor *cursor, size_t len)
{
	while (cursor->left < len && cursor->sg) {
		struct scatterlist *next = sg_next(cursor->sg);

		/* Behind the last mapped one, lengths are 0. */
		if (!next || !sg_dma_len(next) ||
		    sg_dma_address(next) != cursor->addr + cursor->left)
			return;
		cursor->left += sg_dma_len(next);
		cursor->sg = next;
	}
}

void cursor_advance(struct cursor *cursor, size_t len)
{
	cursor->addr += len;
	cursor->left -= len;
}

/* Perhaps over segments, but never beyond the last: at its end, left is 0. */
void cursor_skip(struct cursor *cursor, u64 len)
{
	while (len > cursor->left) {
		len -= cursor->left;
		cursor->left = 0;
		cursor_fill(cursor);
	}
	cursor_advance(cursor, len);
}
