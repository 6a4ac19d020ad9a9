/* SPDX-License-Identifier: GPL-2.0-only */
/* Page sizes: how large each kind is, what of it a buffer really got, what hugetlb pools hold. */
#ifndef DMABENCH_PAGES_H
#define DMABENCH_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum page_kind { PAGES_4K, PAGES_THP, PAGES_2M, PAGES_1G, PAGES_KINDS };
extern const char *const page_names[PAGES_KINDS];

/* Bytes of a page of this kind; of THP, of one that a page-table entry of the next level maps. */
size_t page_bytes(enum page_kind kind);

/* Bytes of a range by the page that maps them. */
struct pages_obtained {
	size_t base;
	/* At least: where only a part of a mapping is in huge pages, the kernel doesn't say which. */
	size_t thp;
	size_t hugetlb;
	size_t hugetlb_page; /* bytes of such a page, 0 if there are none */
};

/* Look at [start, start + size) of this process, from /proc/self/smaps. 0 or -errno. */
int pages_look(const void *start, size_t size, struct pages_obtained *found);

/* The same from an smaps file that is open. */
void pages_parse(FILE *smaps, uintptr_t start, size_t size, struct pages_obtained *found);

/*
 * Of transparent huge pages the kernel gives what it can: less than half isn't the case asked for.
 * 0 or -ENODATA with why[].
 */
int pages_check_thp(const void *at, size_t size, char *why, size_t len);

/*
 * Why a buffer of these many bytes in hugetlb pages of this kind can't be had on this node,
 * and where to set that right, into why[].
 */
void pages_explain_pool(enum page_kind kind, size_t bytes, int node, char *why, size_t len);

/* Free pages of the node's pool; 0 if there is no such pool. */
unsigned long long pages_free_in_pool(enum page_kind kind, int node);

#endif
