// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has the counters mapped is alive; everybody else's blocks are taken. Processes are known by
 * the number that they see themselves by, which in another namespace may be a living one's, too:
 * then the block waits.
 */
#include "sweep.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct living {
	uint32_t *pids; /* as they see themselves */
	size_t n, room;
};

static int add_living(struct living *l, uint32_t pid)
{
	uint32_t *more;

	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		more = reallocarray(l->pids, l->room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		l->pids = more;
	}
	l->pids[l->n++] = pid;
	return 0;
}

/* Whether it has the memfd mapped; a process that can't be looked into may have. */
static bool may_map(const char *pid, ino_t inode)
{
	char path[64], line[512], word[32];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.20s/maps", pid);
	f = fopen(path, "re");
	if (!f)
		return errno != ENOENT && errno != ESRCH;
	snprintf(word, sizeof(word), " %ju ", (uintmax_t)inode);
	while (!found && fgets(line, sizeof(line), f))
		found = strstr(line, word) && strstr(line, "/memfd:dmabench-profile");
	if (ferror(f))
		found = true;
	fclose(f);
	return found;
}

/* Its number in the innermost namespace, the last of the line. */
static uint32_t own_number(const char *pid)
{
	char path[64], line[512];
	uint32_t number = (uint32_t)atoi(pid);
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.20s/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		char *last;

		if (strncmp(line, "NSpid:", 6))
			continue;
		last = strrchr(line, '\t');
		number = last ? (uint32_t)atoi(last + 1) : number;
	}
	if (f)
		fclose(f);
	return number;
}

static int find_living(const struct counters *c, struct living *l)
{
	DIR *d = opendir("/proc");
	struct dirent *entry;
	struct stat st;
	int ret = 0;

	if (!d)
		return -errno;
	if (fstat(c->fd, &st))
		ret = -errno;
	while (!ret && (entry = readdir(d)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    may_map(entry->d_name, st.st_ino))
			ret = add_living(l, own_number(entry->d_name));
	closedir(d);
	return ret;
}

static bool is_living(const struct living *l, uint32_t pid)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->pids[i] == pid)
			return true;
	return false;
}

static const struct block *block_of(const struct block *first, size_t i)
{
	return (const struct block *)((const char *)first + i * BLOCK_SIZE);
}

/* All of its blocks were begun, and by processes that are gone. */
static bool is_left(const struct block *first, const struct living *l)
{
	for (size_t i = 0; i < CHUNK_BLOCKS; i++)
		if (!block_of(first, i)->process || !block_of(first, i)->pid ||
		    is_living(l, block_of(first, i)->pid))
			return false;
	return true;
}

static int take_chunk(struct sweep *s, size_t chunk, const struct block *first)
{
	struct region *r = s->counters->region;
	uint32_t number = __atomic_load_n(&r->current, __ATOMIC_RELAXED);
	int ret = 0;

	for (size_t i = 0; i < CHUNK_BLOCKS && !ret; i++)
		ret = totals_add(s->totals, block_of(first, i));
	if (!ret)
		ret = counters_empty(s->counters, chunk);
	if (ret)
		return ret;
	__atomic_store_n(&r->chunks[chunk].taken, 0, __ATOMIC_RELEASE);
	while (number > chunk &&
	       !__atomic_compare_exchange_n(&r->current, &number, (uint32_t)chunk, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return 0;
}

static bool is_full(const struct sweep *s, size_t chunk)
{
	return __atomic_load_n(&s->counters->region->chunks[chunk].taken, __ATOMIC_ACQUIRE) >=
	       CHUNK_BLOCKS;
}

int sweep(struct sweep *s)
{
	struct living living = { 0 };
	static bool full[CHUNKS];
	size_t n = 0;
	int ret;

	/* Before who lives is looked up: a block that is begun later isn't looked at. */
	for (size_t i = 0; i < CHUNKS; i++)
		n += full[i] = is_full(s, i);
	if (n < s->full + SWEEP_CHUNKS)
		return 0;
	ret = find_living(s->counters, &living);
	for (size_t i = 0; i < CHUNKS && !ret; i++) {
		const struct block *first = full[i] ? counters_map(s->counters, i) : NULL;

		if (!first)
			continue;
		if (is_left(first, &living)) {
			ret = take_chunk(s, i, first);
			n--;
		}
		counters_unmap(first);
	}
	s->full = n;
	totals_shorten(s->totals);
	free(living.pids);
	return ret;
}
