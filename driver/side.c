// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sides: the source and the destination of a copy, and the walk over them.
 */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>

#include "area.h"
#include "buffer.h"
#include "engine.h"
#include "overlap.h"
#include "session.h"
#include "side.h"

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
	return aligned(engine, buffer->offset + offset) ? 0 : -EINVAL;
}

/* As far as it can be told before anything is pinned; see overlap.c. */
static int sides_overlap(const struct side *a, const struct side *b, u64 len)
{
	u64 x = a->arg->addr, y = b->arg->addr;

	if (a->buffer == b->buffer) {
		if (!a->buffer) {
			x = untagged_addr((unsigned long)x);
			y = untagged_addr((unsigned long)y);
		}
		if (x < y ? y - x < len : x - y < len)
			return -EINVAL;
	}
	if (a->arg->kind != DMABENCH_BUF_REGISTERED || b->arg->kind != DMABENCH_BUF_REGISTERED)
		return 0;
	return buffers_overlap(a->buffer, a->buffer->offset + x, b->buffer, b->buffer->offset + y,
			       len);
}

/*
 * Of len bytes of side i that were just pinned, from offset in their first page on: EINVAL if any
 * are the other side's. Its pages are known if it is a buffer, and those of it that were looked at
 * until now if it is the caller's as well.
 */
int side_overlaps(const struct side *sides, int i, const struct area *area, u64 offset, u64 len,
		  struct overlap *overlap)
{
	const struct side *other = &sides[!i];
	int err = 0;

	if (!other->buffer) {
		if (area->anonymous)
			return 0;
		return overlap_find(overlap, i, area->pages, offset, len,
				    OVERLAP_KEEP | OVERLAP_FILES);
	}
	if (other->arg->kind != DMABENCH_BUF_REGISTERED)
		return 0;
	if (!overlap->set[!i].table)
		err = overlap_find(overlap, !i, other->buffer->area.pages,
				   other->buffer->offset + other->arg->addr, other->len,
				   OVERLAP_KEEP);
	return err ?: overlap_find(overlap, i, area->pages, offset, len, 0);
}

/* Where a buffer is meant, it is looked up next. */
static int side_init(struct side *side, const struct engine *engine,
		     const struct dmabench_side *arg, u64 len, bool write)
{
	u64 end;

	side->arg = arg;
	side->len = len;
	side->write = write;
	side->buffer = NULL;
	side->sg_pinned = 0;
	side->sg_mapped = 0;
	if (check_add_overflow(arg->addr, len, &end))
		return -EINVAL;
	if (arg->kind == DMABENCH_BUF_USER && (arg->handle || !aligned(engine, arg->addr)))
		return -EINVAL;
	return 0;
}

/* Returns whether there are such buffers; sides_exit lets go of those that there are. */
static bool sides_use(struct side *sides, struct session *session)
{
	bool found = true;
	int i;

	xa_lock(&session->handles);
	for (i = 0; i < 2; i++) {
		if (sides[i].arg->kind == DMABENCH_BUF_USER)
			continue;
		sides[i].buffer = buffer_find(session, sides[i].arg->handle);
		found = found && sides[i].buffer;
	}
	xa_unlock(&session->handles);
	return found;
}

/* sides: the source and the destination. Also after an error sides_exit must follow. */
int sides_init(struct side *sides, struct session *session, struct engine *engine,
	       const struct dmabench_side *src, const struct dmabench_side *dst, u64 len)
{
	int i, err;

	err = side_init(&sides[0], engine, src, len, false);
	err = side_init(&sides[1], engine, dst, len, true) ?: err;
	if (!err && !sides_use(sides, session))
		err = -EINVAL;
	for (i = 0; i < 2 && !err; i++) {
		if (sides[i].buffer)
			err = check_buffer(&sides[i], engine, len);
	}
	return err ?: sides_overlap(&sides[0], &sides[1], len);
}

void sides_exit(struct side *sides, struct session *session)
{
	int i;

	xa_lock(&session->handles);
	for (i = 0; i < 2; i++) {
		if (sides[i].buffer)
			sides[i].buffer->users--;
		sides[i].buffer = NULL;
	}
	xa_unlock(&session->handles);
}

static bool need_sync(const struct side *side)
{
	return side->buffer && side->buffer->need_sync;
}

/* See lock_quickly. */
static int lock_buffer(struct buffer *buffer, unsigned int subclass)
{
	might_lock_nested(&buffer->io_lock, subclass);
	if (mutex_trylock(&buffer->io_lock))
		return 0;
	return mutex_lock_interruptible_nested(&buffer->io_lock, subclass);
}

static int lock_buffers(struct side *src, struct side *dst)
{
	struct buffer *a = need_sync(src) ? src->buffer : NULL;
	struct buffer *b = need_sync(dst) ? dst->buffer : NULL;

	if (a == b)
		b = NULL;
	if (a && b && a->object.handle > b->object.handle)
		swap(a, b);
	if (a && lock_buffer(a, 0))
		return -EINTR;
	if (b && lock_buffer(b, SINGLE_DEPTH_NESTING)) {
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

/* The cursor of a buffer to so many bytes behind where the side begins. */
void side_start(struct side *side, u64 offset)
{
	struct buffer *buffer = side->buffer;

	offset += side->arg->addr;
	if (buffer->kind == DMABENCH_BUF_COHERENT) {
		side->cursor.addr = buffer->dma + offset;
		side->cursor.left = buffer->size - offset;
		return;
	}
	cursor_start(&side->cursor, &buffer->area, offset);
}

static void side_begin(struct side *side)
{
	struct buffer *buffer = side->buffer;

	if (!buffer)
		return;
	side_start(side, 0);
	if (buffer->kind == DMABENCH_BUF_COHERENT) {
		side->sg_pinned = 1;
		side->sg_mapped = 1;
		return;
	}
	side->sg_pinned = buffer->area.sgt.orig_nents;
	side->sg_mapped = buffer->area.sgt.nents;
	if (side->write)
		buffer->written = true;
}

static void sides_lend(struct side *src, struct side *dst, u64 len)
{
	bool lend_src = need_sync(src), lend_dst = need_sync(dst);
	struct engine *engine;

	if (!lend_src && !lend_dst)
		return;
	engine = lend_src ? src->buffer->engine : dst->buffer->engine;
	map_lock(engine);
	if (lend_src)
		area_lend(&src->buffer->area, src->arg->addr, len, false);
	if (lend_dst)
		area_lend(&dst->buffer->area, dst->arg->addr, len, true);
	map_unlock(engine);
}

/* Hand the bytes of buffers to the engine. */
int sides_begin(struct side *src, struct side *dst, u64 len)
{
	int err = lock_buffers(src, dst);

	if (err)
		return err;
	side_begin(src);
	side_begin(dst);
	sides_lend(src, dst, len);
	return 0;
}

/* And take them back. */
void sides_end(struct side *src, struct side *dst)
{
	struct buffer *buffer = dst->buffer;

	if (need_sync(dst) && !buffer->quarantined) {
		map_lock(buffer->engine);
		area_take_back(&buffer->area, true);
		map_unlock(buffer->engine);
	}
	if (need_sync(dst))
		mutex_unlock(&buffer->io_lock);
	if (need_sync(src) && src->buffer != dst->buffer)
		mutex_unlock(&src->buffer->io_lock);
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
