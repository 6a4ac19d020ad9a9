/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers with a known page size, on a known node, with guards, and the proof of it. */
#ifndef DMABENCH_MEMORY_H
#define DMABENCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages.h"
#include "placement.h"

/* Bytes before and after each buffer that a path may read and must not change. */
#define GUARD_BYTES 4096

struct region {
	uint8_t *data; /* the buffer: GUARD_BYTES are there before and after it */
	size_t size;   /* bytes */
	uint8_t *map;  /* the whole mapping */
	size_t map_size;
};

/* What such a buffer takes: its pages and its guards'. */
size_t region_bytes(size_t size, uint32_t offset, enum page_kind pages);

/*
 * Map, place and prefault a buffer of size bytes at offset past a page boundary
 * of the kind asked. 0, -ENOMEM, or -ENODATA if such pages aren't to be had; why[]
 * says more.
 */
int region_create(struct region *r, size_t size, uint32_t offset, enum page_kind pages, int node,
		  char *why, size_t len);
void region_destroy(struct region *r);

/* How many whole pages of that kind lie in such a buffer: what region_renew() can give back. */
size_t region_whole_pages(size_t size, uint32_t offset, enum page_kind pages);

/*
 * The buffer's whole pages are given back to the kernel: the next touch of each is its first. 0 or
 * -errno; EINVAL of hugetlb pages before Linux 5.18.
 */
int region_renew(const struct region *r, enum page_kind pages);

/* Look where the buffer really is. 0 or -errno. */
int region_placement(const struct region *r, struct placement *where);

#endif
