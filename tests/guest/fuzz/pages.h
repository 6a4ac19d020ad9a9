/* SPDX-License-Identifier: GPL-2.0-only */
/* The model's memory: what each page should hold, and the comparison with what it does hold. */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE 4096UL
#define ARENA_PAGES 32
#define MAX_SPANS (ARENA_PAGES + 2)

struct worker;
struct buffer;

/* ---- pages.c: what the memory should hold ----------------------------- */

enum access { HOLE, NONE, READ, WRITE };
enum backing { ANON, SHM, COHERENT };

/* A page of memory, wherever it is mapped, pinned or owned. */
struct page {
	uint16_t refs;
	bool vague; /* what it holds isn't known until it is seen again */
	uint8_t bytes[PAGE];
};

struct place {
	uint8_t access;
	uint8_t backing;
	bool readonly_file; /* can't be made writable */
	int16_t page;
	uint32_t owner; /* coherent: number of the buffer */
};

struct span {
	int16_t page;
	uint16_t offset;
	uint16_t len;
};

struct spans {
	unsigned int count;
	struct span at[MAX_SPANS];
};

int16_t page_new(struct worker *w);
void page_get(struct worker *w, int16_t page);
void page_put(struct worker *w, int16_t page);
uint64_t accessible(const struct worker *w, uint64_t addr, uint64_t len, bool write);
uint64_t pinnable(const struct worker *w, uint64_t addr, uint64_t len, bool write);
bool in_arena(const struct worker *w, uint64_t addr, uint64_t len);
void spans_user(const struct worker *w, uint64_t addr, uint64_t len, struct spans *spans);
void spans_buffer(const struct buffer *b, uint64_t offset, uint64_t len, struct spans *spans);
bool spans_vague(const struct worker *w, const struct spans *spans);
bool spans_meet(const struct spans *a, const struct spans *b);
bool spans_fold(const struct spans *spans);
void spans_get(const struct worker *w, const struct spans *spans, uint8_t *to);
bool buffer_mapped(const struct worker *w, const struct buffer *b);

/* ---- look.c: what it does hold ---------------------------------------- */

enum change {
	EXACT, /* all of the new bytes */
	MIXED, /* each byte is the old or the new one */
	ANY,   /* no telling */
};

/* Compare and take over what was written to the spans; from: the new bytes. */
bool changed(struct worker *w, const struct spans *spans, const uint8_t *from, enum change change);
bool look_at_all(struct worker *w);

#endif /* PAGES_H */
