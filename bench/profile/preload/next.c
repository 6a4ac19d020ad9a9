// SPDX-License-Identifier: GPL-2.0-only
#include "next.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

/* Built so that the compiler doesn't make calls of memmove of these loops. */
static void *early_move(void *to, const void *from, size_t n)
{
	const unsigned char *s = from;
	unsigned char *d = to;

	if ((uintptr_t)d - (uintptr_t)s >= n)
		for (size_t i = 0; i < n; i++)
			d[i] = s[i];
	else
		while (n--)
			d[n] = s[n];
	return to;
}

static void *early_mempcpy(void *to, const void *from, size_t n)
{
	return (char *)early_move(to, from, n) + n;
}

/* A C library that has no such functions has no message for it, either. */
static void *move_chk(void *to, const void *from, size_t n, size_t room)
{
	if (n > room)
		abort();
	return next.memmove(to, from, n);
}

static void *mempcpy_chk(void *to, const void *from, size_t n, size_t room)
{
	if (n > room)
		abort();
	return next.mempcpy(to, from, n);
}

struct next next = {
	.memcpy = early_move,
	.memmove = early_move,
	.mempcpy = early_mempcpy,
	.memcpy_chk = move_chk,
	.memmove_chk = move_chk,
	.mempcpy_chk = mempcpy_chk,
};

#define FIND(field, name)                                           \
	do {                                                        \
		void *found = dlsym(RTLD_NEXT, name);               \
		if (found)                                          \
			next.field = (__typeof__(next.field))found; \
	} while (0)

void next_find(void)
{
	FIND(memcpy, "memcpy");
	FIND(memmove, "memmove");
	FIND(mempcpy, "mempcpy");
	FIND(memcpy_chk, "__memcpy_chk");
	FIND(memmove_chk, "__memmove_chk");
	FIND(mempcpy_chk, "__mempcpy_chk");
}
