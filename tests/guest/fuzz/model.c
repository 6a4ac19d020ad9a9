// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which results a request is allowed, by docs/uapi.md and include/dmabench_uapi.h: from
 * the request as it is and what the worker knows to be open, made and mapped. Here engines
 * and buffers; model_copy.c has copies.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

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

bool zeros(const void *at, size_t size)
{
	const uint8_t *byte = at;

	while (size && !*byte) {
		byte++;
		size--;
	}
	return !size;
}

struct expect only(int err)
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

/* A buffer's memory is a driver's, so it can't be pinned: pinnable. */
struct expect expect_pin(struct worker *w, uint64_t addr, uint64_t len, bool write)
{
	struct expect e = only(pinnable(w, addr, len, write) < len ? EFAULT : 0);

	/* A list of so many pages may be too much to ask for before any is looked at. */
	if (len > 1ULL << 30)
		allow(&e, ENOMEM);
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

struct expect expect_sync(struct worker *w, unsigned int session, const struct dmabench_sync *arg)
{
	const struct buffer *b = find_buffer(w, session, arg->handle);

	if (arg->flags || arg->reserved0 || !zeros(arg->reserved, sizeof(arg->reserved)))
		return only(EINVAL);
	if (!b || b->kind == DMABENCH_BUF_COHERENT || !arg->len || arg->offset > b->size ||
	    arg->len > b->size - arg->offset)
		return only(EINVAL);
	return only(0);
}

struct expect expect_destroy(struct worker *w, unsigned int session,
			     const struct dmabench_destroy *arg)
{
	const struct buffer *b = find_buffer(w, session, arg->handle);

	if (arg->flags || !b)
		return only(EINVAL);
	return only(buffer_mapped(w, b) ? EBUSY : 0);
}
