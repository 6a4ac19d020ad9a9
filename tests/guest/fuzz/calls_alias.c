// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same memory from two places: a file's page that is mapped twice, a page of a registered
 * buffer that was moved or is registered again. Sides are put there so that they have a byte in
 * common, or by a byte haven't.
 */
#include "fuzz.h"
#include "model.h"

#define SPOTS (ARENA_PAGES + BUFFERS * BUFFER_PAGES)

/* A page as a side of a copy could have it. */
struct spot {
	struct dmabench_side side; /* at the page's first byte */
	uint64_t least;		   /* bytes before what the side has of it */
	int16_t page;
};

static unsigned int spots_of_buffer(const struct buffer *b, struct spot *spots)
{
	uint64_t head = b->addr % PAGE;
	unsigned int i;

	for (i = 0; i < b->pages; i++) {
		spots[i].side = (struct dmabench_side){ b->kind, b->handle, i * PAGE - head };
		spots[i].least = i ? 0 : head;
		spots[i].page = b->page[i];
	}
	return b->pages;
}

static unsigned int spots_of(const struct worker *w, unsigned int session, struct spot *spots)
{
	unsigned int i, count = 0;

	for (i = 0; i < ARENA_PAGES; i++) {
		const struct place *place = &w->place[i];

		if (place->access < READ || place->backing == COHERENT)
			continue;
		spots[count].side = (struct dmabench_side){ .kind = DMABENCH_BUF_USER };
		spots[count].side.addr = (uintptr_t)w->arena + i * PAGE;
		spots[count].least = 0;
		spots[count++].page = place->page;
	}
	for (i = 0; i < BUFFERS; i++) {
		const struct buffer *b = &w->buffer[i];

		if (b->live && b->session == session && b->kind == DMABENCH_BUF_REGISTERED)
			count += spots_of_buffer(b, spots + count);
	}
	return count;
}

/* Any two of a page; false: each is there once. */
static bool choose_two(const struct worker *w, const struct call *c, struct spot *two)
{
	struct spot spots[SPOTS];
	unsigned int count = spots_of(w, c->session, spots), i, k;

	for (i = 0; i < count; i++) {
		two[0] = spots[(c->side[0] + i) % count];
		for (k = 1; k < count; k++) {
			two[1] =
				spots[(c->side[0] + i + 1 + (c->side[1] + k) % (count - 1)) % count];
			if (two[0].page == two[1].page)
				return true;
		}
	}
	return false;
}

/* The first bytes of each side within the page. They may go on into the next one. */
static void choose_places(const struct call *c, const struct spot *two, uint64_t len, uint64_t *at)
{
	static const int64_t shifts[] = { 0, -1, 1 };
	uint64_t edge = (c->choice >> 4 & 1 ? len - 1 : len) % PAGE;
	unsigned int first = c->choice & 1;

	at[first] = c->offset[0] % PAGE;
	/* Behind the other's last byte, on it, or at the same place but for a byte. */
	if (c->choice & 2)
		at[!first] = (at[first] + edge) % PAGE;
	else
		at[!first] = (at[first] + (uint64_t)shifts[(c->choice >> 2 & 3) % 3]) % PAGE;
	for (first = 0; first < 2; first++)
		at[first] = at[first] < two[first].least ? two[first].least : at[first];
}

void alias_sides(const struct worker *w, const struct call *c, struct dmabench_copy *arg)
{
	struct spot two[2];
	uint64_t at[2];

	if (w->child || !choose_two(w, c, two))
		return;
	/* Mostly so short that it is all of one page. */
	if (c->choice >> 5)
		arg->len = 1 + arg->len % (PAGE / 2);
	choose_places(c, two, arg->len, at);
	arg->src = two[0].side;
	arg->src.addr += at[0];
	arg->dst = two[1].side;
	arg->dst.addr += at[1];
}
