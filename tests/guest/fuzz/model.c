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

static bool overlap(struct worker *w, unsigned int session, const struct dmabench_copy *arg)
{
	uint64_t x = arg->src.addr, y = arg->dst.addr;
	bool same = arg->src.kind != DMABENCH_BUF_USER && arg->src.handle == arg->dst.handle;

	if (!same && !(seen_at(w, session, &arg->src, &x) && seen_at(w, session, &arg->dst, &y)))
		return false;
	return x < y ? y - x < arg->len : x - y < arg->len;
}

static bool copy_valid(struct worker *w, unsigned int session, const struct dmabench_copy *arg)
{
	int engine = find_engine_of(&w->session[session], arg->engine);

	if (arg->flags & ~(DMABENCH_COPY_POLL | DMABENCH_COPY_TIMES) ||
	    !zeros(arg->reserved, sizeof(arg->reserved)) || !arg->len || arg->len > LONGEST ||
	    arg->depth > w->world->info.max_depth)
		return false;
	if (!(arg->flags & DMABENCH_COPY_TIMES) && (arg->latency_ptr || arg->latency_count))
		return false;
	return engine >= 0 &&
	       side_valid(w, session, engine, &arg->src, arg->len, DMABENCH_BUF_SOURCE) &&
	       side_valid(w, session, engine, &arg->dst, arg->len, DMABENCH_BUF_DEST) &&
	       !overlap(w, session, arg);
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
	if (!w->world->exclusive ||
	    find_engine_of(&w->session[session], arg->engine) != (int)w->own)
		allow(&e, EIO); /* another session's timeout */
	if (arg->timeout_ms && arg->timeout_ms < 1000)
		allow(&e, ETIMEDOUT);
	return e;
}
