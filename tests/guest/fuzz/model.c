// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which results a request is allowed, by docs/uapi.md and include/dmabench_uapi.h: from
 * the request as it is and what the worker knows to be open, made and mapped.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"

/* Longer than what an int of pages can count. */
#define LONGEST (0x7fffffffULL << 12)
/* More is never mapped at once; nothing that is asked for lies close to it. */
#define LONGEST_MAPPED (256ULL << 20)

struct buffer *find_buffer(struct worker *w, unsigned int session, uint32_t handle)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		struct buffer *b = &w->buffer[i];

		if (b->live && b->session == session && b->handle == handle)
			return b;
	}
	return NULL;
}

/* -1: no such handle of an engine. */
int find_engine_of(const struct session *s, uint32_t handle)
{
	int i;

	for (i = 0; i < MAX_ENGINES; i++) {
		if (handle && s->engine[i] == handle)
			return i;
	}
	return -1;
}

static bool zeros(const void *at, size_t size)
{
	const uint8_t *byte = at;

	while (size && !*byte) {
		byte++;
		size--;
	}
	return !size;
}

static struct expect only(int err)
{
	return (struct expect){ .count = 1, .err = { err } };
}

struct expect expect_engine_open(struct worker *w, unsigned int session,
				 const struct dmabench_engine_open *arg, int *engine)
{
	const struct world *world = w->world;
	unsigned int i;

	if (arg->flags || !zeros(arg->reserved, sizeof(arg->reserved)) ||
	    !memchr(arg->name, 0, sizeof(arg->name)))
		return only(EINVAL);
	/* The empty name takes the first that is listed. */
	for (i = 0; i < world->engines; i++) {
		if (!arg->name[0] || !strcmp(arg->name, world->engine[i].name))
			break;
	}
	if (i == world->engines)
		return only(ENODEV);
	*engine = (int)i;
	return only(w->session[session].engine[i] ? EBUSY : 0);
}

static bool node_known(const struct world *world, int node)
{
	return node == -1 || (node >= 0 && node < 64 && world->nodes >> node & 1);
}

static bool create_valid(const struct world *world, const struct dmabench_buffer *arg)
{
	if (arg->reserved0 || !zeros(arg->reserved, sizeof(arg->reserved)) || !arg->flags ||
	    arg->flags & ~BOTH)
		return false;
	if (!arg->size || arg->size > LONGEST || arg->addr + arg->size < arg->addr)
		return false;
	switch (arg->kind) {
	case DMABENCH_BUF_REGISTERED:
		return arg->node == -1;
	case DMABENCH_BUF_COHERENT:
		return arg->node == -1 && !arg->addr;
	case DMABENCH_BUF_KERNEL:
		return node_known(world, arg->node) && !arg->addr;
	}
	return false;
}

static struct expect expect_pin(struct worker *w, uint64_t addr, uint64_t len, bool write)
{
	struct expect e = only(accessible(w, addr, len, write) < len ? EFAULT : 0);

	/* A list of so many pages may be too much to ask for before any is looked at. */
	if (len > 1ULL << 30)
		allow(&e, ENOMEM);
	/* Memory of a driver: as the platform maps it. */
	if (touches(w, addr, len, COHERENT))
		allow(&e, EFAULT);
	return e;
}

struct expect expect_create(struct worker *w, unsigned int session,
			    const struct dmabench_buffer *arg)
{
	if (!create_valid(w->world, arg) || find_engine_of(&w->session[session], arg->engine) < 0)
		return only(EINVAL);
	if (arg->kind == DMABENCH_BUF_REGISTERED)
		return expect_pin(w, arg->addr, arg->size, arg->flags & DMABENCH_BUF_DEST);
	return only(arg->size > w->world->info.max_coherent ? ENOMEM : 0);
}

struct expect expect_destroy(struct worker *w, unsigned int session,
			     const struct dmabench_destroy *arg)
{
	const struct buffer *b = find_buffer(w, session, arg->handle);

	if (arg->flags || !b)
		return only(EINVAL);
	return only(buffer_mapped(w, b) ? EBUSY : 0);
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

/* Where the caller sees the bytes, if it does. */
static bool seen_at(struct worker *w, unsigned int session, const struct dmabench_side *side,
		    uint64_t *addr)
{
	*addr = side->addr;
	if (side->kind == DMABENCH_BUF_USER)
		return true;
	if (side->kind != DMABENCH_BUF_REGISTERED || w->child)
		return false;
	*addr += find_buffer(w, session, side->handle)->addr;
	return true;
}

static bool overlap(struct worker *w, unsigned int session, const struct dmabench_side *src,
		    const struct dmabench_side *dst, uint64_t len)
{
	uint64_t x = src->addr, y = dst->addr;
	bool same = src->kind != DMABENCH_BUF_USER && src->handle == dst->handle;

	if (!same && !(seen_at(w, session, src, &x) && seen_at(w, session, dst, &y)))
		return false;
	return x < y ? y - x < len : x - y < len;
}

static bool sides_valid(struct worker *w, unsigned int session, uint32_t handle,
			const struct dmabench_side *src, const struct dmabench_side *dst,
			uint64_t len)
{
	int engine = find_engine_of(&w->session[session], handle);

	return engine >= 0 && side_valid(w, session, engine, src, len, DMABENCH_BUF_SOURCE) &&
	       side_valid(w, session, engine, dst, len, DMABENCH_BUF_DEST) &&
	       !overlap(w, session, src, dst, len);
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

struct expect expect_copy(struct worker *w, unsigned int session, const struct dmabench_copy *arg)
{
	const struct dmabench_side *side[] = { &arg->src, &arg->dst };
	struct expect e = only(0);
	unsigned int i, k;

	if (!copy_valid(w, session, arg))
		return only(EINVAL);
	for (i = 0; i < 2; i++) {
		struct expect pin;

		if (side[i]->kind != DMABENCH_BUF_USER)
			continue;
		pin = expect_pin(w, side[i]->addr, arg->len, i);
		if (!allowed(&pin, 0))
			e = only(EFAULT);
		for (k = 0; k < pin.count; k++) {
			if (pin.err[k])
				allow(&e, pin.err[k]);
		}
	}
	/* The times have nowhere to go. */
	if (arg->latency_count && arg->latency_ptr != (uintptr_t)w->latency && allowed(&e, 0))
		e = only(EFAULT);
	allow_ends(w, session, arg->engine, arg->timeout_ms, &e);
	return e;
}

/* It is read first; then it is a copy with less to choose from. */
struct expect expect_async(struct worker *w, unsigned int session,
			   const struct submission *submission, bool readable)
{
	const struct dmabench_copy *arg = &submission->copy;
	bool user = arg->src.kind == DMABENCH_BUF_USER || arg->dst.kind == DMABENCH_BUF_USER;

	if (submission->cmd != DMABENCH_URING_COPY)
		return only(ENOTTY);
	if (submission->reserved)
		return only(EINVAL);
	if (!readable)
		return only(EFAULT);
	if (arg->flags || arg->chunk || arg->depth || arg->latency_ptr || arg->latency_count ||
	    arg->src.kind == DMABENCH_BUF_KERNEL || arg->dst.kind == DMABENCH_BUF_KERNEL)
		return only(EINVAL);
	if (user && arg->len > LONGEST_MAPPED)
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
