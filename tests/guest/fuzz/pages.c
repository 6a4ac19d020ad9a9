// SPDX-License-Identifier: GPL-2.0-only
/* The model's memory: pages with their bytes, and where a worker has them mapped. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* A zeroed one. */
int16_t page_new(struct worker *w)
{
	int16_t i;

	for (i = 0; i < POOL_PAGES; i++) {
		if (w->pool[i].refs)
			continue;
		memset(&w->pool[i], 0, sizeof(w->pool[i]));
		w->pool[i].refs = 1;
		return i;
	}
	fprintf(stderr, "fuzz: the model has too few pages\n");
	abort();
}

void page_get(struct worker *w, int16_t page)
{
	w->pool[page].refs++;
}

void page_put(struct worker *w, int16_t page)
{
	if (page >= 0)
		w->pool[page].refs--;
}

bool in_arena(const struct worker *w, uint64_t addr, uint64_t len)
{
	uint64_t arena = (uintptr_t)w->arena;

	return addr >= arena && addr - arena < ARENA_PAGES * PAGE &&
	       len <= ARENA_PAGES * PAGE - (addr - arena);
}

static const struct place *place_at(const struct worker *w, uint64_t addr)
{
	return &w->place[(addr - (uintptr_t)w->arena) / PAGE];
}

/* How many bytes from addr on, len at most, can be accessed. Nothing but the arena can. */
uint64_t accessible(const struct worker *w, uint64_t addr, uint64_t len, bool write)
{
	uint64_t done = 0;

	while (done < len && in_arena(w, addr + done, 1) &&
	       place_at(w, addr + done)->access >= (write ? WRITE : READ))
		done += PAGE - (addr + done) % PAGE;
	return done < len ? done : len;
}

/* The same for what can be pinned: not a driver's memory, that of coherent buffers either. */
uint64_t pinnable(const struct worker *w, uint64_t addr, uint64_t len, bool write)
{
	uint64_t there = accessible(w, addr, len, write), at = addr;

	while (at < addr + there && place_at(w, at)->backing != COHERENT)
		at += PAGE - at % PAGE;
	return at - addr < there ? at - addr : there;
}

static void add(struct spans *spans, int16_t page, uint64_t offset, uint64_t len)
{
	if (spans->count == MAX_SPANS)
		abort();
	spans->at[spans->count++] = (struct span){ page, (uint16_t)offset, (uint16_t)len };
}

void spans_user(const struct worker *w, uint64_t addr, uint64_t len, struct spans *spans)
{
	spans->count = 0;
	while (len) {
		uint64_t offset = addr % PAGE, part = PAGE - offset < len ? PAGE - offset : len;

		add(spans, place_at(w, addr)->page, offset, part);
		addr += part;
		len -= part;
	}
}

void spans_buffer(const struct buffer *b, uint64_t offset, uint64_t len, struct spans *spans)
{
	uint64_t at = offset + (b->kind == DMABENCH_BUF_REGISTERED ? b->addr % PAGE : 0);

	spans->count = 0;
	while (len) {
		uint64_t part = PAGE - at % PAGE < len ? PAGE - at % PAGE : len;

		add(spans, b->page[at / PAGE], at % PAGE, part);
		at += part;
		len -= part;
	}
}

bool spans_vague(const struct worker *w, const struct spans *spans)
{
	unsigned int i;

	for (i = 0; i < spans->count; i++) {
		if (w->pool[spans->at[i].page].vague)
			return true;
	}
	return false;
}

/* Whether both have bytes of a page, in whatever place it is seen. */
bool spans_meet(const struct spans *a, const struct spans *b)
{
	unsigned int i, k;

	for (i = 0; i < a->count; i++) {
		for (k = 0; k < b->count; k++) {
			const struct span *x = &a->at[i], *y = &b->at[k];

			if (x->page == y->page && x->offset < y->offset + y->len &&
			    y->offset < x->offset + x->len)
				return true;
		}
	}
	return false;
}

/* Whether a page is there more than once. */
bool spans_fold(const struct spans *spans)
{
	unsigned int i, k;

	for (i = 0; i < spans->count; i++) {
		for (k = 0; k < i; k++) {
			if (spans->at[i].page == spans->at[k].page)
				return true;
		}
	}
	return false;
}

void spans_get(const struct worker *w, const struct spans *spans, uint8_t *to)
{
	unsigned int i;

	for (i = 0; i < spans->count; i++) {
		const struct span *s = &spans->at[i];

		memcpy(to, w->pool[s->page].bytes + s->offset, s->len);
		to += s->len;
	}
}

bool buffer_mapped(const struct worker *w, const struct buffer *b)
{
	unsigned int i;

	for (i = 0; i < ARENA_PAGES; i++) {
		if (w->place[i].access != HOLE && w->place[i].backing == COHERENT &&
		    w->place[i].owner == b->number)
			return true;
	}
	return false;
}
