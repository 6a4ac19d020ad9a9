// SPDX-License-Identifier: GPL-2.0-only
/* Which results a copy is allowed: COPY, by io_uring, and BATCH. See model.c. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

/* More is never mapped at once; nothing that is asked for lies close to it. */
#define LONGEST_MAPPED (256ULL << 20)
#define LINE 64UL

/* Where user memory is written, chunks end at cache lines. */
uint64_t chunks_of(const struct dmabench_copy *arg)
{
	uint64_t chunk = arg->chunk && arg->chunk < arg->len ? arg->chunk : arg->len, first;

	if (chunk == arg->len)
		return 1;
	first = chunk;
	if (arg->dst.kind == DMABENCH_BUF_USER) {
		chunk = chunk < LINE ? LINE : chunk & ~(LINE - 1);
		first = chunk - arg->dst.addr % LINE;
	}
	first = first < arg->len ? first : arg->len;
	return 1 + (arg->len - first + chunk - 1) / chunk;
}

static bool side_valid(struct worker *w, unsigned int session, int engine,
		       const struct dmabench_side *side, uint64_t len, uint32_t needed)
{
	const struct buffer *b;

	if (side->addr + len < side->addr)
		return false;
	if (side->kind == DMABENCH_BUF_USER)
		return !side->handle;
	b = find_buffer(w, session, side->handle);
	return b && b->kind == side->kind && b->engine == engine && b->flags & needed &&
	       side->addr <= b->size && len <= b->size - side->addr;
}

/*
 * Addresses of a caller's own sides that meet are refused without a look at what is there. All
 * else is refused by the pages that there are, at whatever addresses they are seen.
 */
static bool addresses_meet(const struct dmabench_side *src, const struct dmabench_side *dst,
			   uint64_t len)
{
	uint64_t x = src->addr, y = dst->addr;

	return src->kind == DMABENCH_BUF_USER && dst->kind == DMABENCH_BUF_USER &&
	       (x < y ? y - x < len : x - y < len);
}

/* As far as either side is there. */
static bool bytes_meet(struct worker *w, unsigned int session, const struct dmabench_side *src,
		       const struct dmabench_side *dst, uint64_t len)
{
	struct spans a, b;

	reach(w, session, src, len, false, &a);
	reach(w, session, dst, len, true, &b);
	return spans_meet(&a, &b);
}

static bool any_user(const struct dmabench_side *src, const struct dmabench_side *dst)
{
	return src->kind == DMABENCH_BUF_USER || dst->kind == DMABENCH_BUF_USER;
}

static bool sides_valid(struct worker *w, unsigned int session, uint32_t handle,
			const struct dmabench_side *src, const struct dmabench_side *dst,
			uint64_t len)
{
	int engine = find_engine_of(&w->session[session], handle);

	return engine >= 0 && side_valid(w, session, engine, src, len, DMABENCH_BUF_SOURCE) &&
	       side_valid(w, session, engine, dst, len, DMABENCH_BUF_DEST) &&
	       !addresses_meet(src, dst, len) &&
	       (any_user(src, dst) || !bytes_meet(w, session, src, dst, len));
}

static bool copy_valid(struct worker *w, unsigned int session, const struct dmabench_copy *arg)
{
	if (arg->flags & ~(DMABENCH_COPY_POLL | DMABENCH_COPY_TIMES) ||
	    !zeros(arg->reserved, sizeof(arg->reserved)) || !arg->len || arg->len > LONGEST ||
	    arg->depth > w->world->info.max_depth)
		return false;
	if (!(arg->flags & DMABENCH_COPY_TIMES) && (arg->latency_ptr || arg->latency_count))
		return false;
	return sides_valid(w, session, arg->engine, &arg->src, &arg->dst, arg->len);
}

/* How a copy can end that began well. */
static void allow_ends(struct worker *w, unsigned int session, uint32_t engine, uint32_t timeout_ms,
		       struct expect *e)
{
	if (!w->world->exclusive || find_engine_of(&w->session[session], engine) != (int)w->own)
		allow(e, EIO); /* another session's timeout */
	if (timeout_ms && timeout_ms < 1000)
		allow(e, ETIMEDOUT);
}

/* Of the sides that are the caller's. Returns whether all is there. */
static bool expect_pins(struct worker *w, const struct dmabench_copy *arg, struct expect *e)
{
	const struct dmabench_side *side[] = { &arg->src, &arg->dst };
	unsigned int i, k;
	bool there = true;

	for (i = 0; i < 2; i++) {
		struct expect pin;

		if (side[i]->kind != DMABENCH_BUF_USER)
			continue;
		pin = expect_pin(w, side[i]->addr, arg->len, i);
		there = there && allowed(&pin, 0);
		for (k = 0; k < pin.count; k++) {
			if (pin.err[k])
				allow(e, pin.err[k]);
		}
	}
	return there;
}

/*
 * What is pinned is compared chunk by chunk, after the pinning. So with more chunks than one,
 * bytes may have moved before the first that both sides have is seen.
 */
struct expect expect_copy(struct worker *w, unsigned int session, const struct dmabench_copy *arg)
{
	bool meet, there, chunks = chunks_of(arg) > 1;
	struct expect pins = { 0 }, e;
	unsigned int i;

	if (!copy_valid(w, session, arg))
		return only(EINVAL);
	meet = bytes_meet(w, session, &arg->src, &arg->dst, arg->len);
	there = expect_pins(w, arg, &pins);
	e = meet ? only(EINVAL) : there ? only(0) : (struct expect){ 0 };
	for (i = 0; i < pins.count; i++)
		allow(&e, pins.err[i]);
	/* The times have nowhere to go. */
	if (arg->latency_count && arg->latency_ptr != (uintptr_t)w->latency && allowed(&e, 0))
		e = only(EFAULT);
	e.late = meet && chunks;
	e.pinned = meet;
	if (!meet || chunks)
		allow_ends(w, session, arg->engine, arg->timeout_ms, &e);
	return e;
}

/* It is read first; then it is a copy with less to choose from. */
struct expect expect_async(struct worker *w, unsigned int session,
			   const struct submission *submission, bool readable)
{
	const struct dmabench_copy *arg = &submission->copy;

	if (submission->cmd != DMABENCH_URING_COPY)
		return only(ENOTTY);
	if (submission->reserved)
		return only(EINVAL);
	if (!readable)
		return only(EFAULT);
	if (arg->flags || arg->chunk || arg->depth || arg->latency_ptr || arg->latency_count ||
	    arg->src.kind == DMABENCH_BUF_KERNEL || arg->dst.kind == DMABENCH_BUF_KERNEL)
		return only(EINVAL);
	if (any_user(&arg->src, &arg->dst) && arg->len > LONGEST_MAPPED)
		return only(EINVAL);
	return expect_copy(w, session, arg);
}

static bool batch_valid(const struct world *world, const struct dmabench_batch *arg)
{
	return !(arg->flags & ~DMABENCH_COPY_POLL) && !arg->reserved0 &&
	       zeros(arg->reserved, sizeof(arg->reserved)) && arg->span && arg->span <= LONGEST &&
	       arg->depth <= world->info.max_depth && arg->segments &&
	       arg->segments <= DMABENCH_MAX_SEGMENTS && arg->src.kind != DMABENCH_BUF_USER &&
	       arg->dst.kind != DMABENCH_BUF_USER;
}

static bool within(uint64_t offset, uint64_t len, uint64_t span)
{
	return len && offset <= span && len <= span - offset;
}

static bool list_valid(const struct dmabench_segment *list, uint32_t count, uint64_t span)
{
	uint32_t i, k;

	for (i = 0; i < count; i++) {
		if (!within(list[i].src, list[i].len, span) ||
		    !within(list[i].dst, list[i].len, span))
			return false;
		for (k = 0; k < i; k++) {
			if (list[i].dst < list[k].dst + list[k].len &&
			    list[k].dst < list[i].dst + list[i].len)
				return false;
		}
	}
	return true;
}

/* The request by itself, then the list, then what its handles stand for. */
struct expect expect_batch(struct worker *w, unsigned int session, const struct dmabench_batch *arg,
			   const struct dmabench_segment *list)
{
	struct expect e = only(0);

	if (!batch_valid(w->world, arg) || find_engine_of(&w->session[session], arg->engine) < 0)
		return only(EINVAL);
	if (!list)
		return only(EFAULT);
	if (!list_valid(list, arg->segments, arg->span) ||
	    !sides_valid(w, session, arg->engine, &arg->src, &arg->dst, arg->span))
		return only(EINVAL);
	allow_ends(w, session, arg->engine, arg->timeout_ms, &e);
	return e;
}
