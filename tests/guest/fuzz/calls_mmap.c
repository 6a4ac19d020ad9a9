// SPDX-License-Identifier: GPL-2.0-only
/* mmap of the device, at a place of the arena that comes and goes. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "model.h"

struct mapping {
	unsigned int first, pages; /* of the arena */
	uint64_t len, offset;
	int prot, flags;
};

static void expect_mmap(const struct session *s, const struct buffer *b, const struct mapping *m,
			struct expect *e)
{
	uint64_t pages = (m->len + PAGE - 1) / PAGE, first = (m->offset & 0xffffffff) / PAGE;

	if (m->offset % PAGE || !m->len || !(m->flags & MAP_SHARED))
		allow(e, EINVAL);
	if (m->len > ARENA_PAGES * PAGE) {
		allow(e, ENOMEM);
		allow(e, EOVERFLOW);
		allow(e, EEXIST);
	}
	if (s->mode == O_WRONLY ||
	    (s->mode == O_RDONLY && m->prot & PROT_WRITE && m->flags & MAP_SHARED))
		allow(e, EACCES);
	if (!b || b->kind != DMABENCH_BUF_COHERENT || m->offset >> 32 != b->handle ||
	    first >= b->pages || pages > b->pages - first) {
		allow(e, EINVAL);
		if (m->offset >> 63)
			allow(e, EOVERFLOW);
	}
	if (!e->count)
		allow(e, 0);
}

static void mapped(struct worker *w, const struct session *s, const struct buffer *b,
		   const struct mapping *m)
{
	unsigned int i, first = (unsigned int)((m->offset & 0xffffffff) / PAGE);

	for (i = 0; i < (m->len + PAGE - 1) / PAGE; i++) {
		struct place *place = &w->place[m->first + i];

		place->access = m->prot & PROT_WRITE ? WRITE : m->prot ? READ : NONE;
		place->backing = COHERENT;
		place->readonly_file = s->mode == O_RDONLY;
		place->page = b->page[first + i];
		place->owner = b->number;
		page_get(w, place->page);
	}
}

static void spoil_mmap(const struct call *c, struct mapping *m)
{
	switch (c->field) {
	case 1:
		m->offset += (c->value & 0xf0) + 1;
		break;
	case 2:
		m->len = hostile(c->value & ~8ULL) & ~(1ULL << 63);
		break;
	case 3:
		m->offset = hostile(c->value & ~8ULL);
		break;
	case 4:
		m->offset = 0xfffffffff000ULL & c->value;
		break;
	case 5:
		m->flags = MAP_PRIVATE;
		break;
	case 6:
		m->offset += 1ULL << 32;
		break;
	}
}

/* Mostly of a buffer that can be mapped. */
static struct buffer *choose_buffer(struct worker *w, const struct call *c)
{
	struct buffer *b = NULL;
	unsigned int slot, i;

	if (!pick_buffer(w, c->session, c->side[0], &slot))
		return NULL;
	b = &w->buffer[slot];
	for (i = 0; i < BUFFERS && c->choice & 3; i++) {
		struct buffer *other = &w->buffer[(slot + i) % BUFFERS];

		if (other->live && other->session == c->session &&
		    other->kind == DMABENCH_BUF_COHERENT)
			b = other;
	}
	return b;
}

static struct mapping choose_mapping(const struct call *c, const struct buffer *b)
{
	struct mapping m = { .flags = MAP_SHARED, .prot = PROT_READ | PROT_WRITE };
	uint64_t handle = b ? b->handle : c->extra & 0xfff;

	m.pages = 1 + c->len % 3;
	if (b && c->choice & 4)
		m.pages = b->pages < 3 ? b->pages : 3;
	m.first = HOME_PAGES + c->side[1] % (ARENA_PAGES - HOME_PAGES - 3);
	m.len = m.pages * PAGE - (c->extra & 1 ? c->offset[0] : 0);
	m.offset = (handle << 32) + !(c->extra >> 4 & 3) * PAGE;
	if (c->choice >> 4 == 1)
		m.prot = PROT_READ;
	else if (c->choice >> 4 == 2)
		m.prot = PROT_NONE;
	spoil_mmap(c, &m);
	return m;
}

/* The place must be free beforehand: a mapping that fails would leave anything there. */
static void make_room(struct worker *w, const struct mapping *m)
{
	unsigned int i;

	for (i = m->first; i < m->first + 3; i++) {
		munmap(w->arena + i * PAGE, PAGE);
		page_put(w, w->place[i].page);
		w->place[i] = (struct place){ .access = HOLE, .page = -1 };
	}
}

bool do_mmap(struct worker *w, const struct call *c)
{
	struct session *s = &w->session[c->session];
	struct buffer *b = choose_buffer(w, c);
	struct mapping m = choose_mapping(c, b);
	struct expect e = { 0 };
	void *at;
	int err;

	/* Another one's, perhaps, by now. */
	b = find_buffer(w, c->session, (uint32_t)(m.offset >> 32));
	expect_mmap(s, b, &m, &e);
	make_room(w, &m);
	w->made = (struct made){ .name = "mmap", .fd = s->fd };
	w->made.number[0] = (uintptr_t)w->arena + m.first * PAGE;
	w->made.number[1] = m.len;
	w->made.number[2] = (uint64_t)m.prot;
	w->made.number[3] = (uint64_t)m.flags;
	w->made.number[4] = m.offset;
	if (w->world->trace)
		print_made(w, stderr);
	at = mmap(w->arena + m.first * PAGE, m.len, m.prot, m.flags | MAP_FIXED_NOREPLACE, s->fd,
		  (off_t)m.offset);
	err = at == MAP_FAILED ? errno : 0;
	if (!judge(w, &e, err))
		return false;
	if (!err)
		mapped(w, s, b, &m);
	return true;
}
