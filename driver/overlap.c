// SPDX-License-Identifier: GPL-2.0-only
/*
 * Overlap: has the destination of a copy a byte in common with its source?
 *
 * Addresses don't tell. A file's page can be mapped twice, so can a page that was moved while it
 * was registered, and a tag in an address means nothing. So it is pages that are compared, with the
 * bytes of them that a side has: all, but at its two ends.
 *
 * Where both sides are a caller's, they are pinned piece by piece, and compared as they come: what
 * was seen is kept by side. A page may be let go of meanwhile and come back as another's, so there
 * a file's page is known by its place in the file. Anonymous pages are left out there, as each is
 * mapped once: those at different addresses are different ones. What a buffer has stays pinned, so
 * there all pages count, as they are.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "area.h"
#include "buffer.h"
#include "overlap.h"
#include "session.h"

#define FIRST_BITS 4

/* Bytes of a page. The same page can be there more than once, with other bytes. */
struct overlap_bytes {
	const void *object;  /* the page, or the mapping that it is in; NULL: a free entry */
	unsigned long index; /* there */
	u32 from, to;
};

static struct overlap_bytes *entry_of(const struct overlap_set *set,
				      const struct overlap_bytes *bytes)
{
	return &set->table[hash_long((unsigned long)bytes->object + bytes->index, set->bits)];
}

static struct overlap_bytes *next_of(const struct overlap_set *set, struct overlap_bytes *bytes)
{
	return bytes + 1 < set->table + (1UL << set->bits) ? bytes + 1 : set->table;
}

static void put(struct overlap_set *set, const struct overlap_bytes *bytes)
{
	struct overlap_bytes *at = entry_of(set, bytes);

	while (at->object)
		at = next_of(set, at);
	*at = *bytes;
	set->count++;
}

/* Twice as many, so that half of it is always free. */
static int grow(struct overlap_set *set)
{
	struct overlap_set larger = { .bits = set->table ? set->bits + 1 : FIRST_BITS };
	unsigned long i;

	larger.table = kvcalloc(1UL << larger.bits, sizeof(*larger.table), GFP_USER_MEMORY);
	if (!larger.table)
		return -ENOMEM;
	for (i = 0; set->table && i < 1UL << set->bits; i++) {
		if (set->table[i].object)
			put(&larger, &set->table[i]);
	}
	kvfree(set->table);
	*set = larger;
	return 0;
}

/* Does any that is there have a byte of these? All: is one there that has all of these? */
static bool known(const struct overlap_set *set, const struct overlap_bytes *bytes, bool all)
{
	struct overlap_bytes *at;

	if (!set->table)
		return false;
	for (at = entry_of(set, bytes); at->object; at = next_of(set, at)) {
		if (at->object != bytes->object || at->index != bytes->index)
			continue;
		if (all ? at->from <= bytes->from && at->to >= bytes->to
			: at->from < bytes->to && at->to > bytes->from)
			return true;
	}
	return false;
}

static int add(struct overlap_set *set, const struct overlap_bytes *bytes)
{
	if (known(set, bytes, true))
		return 0;
	if (!set->table || set->count >= 1UL << (set->bits - 1)) {
		int err = grow(set);

		if (err)
			return err;
	}
	put(set, bytes);
	return 0;
}

/* Its place in its file: of a huge page, whatever its number counts, the order makes it unique. */
static void name_by_file(struct overlap_bytes *bytes, struct page *page)
{
	struct folio *folio = page_folio(page);
	const void *mapping = folio_mapping(folio);

	if (!mapping)
		return;
	bytes->object = mapping;
	bytes->index = folio_page_idx(folio, page) +
		       (folio->index << (folio_test_hugetlb(folio) ? folio_order(folio) : 0));
}

/* The bytes of page i of an area that a side has which begins at offset and has len bytes. */
static struct overlap_bytes bytes_of(struct page *const *pages, unsigned long i, u64 offset,
				     u64 len)
{
	u64 begin = (u64)i << PAGE_SHIFT, end = offset + len;

	return (struct overlap_bytes){
		.object = pages[i],
		.from = offset > begin ? offset - begin : 0,
		.to = min_t(u64, end - begin, PAGE_SIZE),
	};
}

/*
 * Pages of a side, 0 or 1, of which it has len bytes from offset on. how: OVERLAP_*. EINVAL: a byte
 * of them is the other's, as far as that one is known.
 */
int overlap_find(struct overlap *overlap, int side, struct page *const *pages, u64 offset, u64 len,
		 unsigned int how)
{
	unsigned long i, last = (offset + len - 1) >> PAGE_SHIFT;
	int err = 0;

	for (i = offset >> PAGE_SHIFT; i <= last && !err; i++) {
		struct overlap_bytes bytes = bytes_of(pages, i, offset, len);

		if (how & OVERLAP_FILES) {
			if (PageAnon(pages[i]))
				continue;
			name_by_file(&bytes, pages[i]);
		}
		if (known(&overlap->set[!side], &bytes, false))
			err = -EINVAL;
		else if (how & OVERLAP_KEEP)
			err = add(&overlap->set[side], &bytes);
		cond_resched();
	}
	return err;
}

void overlap_free(struct overlap *overlap)
{
	int i;

	for (i = 0; i < 2; i++) {
		kvfree(overlap->set[i].table);
		overlap->set[i] = (struct overlap_set){};
	}
}

/* The same for two ranges whose pages are all known. */
static int ranges_overlap(const struct buffer *a, u64 a_offset, const struct buffer *b,
			  u64 b_offset, u64 len)
{
	struct overlap overlap = {};
	int err;

	err = overlap_find(&overlap, 0, a->area.pages, a_offset, len, OVERLAP_KEEP);
	if (!err)
		err = overlap_find(&overlap, 1, b->area.pages, b_offset, len, 0);
	overlap_free(&overlap);
	return err;
}

/* Have two buffers no page in common; or one of them, not the same one twice? Or an error. */
static int buffers_apart(const struct buffer *a, const struct buffer *b)
{
	struct overlap overlap = {};
	unsigned long i;
	int err = 0;

	if (a != b)
		err = overlap_find(&overlap, 0, a->area.pages, 0, (u64)a->area.npages << PAGE_SHIFT,
				   OVERLAP_KEEP);
	for (i = 0; i < b->area.npages && !err; i++) {
		struct overlap_bytes bytes = { .object = b->area.pages[i], .to = PAGE_SIZE };

		if (known(&overlap.set[0], &bytes, false))
			err = -EINVAL;
		else if (a == b)
			err = add(&overlap.set[0], &bytes);
		cond_resched();
	}
	overlap_free(&overlap);
	return err == -EINVAL ? 0 : err ?: 1;
}

/*
 * Of registered buffers: EINVAL if they have a byte of these ranges in common. Pages stay with
 * their buffer, so what was found once about two of them stays true, and is remembered.
 */
int buffers_overlap(struct buffer *a, u64 a_offset, struct buffer *b, u64 b_offset, u64 len)
{
	unsigned long *apart_from = &a->apart[b->id % ARRAY_SIZE(a->apart)];
	int apart;

	if (READ_ONCE(*apart_from) == b->id)
		return 0;
	apart = buffers_apart(a, b);
	if (apart < 0)
		return apart;
	if (!apart)
		return ranges_overlap(a, a_offset, b, b_offset, len);
	WRITE_ONCE(*apart_from, b->id);
	return 0;
}
