// SPDX-License-Identifier: GPL-2.0-only
#include "region.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine/nodes.h"
#include "machine/ulimits.h"

/* Of Linux 5.14; the C library may be older than the kernel. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

static int map_flags(enum page_kind kind)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;

	if (kind == PAGES_2M)
		flags |= MAP_HUGETLB | (21 << MAP_HUGE_SHIFT);
	if (kind == PAGES_1G)
		flags |= MAP_HUGETLB | (30 << MAP_HUGE_SHIFT);
	return flags;
}

/* The mapping's first byte moves up to a boundary of the page kind; what is outside goes. */
static uint8_t *map_aligned(size_t size, size_t align, int flags)
{
	size_t extra = flags & MAP_HUGETLB ? 0 : align;
	uint8_t *raw = mmap(NULL, size + extra, PROT_READ | PROT_WRITE, flags, -1, 0);
	uint8_t *start;

	if (raw == MAP_FAILED)
		return NULL;
	if (!extra)
		return raw;
	start = (uint8_t *)round_up((uintptr_t)raw, align);
	if (start > raw)
		munmap(raw, (size_t)(start - raw));
	if (raw + size + extra > start + size)
		munmap(start + size, (size_t)(raw + size + extra - (start + size)));
	return start;
}

static int advise(struct region *r, enum page_kind pages, char *why, size_t len)
{
	size_t page = page_bytes(pages);
	uint8_t *first = (uint8_t *)((uintptr_t)r->data / page * page);
	uint8_t *last = (uint8_t *)round_up((uintptr_t)r->data + r->size, page);

	/* EINVAL: a kernel without them. */
	if (pages == PAGES_4K && madvise(r->map, r->map_size, MADV_NOHUGEPAGE) && errno != EINVAL) {
		snprintf(why, len, "no huge pages: madvise: %s", strerror(errno));
		return -ENODATA;
	}
	if (pages == PAGES_THP && madvise(r->map, r->map_size, MADV_HUGEPAGE)) {
		snprintf(why, len, "transparent huge pages: %s", strerror(errno));
		return -ENODATA;
	}
	/* Sets the buffer's huge pages apart from the guards' in smaps, which counts by mapping. */
	if (pages == PAGES_THP)
		madvise(first, (size_t)(last - first), MADV_DONTDUMP);
	return 0;
}

/*
 * Touch every page. Where hugetlb pages are bound to a node that has none left, touching
 * them is a SIGBUS; so the kernel is asked to do it, which is an error instead (since 5.14;
 * before, what is free is asked for first).
 */
static int populate(struct region *r, enum page_kind pages, int node, char *why, size_t len)
{
	if (pages == PAGES_2M || pages == PAGES_1G) {
		int ret = madvise(r->map, r->map_size, MADV_POPULATE_WRITE) ? errno : 0;

		if (ret == EINVAL &&
		    pages_free_in_pool(pages, node) >= r->map_size / page_bytes(pages))
			ret = 0;
		if (ret == EPERM || ret == EACCES)
			snprintf(why, len, "huge pages: madvise: %s", strerror(ret));
		else if (ret)
			pages_explain_pool(pages, r->map_size, node, why, len);
		if (ret)
			return -ENODATA;
	}
	memset(r->map, 0, r->map_size);
	return 0;
}

/* Before the buffer; a huge page more for the guard alone would be a waste. */
static size_t lead_of(enum page_kind pages)
{
	return pages == PAGES_2M || pages == PAGES_1G ? GUARD_BYTES : page_bytes(pages);
}

size_t region_bytes(size_t size, uint32_t offset, enum page_kind pages)
{
	return round_up(lead_of(pages) + offset + size + GUARD_BYTES, page_bytes(pages));
}

size_t region_whole_pages(size_t size, uint32_t offset, enum page_kind pages)
{
	size_t page = page_bytes(pages), start = lead_of(pages) + offset;
	size_t first = round_up(start, page), end = (start + size) / page * page;

	return end > first ? (end - first) / page : 0;
}

int region_renew(const struct region *r, enum page_kind pages)
{
	size_t page = page_bytes(pages);
	uintptr_t first = round_up((uintptr_t)r->data, page);
	uintptr_t end = ((uintptr_t)r->data + r->size) / page * page;

	if (end <= first)
		return -EINVAL;
	return madvise((void *)first, end - first, MADV_DONTNEED) ? -errno : 0;
}

int region_create(struct region *r, size_t size, uint32_t offset, enum page_kind pages, int node,
		  char *why, size_t len)
{
	int ret, err;

	if (size > SIZE_MAX / 4)
		return -ENOMEM;
	r->size = size;
	r->map_size = region_bytes(size, offset, pages);
	r->map = map_aligned(r->map_size, page_bytes(pages), map_flags(pages));
	if (!r->map) {
		if (map_flags(pages) & MAP_HUGETLB) {
			pages_explain_pool(pages, r->map_size, node, why, len);
			return -ENODATA;
		}
		snprintf(why, len, "no memory for %zu bytes: %s%s", r->map_size, strerror(errno),
			 limits_hint(-errno));
		return -ENOMEM;
	}
	r->data = r->map + lead_of(pages) + offset;
	ret = advise(r, pages, why, len);
	if (ret)
		goto unmap;
	err = placement_bind(r->map, r->map_size, node);
	ret = populate(r, pages, node, why, len);
	if (!ret)
		ret = placement_prove(r->map, r->map_size, node, err, why, len);
	if (!ret && pages == PAGES_THP)
		ret = pages_check_thp(r->data, r->size, why, len);
	if (ret)
		goto unmap;
	return 0;
unmap:
	region_destroy(r);
	return ret;
}

void region_destroy(struct region *r)
{
	if (r->map)
		munmap(r->map, r->map_size);
	r->map = NULL;
}

int region_placement(const struct region *r, struct placement *where)
{
	char why[96];

	return placement_look(r->data, r->size, where, why, sizeof(why));
}
