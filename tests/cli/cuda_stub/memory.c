// SPDX-License-Identifier: GPL-2.0-only
/* The GPU's memory, and what of the host's is registered. */
#include "stub.h"

#include <stdlib.h>
#include <string.h>

struct range {
	struct range *next;
	char *at;
	size_t bytes;
	bool host;
};

static struct range *ranges;

int ranges_left(void)
{
	int left = 0;

	for (const struct range *r = ranges; r; r = r->next)
		left++;
	return left;
}

static struct range **find(const void *at)
{
	struct range **r = &ranges;

	while (*r && (*r)->at != at)
		r = &(*r)->next;
	return r;
}

static void add(char *at, size_t bytes, bool host)
{
	struct range *r = malloc(sizeof(*r));

	*r = (struct range){ ranges, at, bytes, host };
	ranges = r;
}

bool known(const char *at, size_t bytes, bool host)
{
	for (const struct range *r = ranges; r; r = r->next)
		if (r->host == host && at >= r->at && at + bytes <= r->at + r->bytes)
			return true;
	return false;
}

static int take_away(const void *at)
{
	struct range **r, *gone;

	pthread_mutex_lock(&lock);
	if (copies_under_way)
		wrong("memory is taken away while copies are under way");
	r = find(at);
	gone = *r;
	if (gone)
		*r = gone->next;
	pthread_mutex_unlock(&lock);
	free(gone);
	return gone ? 0 : INVALID;
}

int cuMemAlloc_v2(uint64_t *at, size_t bytes)
{
	char *memory;

	MAY_FAIL;
	if (!has_context)
		return 201;
	memory = malloc(bytes);
	if (!memory)
		return 2;
	memset(memory, 0xa5, bytes);
	pthread_mutex_lock(&lock);
	add(memory, bytes, false);
	pthread_mutex_unlock(&lock);
	*at = (uintptr_t)memory;
	return 0;
}

int cuMemFree_v2(uint64_t at)
{
	int ret;

	MAY_FAIL;
	ret = take_away((void *)(uintptr_t)at);
	if (!ret)
		free((void *)(uintptr_t)at);
	return ret;
}

int cuMemHostRegister_v2(void *at, size_t bytes, unsigned int flags)
{
	int ret = 0;

	MAY_FAIL;
	if (flags || (uintptr_t)at % 4096 || bytes % 4096)
		return INVALID;
	pthread_mutex_lock(&lock);
	if (*find(at))
		ret = 712;
	else
		add(at, bytes, true);
	pthread_mutex_unlock(&lock);
	return ret;
}

int cuMemHostUnregister(void *at)
{
	MAY_FAIL;
	return take_away(at);
}
