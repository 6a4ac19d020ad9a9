// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that are counted, in front of the C library's own. string.h isn't included: with
 * some flags it makes other things of these names.
 */
#include <stdlib.h>

#include "counter.h"
#include "next.h"

#define EXPORT __attribute__((visibility("default")))

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *mempcpy(void *restrict to, const void *restrict from, size_t n);
void *__memcpy_chk(void *restrict to, const void *restrict from, size_t n, size_t room);
void *__memmove_chk(void *to, const void *from, size_t n, size_t room);
void *__mempcpy_chk(void *restrict to, const void *restrict from, size_t n, size_t room);

static inline enum counted_op kind_of_move(const void *to, const void *from, size_t n)
{
	uintptr_t a = (uintptr_t)to, b = (uintptr_t)from;

	return (a > b ? a - b : b - a) < n ? OP_OVERLAPPING : OP_MEMMOVE;
}

EXPORT void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	count(OP_MEMCPY, to, from, n, __builtin_return_address(0));
	return next.memcpy(to, from, n);
}

EXPORT void *memmove(void *to, const void *from, size_t n)
{
	count(kind_of_move(to, from, n), to, from, n, __builtin_return_address(0));
	return next.memmove(to, from, n);
}

EXPORT void *mempcpy(void *restrict to, const void *restrict from, size_t n)
{
	count(OP_MEMPCPY, to, from, n, __builtin_return_address(0));
	return next.mempcpy(to, from, n);
}

/* One that has no room isn't done: the C library ends the process. */
EXPORT void *__memcpy_chk(void *restrict to, const void *restrict from, size_t n, size_t room)
{
	if (likely(n <= room))
		count(OP_MEMCPY, to, from, n, __builtin_return_address(0));
	return next.memcpy_chk(to, from, n, room);
}

EXPORT void *__memmove_chk(void *to, const void *from, size_t n, size_t room)
{
	if (likely(n <= room))
		count(kind_of_move(to, from, n), to, from, n, __builtin_return_address(0));
	return next.memmove_chk(to, from, n, room);
}

EXPORT void *__mempcpy_chk(void *restrict to, const void *restrict from, size_t n, size_t room)
{
	if (likely(n <= room))
		count(OP_MEMPCPY, to, from, n, __builtin_return_address(0));
	return next.mempcpy_chk(to, from, n, room);
}
