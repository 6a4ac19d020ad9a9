/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_NEXT_H
#define DMABENCH_NEXT_H

#include <stddef.h>

typedef void *copy_fn(void *to, const void *from, size_t n);
typedef void *checked_fn(void *to, const void *from, size_t n, size_t room);

/*
 * Who copies: the functions of these names that come next after the library's own, as the C
 * library's; until next_find() has found them some that are slow and need nothing.
 */
struct next {
	copy_fn *memcpy, *memmove, *mempcpy;
	checked_fn *memcpy_chk, *memmove_chk, *mempcpy_chk;
};
extern struct next next;

void next_find(void);

#endif
