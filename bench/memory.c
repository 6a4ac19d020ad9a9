// SPDX-License-Identifier: GPL-2.0-only
#include "memory.h"

#include <errno.h>
#include <inttypes.h>
#include <numa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nodes.h"
#include "path.h"

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif

#define HUGE_2M (2ul << 20)
#define HUGE_1G (1ul << 30)

static size_t page_bytes(enum page_kind kind)
{
	switch (kind) {
	case PAGES_THP:
	case PAGES_2M:
		return HUGE_2M;
	case PAGES_1G:
		return HUGE_1G;
	default:
		return (size_t)sysconf(_SC_PAGESIZE);
	}
}

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
	if (pages == PAGES_4K)
		madvise(r->map, r->map_size, MADV_NOHUGEPAGE); /* EINVAL: no THP, fine */
	if (pages == PAGES_THP && madvise(r->map, r->map_size, MADV_HUGEPAGE)) {
		snprintf(why, len, "transparent huge pages: %s", strerror(errno));
		return -ENODATA;
	}
	return 0;
}

static int check_huge(const struct region *r, enum page_kind pages, char *why, size_t len)
{
	struct placement where;
	int ret;

	if (pages == PAGES_4K)
		return 0;
	ret = region_placement(r, &where);
	if (ret)
		return ret;
	if (where.huge_bytes >= r->map_size / 2)
		return 0;
	snprintf(why, len, "transparent huge pages: the kernel gave %zu of %zu bytes",
		 where.huge_bytes, r->map_size);
	return -ENODATA;
}

int region_create(struct region *r, size_t size, uint32_t offset, enum page_kind pages, int node,
		  char *why, size_t len)
{
	size_t page = page_bytes(pages);
	/* A huge page more for the guard alone would be a waste. */
	size_t lead = pages == PAGES_2M || pages == PAGES_1G ? GUARD_BYTES : page;
	int ret;

	if (size > SIZE_MAX / 2 - 2 * HUGE_1G)
		return -ENOMEM;
	r->size = size;
	r->map_size = round_up(lead + offset + size + GUARD_BYTES, page);
	r->map = map_aligned(r->map_size, page, map_flags(pages));
	if (!r->map) {
		if (map_flags(pages) & MAP_HUGETLB) {
			snprintf(why, len, "no %s huge pages free (see /proc/sys/vm/nr_hugepages)",
				 page_names[pages]);
			return -ENODATA;
		}
		snprintf(why, len, "no memory for %zu bytes: %s", r->map_size, strerror(errno));
		return -ENOMEM;
	}
	r->data = r->map + lead + offset;
	ret = advise(r, pages, why, len);
	if (ret)
		goto unmap;
	if (numa_available() >= 0)
		numa_tonode_memory(r->map, r->map_size, node);
	memset(r->map, 0, r->map_size);
	ret = check_huge(r, pages, why, len);
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

/* AnonHugePages and hugetlb bytes of the mapping that starts at r->map. */
static size_t huge_bytes(const struct region *r)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	char line[512];
	bool ours = false;
	size_t found = 0;

	while (f && fgets(line, sizeof(line), f)) {
		uintptr_t start, end;
		size_t kib;

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
			ours = start < (uintptr_t)r->map + r->map_size && end > (uintptr_t)r->map;
		else if (ours && (sscanf(line, "AnonHugePages: %zu", &kib) == 1 ||
				  sscanf(line, "Private_Hugetlb: %zu", &kib) == 1))
			found += kib * 1024;
	}
	if (f)
		fclose(f);
	return found;
}

#define QUERY_PAGES 4096

int region_placement(const struct region *r, struct placement *where)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)r->data / page * page;
	uintptr_t end = (uintptr_t)r->data + r->size;
	static void *addresses[QUERY_PAGES];
	static int status[QUERY_PAGES];

	memset(where, 0, sizeof(*where));
	where->huge_bytes = huge_bytes(r);
	if (numa_available() < 0) {
		where->pages[0] = (round_up(end, page) - at) / page;
		return 0;
	}
	while (at < end) {
		unsigned long n = 0;

		for (; n < QUERY_PAGES && at < end; at += page)
			addresses[n++] = (void *)at;
		if (numa_move_pages(0, n, addresses, NULL, status, 0))
			return -errno;
		for (unsigned long i = 0; i < n; i++) {
			if (status[i] >= 0 && status[i] < MAX_NODES)
				where->pages[status[i]]++;
			else
				where->elsewhere++;
		}
	}
	return 0;
}
