// SPDX-License-Identifier: GPL-2.0-only
/* Compares the memory with the model's: after each call what it wrote to, now and then all. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

static bool readable(const struct session *s)
{
	return s->fd >= 0 && s->mode != 1; /* O_WRONLY */
}

/* A page of a coherent buffer that may not be mapped at present. */
static bool peek_coherent(struct worker *w, const struct buffer *b, unsigned int page, uint8_t *to)
{
	off_t offset = (off_t)(((uint64_t)b->handle << 32) + page * PAGE);
	void *at = mmap(w->landing, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE,
			w->session[b->session].fd, offset);

	if (at == MAP_FAILED)
		return mismatch(w, "a coherent buffer of the model can't be mapped");
	memcpy(to, at, PAGE);
	munmap(at, PAGE);
	return true;
}

/* Past its end a kernel buffer shows nothing; the model has zeros there. */
static bool peek_kernel(struct worker *w, const struct buffer *b, unsigned int page, uint8_t *to)
{
	off_t offset = (off_t)(((uint64_t)b->handle << 32) + page * PAGE);
	uint64_t left = b->size - page * PAGE;
	ssize_t want = (ssize_t)(left < PAGE ? left : PAGE);

	memset(to, 0, PAGE);
	if (pread(w->session[b->session].fd, to, PAGE, offset) != want)
		return mismatch(w, "a kernel buffer of the model can't be read");
	return true;
}

/* What a page holds, or NULL: it can't be seen from anywhere, or (failed) it should be. */
static const uint8_t *peek(struct worker *w, int16_t page, uint8_t *buffer)
{
	unsigned int i, k;

	for (i = 0; i < ARENA_PAGES; i++) {
		if (w->place[i].page == page && w->place[i].access >= READ)
			return w->arena + i * PAGE;
	}
	for (i = 0; i < BUFFERS; i++) {
		const struct buffer *b = &w->buffer[i];

		if (!b->live || b->kind == DMABENCH_BUF_REGISTERED ||
		    !readable(&w->session[b->session]))
			continue;
		/* Its device may have gone; see unbind.c. */
		if (b->kind == DMABENCH_BUF_COHERENT && w->world->phase)
			continue;
		for (k = 0; k < b->pages; k++) {
			if (b->page[k] != page)
				continue;
			if (!(b->kind == DMABENCH_BUF_KERNEL ? peek_kernel(w, b, k, buffer)
							     : peek_coherent(w, b, k, buffer)))
				return NULL;
			return buffer;
		}
	}
	return NULL;
}

static bool differs(struct worker *w, const struct span *s, unsigned int at, uint8_t is,
		    uint8_t old, const uint8_t *new)
{
	bool inside = at >= s->offset && at < s->offset + s->len;

	return mismatch(w, "byte %u of a page (copied to: %u…%u) is %02x, was %02x%s%02x", at,
			s->offset, s->offset + s->len - 1, is, old,
			inside ? ", should be " : ", unused ",
			inside && new ? new[at - s->offset] : 0);
}

/* One page: bytes outside of the span as they were, those inside as change allows. */
static bool changed_page(struct worker *w, const struct span *s, const uint8_t *new,
			 enum change change)
{
	struct page *page = &w->pool[s->page];
	uint8_t buffer[PAGE];
	const uint8_t *is = peek(w, s->page, buffer);
	unsigned int i;

	if (!is) {
		if (change == EXACT)
			memcpy(page->bytes + s->offset, new, s->len);
		else
			page->vague = true;
		return !w->failed;
	}
	if (change == EXACT && !page->vague) {
		memcpy(page->bytes + s->offset, new, s->len);
		if (!memcmp(page->bytes, is, PAGE))
			return true;
	}
	for (i = 0; i < PAGE && !page->vague; i++) {
		uint8_t old = page->bytes[i];
		bool inside = i >= s->offset && i < s->offset + s->len;

		if (is[i] == old || (inside && change == ANY) ||
		    (inside && change == MIXED && new &&is[i] == new[i - s->offset]))
			continue;
		return differs(w, s, i, is[i], old, new);
	}
	if (page->vague && change == EXACT && memcmp(is + s->offset, new, s->len))
		return mismatch(w, "copied bytes are wrong in a page that was vague");
	memcpy(page->bytes, is, PAGE);
	page->vague = false;
	return true;
}

bool changed(struct worker *w, const struct spans *spans, const uint8_t *from, enum change change)
{
	bool fold = spans_fold(spans);
	unsigned int i;

	for (i = 0; i < spans->count; i++) {
		const struct span *s = &spans->at[i];
		struct span whole = { s->page, 0, PAGE };

		if (!changed_page(w, fold ? &whole : s, from, fold ? ANY : change))
			return false;
		if (from)
			from += s->len;
	}
	return true;
}

/* Every page that can be seen. */
bool look_at_all(struct worker *w)
{
	int16_t i;

	for (i = 0; i < POOL_PAGES; i++) {
		struct span none = { i, 0, 0 };

		if (w->pool[i].refs && !changed_page(w, &none, w->pool[i].bytes, EXACT))
			return false;
	}
	return true;
}
