// SPDX-License-Identifier: GPL-2.0-only
#include "placement.h"

#include <errno.h>
#include <limits.h>
#include <numaif.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/files.h"

#define QUERY_PAGES 4096
#define LONG_BITS (8 * sizeof(unsigned long))

/* The bytes' pages: from the first to past the last. */
struct span_of {
	uintptr_t from, to;
	size_t page;
};

static struct span_of pages_of(const void *at, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t end = (uintptr_t)at + size;

	return (struct span_of){ (uintptr_t)at / page * page, (end + page - 1) / page * page,
				 page };
}

static int ask_kernel(const struct span_of *s, struct placement *where)
{
	static void *addresses[QUERY_PAGES];
	static int status[QUERY_PAGES];

	for (uintptr_t at = s->from; at < s->to;) {
		unsigned long n = 0;

		for (; n < QUERY_PAGES && at < s->to; at += s->page)
			addresses[n++] = (void *)at;
		if (move_pages(0, n, addresses, NULL, status, 0))
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

/* One line of numa_maps: the nodes in it. The only one so far stays in *only, several make it -2. */
static void note_nodes(const char *line, int *only)
{
	for (const char *word = line; (word = strstr(word, " N")); word++) {
		char *end;
		long node = strtol(word + 2, &end, 10);

		if (end == word + 2 || *end != '=')
			continue;
		*only = *only == -1 || *only == node ? (int)node : -2;
	}
}

/*
 * The node that all pages of all mappings in the range are on: a mapping of pages on several
 * nodes doesn't tell which are where. Lines say where a mapping begins, and the next one's
 * beginning is its end at the latest. -1: can't be told.
 */
static int only_node_in_maps(const struct span_of *s)
{
	FILE *f = sys_file("/proc/self/numa_maps");
	char line[PATH_MAX + 1024], last[sizeof(line)] = "";
	int only = -1;

	while (f && fgets(line, sizeof(line), f)) {
		uintptr_t start = strtoull(line, NULL, 16);

		if (start > s->from)
			note_nodes(last, &only);
		last[0] = '\0';
		if (start >= s->to)
			break;
		memcpy(last, line, sizeof(line));
	}
	note_nodes(last, &only);
	if (f)
		fclose(f);
	return only < 0 ? -1 : only;
}

int placement_look(const void *at, size_t size, struct placement *where, char *why, size_t len)
{
	const struct span_of s = pages_of(at, size);
	int ret, node = node_only();

	memset(where, 0, sizeof(*where));
	where->sizes_known = !pages_look(at, size, &where->sizes);
	ret = ask_kernel(&s, where);
	if (!ret)
		return 0;
	memset(where->pages, 0, sizeof(where->pages));
	where->elsewhere = 0;
	if (node < 0)
		node = only_node_in_maps(&s);
	if (node >= 0 && node < MAX_NODES) {
		where->pages[node] = (s.to - s.from) / s.page;
		return 0;
	}
	snprintf(why, len, "move_pages: %s", strerror(-ret));
	return ret;
}

void placement_add(struct placement *to, const struct placement *more)
{
	for (int i = 0; i < MAX_NODES; i++)
		to->pages[i] += more->pages[i];
	to->elsewhere += more->elsewhere;
	to->sizes_known = to->sizes_known && more->sizes_known;
	to->sizes.base += more->sizes.base;
	to->sizes.thp += more->sizes.thp;
	to->sizes.hugetlb += more->sizes.hugetlb;
	if (more->sizes.hugetlb)
		to->sizes.hugetlb_page = more->sizes.hugetlb_page;
}

int placement_bind(void *at, size_t size, int node)
{
	unsigned long mask[MAX_NODES / LONG_BITS] = { 0 };

	if (node < 0 || node >= MAX_NODES)
		return -EINVAL;
	mask[(size_t)node / LONG_BITS] = 1ul << ((size_t)node % LONG_BITS);
	return mbind(at, size, MPOL_BIND, mask, MAX_NODES + 1, 0) ? -errno : 0;
}

int placement_prove(const void *at, size_t size, int node, int err, char *why, size_t len)
{
	const struct span_of s = pages_of(at, size);
	struct placement where;
	char unseen[96];
	int ret;

	if (!err || node_only() == node)
		return 0;
	ret = placement_look(at, size, &where, unseen, sizeof(unseen));
	if (!ret && where.pages[node] == (s.to - s.from) / s.page)
		return 0;
	snprintf(why, len, "memory can't be bound to node %d: mbind: %s; %s%s", node,
		 strerror(-err), ret ? "nor can it be looked up: " : "it lies elsewhere",
		 ret ? unseen : "");
	return -ENODATA;
}

int placement_put(void *at, size_t size, int node, char *why, size_t len)
{
	int err = placement_bind(at, size, node);

	memset(at, 0, size);
	return placement_prove(at, size, node, err, why, len);
}
