// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program does to its memory while buffers and copies refer to it: maps, unmaps,
 * protects, moves, throws away and writes pages; forks.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

static bool step(struct worker *w, const char *name, unsigned int page, unsigned int pages, bool ok)
{
	w->made = (struct made){ .name = name, .fd = -1 };
	w->made.number[0] = (uintptr_t)w->arena + page * PAGE;
	w->made.number[1] = pages * PAGE;
	if (w->world->trace)
		print_made(w, stderr);
	return ok || mismatch(w, "memory can't be changed: %s", strerrorname_np(errno));
}

static void forget(struct worker *w, unsigned int page)
{
	page_put(w, w->place[page].page);
	w->place[page] = (struct place){ .access = HOLE, .page = -1 };
}

static void store(struct worker *w, uint64_t addr, uint64_t len, uint64_t seed)
{
	struct spans spans;
	uint8_t *to = (uint8_t *)addr;
	unsigned int i;
	uint64_t k;

	for (k = 0; k < len; k++) {
		if (!(k % 8))
			rng_next(&seed);
		to[k] = (uint8_t)(rng_mix(seed) >> k % 8 * 8);
	}
	spans_user(w, addr, len, &spans);
	for (i = 0; i < spans.count; i++) {
		const struct span *s = &spans.at[i];

		memcpy(w->pool[s->page].bytes + s->offset, to, s->len);
		to += s->len;
	}
}

/* New private memory, or pages of the worker's shared memory, over whatever was there. */
static bool map(struct worker *w, unsigned int page, unsigned int pages, bool shm, uint64_t seed)
{
	uint8_t *at = w->arena + page * PAGE;
	unsigned int first = (unsigned int)(seed % (SHM_PAGES - pages + 1)), i;
	int flags = MAP_FIXED | (shm ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS);
	void *got = mmap(at, pages * PAGE, PROT_READ | PROT_WRITE, flags, shm ? w->shm : -1,
			 shm ? (off_t)(first * PAGE) : 0);

	if (!step(w, shm ? "mmap_shared" : "mmap_private", page, pages, got == at))
		return false;
	for (i = 0; i < pages; i++) {
		struct place *place = &w->place[page + i];

		forget(w, page + i);
		place->access = WRITE;
		place->backing = shm ? SHM : ANON;
		place->page = shm ? w->shm_page[first + i] : page_new(w);
		if (shm)
			page_get(w, place->page);
	}
	/* Or pages that are only read until they are copied to: all show the kernel's zero page. */
	if (!shm && seed & 0x300)
		store(w, (uintptr_t)at, pages * PAGE, seed);
	return true;
}

/* Most of the arena: private pages, the last of them shared. */
void map_home(struct worker *w)
{
	unsigned int i;

	for (i = 0; i < ARENA_PAGES; i++)
		w->place[i] = (struct place){ .access = HOLE, .page = -1 };
	for (i = 0; i < SHM_PAGES; i++)
		w->shm_page[i] = page_new(w);
	map(w, 0, HOME_PAGES - 4, false, w->index + 0x100);
	map(w, HOME_PAGES - 4, 4, true, 0);
	map(w, HOME_PAGES, 3, false, w->index + 0x164);
	/* Some of it is there twice. */
	map(w, HOME_PAGES + 4, 3, true, 0);
}

static bool unmap(struct worker *w, unsigned int page, unsigned int pages)
{
	unsigned int i;

	if (!step(w, "munmap", page, pages, !munmap(w->arena + page * PAGE, pages * PAGE)))
		return false;
	for (i = 0; i < pages; i++)
		forget(w, page + i);
	return true;
}

static bool protect(struct worker *w, unsigned int page, unsigned int how)
{
	static const int prots[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE };
	static const uint8_t access[] = { NONE, READ, WRITE };
	struct place *place = &w->place[page];

	if (place->access == HOLE || (place->readonly_file && how == 2))
		return true;
	if (!step(w, "mprotect", page, how, !mprotect(w->arena + page * PAGE, PAGE, prots[how])))
		return false;
	place->access = access[how];
	return true;
}

static bool throw_away(struct worker *w, unsigned int page, uint64_t seed)
{
	struct place *place = &w->place[page];
	uint8_t *at = w->arena + page * PAGE;
	struct span none;

	if (place->access != WRITE || place->backing == COHERENT)
		return true;
	if (!step(w, "madvise_dontneed", page, 1, !madvise(at, PAGE, MADV_DONTNEED)))
		return false;
	if (place->backing == SHM)
		return true;
	page_put(w, place->page);
	place->page = page_new(w);
	none = (struct span){ place->page, 0, 0 };
	if (!changed(w, &(struct spans){ .count = 1, .at = { none } }, NULL, EXACT))
		return false;
	store(w, (uintptr_t)at, PAGE, seed);
	return true;
}

static bool move(struct worker *w, unsigned int from, unsigned int to)
{
	uint8_t *at = w->arena + from * PAGE, *there = w->arena + to * PAGE;

	if (from == to || w->place[from].access == HOLE)
		return true;
	if (!step(w, "mremap", from, to,
		  mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, there) == there))
		return false;
	forget(w, to);
	w->place[to] = w->place[from];
	w->place[from] = (struct place){ .access = HOLE, .page = -1 };
	return true;
}

/* The same page a second time, beside the first. */
static bool twice(struct worker *w, unsigned int from, unsigned int to)
{
	uint8_t *at = w->arena + from * PAGE, *there = w->arena + to * PAGE;

	if (from == to || w->place[from].access == HOLE || w->place[from].backing != SHM)
		return true;
	if (!step(w, "mremap_twice", from, to,
		  mremap(at, 0, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, there) == there))
		return false;
	forget(w, to);
	w->place[to] = w->place[from];
	page_get(w, w->place[to].page);
	return true;
}

/* A mapping of a coherent buffer can't grow. */
static bool grow(struct worker *w, unsigned int page)
{
	uint8_t *at = w->arena + page * PAGE;

	if (w->place[page].access == HOLE || w->place[page].backing != COHERENT)
		return true;
	if (!step(w, "mremap_grow", page, 2, true))
		return false;
	if (mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE) != MAP_FAILED || errno != EFAULT)
		return mismatch(w, "a mapping of a buffer grew, or the refusal isn't EFAULT");
	return true;
}

bool do_memory(struct worker *w, const struct call *c)
{
	unsigned int room = ARENA_PAGES - HOME_PAGES, pages = 1 + c->len % 3;
	unsigned int page = HOME_PAGES + c->side[0] % (room - 2);
	unsigned int other = HOME_PAGES + c->side[1] % room;

	switch (c->choice % 11) {
	case 0:
	case 1:
	case 2:
		return map(w, page, pages, false, c->value);
	case 3:
	case 4:
		return map(w, page, pages, true, c->value);
	case 5:
		return unmap(w, page, pages);
	case 6:
		return protect(w, other, c->extra % 3);
	case 7:
		/* Private memory of the home too: copies go on to refer to it. */
		return throw_away(w, c->extra & 1 ? other : c->side[1] % (HOME_PAGES - 4),
				  c->value);
	case 8:
		return move(w, page, other);
	case 9:
		return twice(w, c->extra & 1 ? page : HOME_PAGES - 1 - c->extra / 2 % 4, other);
	}
	return grow(w, other);
}

bool do_store(struct worker *w, const struct call *c)
{
	uint64_t addr = user_address(w, c, 0), len = accessible(w, addr, c->len, true);

	w->made = (struct made){ .name = "memset", .fd = -1, .number = { addr, len } };
	store(w, addr, len, c->value);
	return true;
}

/*
 * The child has its own copies of private pages; what the parent has pinned stays the
 * parent's. It copies something to its own memory, and the parent's mustn't change.
 */
bool do_fork(struct worker *w, const struct call *c)
{
	struct call copy = *c;
	int status;
	pid_t pid;
	unsigned int i;

	copy.op = OP_COPY;
	copy.field = 0;
	copy.argp = 0;
	copy.alarm = 0;
	pid = fork();
	if (pid < 0)
		return mismatch(w, "fork failed");
	if (!pid) {
		w->child = true;
		for (i = 0; i < ARENA_PAGES; i++) {
			struct place *place = &w->place[i];
			int16_t mine;

			if (place->access == HOLE)
				continue;
			if (place->backing == COHERENT) { /* not inherited */
				forget(w, i);
				continue;
			}
			if (place->backing != ANON)
				continue;
			mine = page_new(w);
			memcpy(&w->pool[mine].bytes, w->pool[place->page].bytes, PAGE);
			w->pool[mine].vague = w->pool[place->page].vague;
			place->page = mine;
		}
		_exit(do_copy(w, &copy) && look_at_all(w) ? 0 : 1);
	}
	if (waitpid(pid, &status, 0) != pid || status) {
		w->made.name = "fork";
		return mismatch(w, "a child's copy went wrong");
	}
	return true;
}
