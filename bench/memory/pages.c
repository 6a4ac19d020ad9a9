// SPDX-License-Identifier: GPL-2.0-only
#include "pages.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/files.h"

#define KIB 1024ul
#define HUGE_2M (2048 * KIB)
#define HUGE_1G (1048576 * KIB)

const char *const page_names[PAGES_KINDS] = { "4K", "thp", "2M", "1G" };

static size_t thp_bytes(void)
{
	char line[32];

	if (read_line("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", line, sizeof(line)))
		return HUGE_2M;
	return strtoul(line, NULL, 10);
}

size_t page_bytes(enum page_kind kind)
{
	switch (kind) {
	case PAGES_THP:
		return thp_bytes();
	case PAGES_2M:
		return HUGE_2M;
	case PAGES_1G:
		return HUGE_1G;
	default:
		return (size_t)sysconf(_SC_PAGESIZE);
	}
}

/* One entry of smaps. */
struct entry {
	uintptr_t start, end;
	size_t page, thp; /* bytes */
};

static void count(const struct entry *e, uintptr_t start, uintptr_t end,
		  struct pages_obtained *found)
{
	uintptr_t from = e->start > start ? e->start : start;
	uintptr_t to = e->end < end ? e->end : end;
	size_t here, not_thp, thp;

	if (from >= to)
		return;
	here = to - from;
	if (e->page > (size_t)sysconf(_SC_PAGESIZE)) {
		found->hugetlb += here;
		found->hugetlb_page = e->page;
		return;
	}
	not_thp = e->end - e->start - e->thp;
	thp = here > not_thp ? here - not_thp : 0;
	found->thp += thp;
	found->base += here - thp;
}

void pages_parse(FILE *smaps, uintptr_t start, size_t size, struct pages_obtained *found)
{
	struct entry e = { 0 };
	char line[PATH_MAX + 128];

	memset(found, 0, sizeof(*found));
	while (fgets(line, sizeof(line), smaps)) {
		uintptr_t first, past;
		size_t kib;

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &first, &past) == 2) {
			count(&e, start, start + size, found);
			e = (struct entry){ .start = first, .end = past };
		} else if (sscanf(line, "KernelPageSize: %zu", &kib) == 1) {
			e.page = kib * KIB;
		} else if (sscanf(line, "AnonHugePages: %zu", &kib) == 1 ||
			   sscanf(line, "ShmemPmdMapped: %zu", &kib) == 1 ||
			   sscanf(line, "FilePmdMapped: %zu", &kib) == 1) {
			e.thp += kib * KIB;
		}
	}
	count(&e, start, start + size, found);
}

int pages_look(const void *start, size_t size, struct pages_obtained *found)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = (uintptr_t)start / page * page;
	uintptr_t to = ((uintptr_t)start + size + page - 1) / page * page;
	FILE *smaps = fopen("/proc/self/smaps", "re");

	if (!smaps)
		return -errno;
	pages_parse(smaps, from, to - from, found);
	fclose(smaps);
	return 0;
}

int pages_check_thp(const void *at, size_t size, char *why, size_t len)
{
	struct pages_obtained found;
	int ret = pages_look(at, size, &found);

	if (ret) {
		snprintf(why, len, "transparent huge pages: /proc/self/smaps: %s", strerror(-ret));
		return -ENODATA;
	}
	if (found.thp >= size / 2)
		return 0;
	snprintf(why, len, "transparent huge pages: the kernel gave %zu of %zu bytes", found.thp,
		 size);
	return -ENODATA;
}

/* The folder of the pool: the node's, or the machine's where the kernel knows no nodes. */
static bool pool_folder(enum page_kind kind, int node, char *path, size_t len)
{
	unsigned long kib = page_bytes(kind) / KIB;

	snprintf(path, len, "/sys/devices/system/node/node%d/hugepages/hugepages-%lukB", node, kib);
	if (!access(path, F_OK))
		return true;
	snprintf(path, len, "/sys/kernel/mm/hugepages/hugepages-%lukB", kib);
	return !access(path, F_OK);
}

unsigned long long pages_free_in_pool(enum page_kind kind, int node)
{
	char folder[128], path[192], line[32];

	if (!pool_folder(kind, node, folder, sizeof(folder)))
		return 0;
	snprintf(path, sizeof(path), "%s/free_hugepages", folder);
	return read_line(path, line, sizeof(line)) ? 0 : strtoull(line, NULL, 10);
}

void pages_explain_pool(enum page_kind kind, size_t bytes, int node, char *why, size_t len)
{
	size_t need = (bytes + page_bytes(kind) - 1) / page_bytes(kind);
	unsigned long long there = pages_free_in_pool(kind, node);
	char folder[128];

	if (!pool_folder(kind, node, folder, sizeof(folder)))
		snprintf(why, len, "this machine has no huge pages of %s", page_names[kind]);
	else if (there >= need)
		snprintf(why, len, "huge pages of %s: %llu are free on node %d, but not for us",
			 page_names[kind], there, node);
	else
		snprintf(why, len,
			 "huge pages of %s: a buffer needs %zu, node %d has %llu free: raise "
			 "%s/nr_hugepages",
			 page_names[kind], need, node, there, folder);
}
