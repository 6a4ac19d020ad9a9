// SPDX-License-Identifier: GPL-2.0-only
/* Copies that leave the choice of instructions to somebody else: library or processor. */
#include <string.h>

#include "copies.h"

/* Through a pointer, so that the compiler can't put code of its own here. */
static void *(*volatile libc_memcpy)(void *, const void *, size_t) = memcpy;

void copy_libc(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)ahead;
	libc_memcpy(dst, src, size);
}

#if defined(__x86_64__)
void copy_movsb(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	(void)ahead;
	__asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(size) : : "memory");
}

void copy_movsq(uint8_t *dst, const uint8_t *src, size_t size, size_t ahead)
{
	size_t words = size / 8, rest = size % 8;

	(void)ahead;
	__asm__ volatile("rep movsq\n\t"
			 "mov %3, %%rcx\n\t"
			 "rep movsb"
			 : "+&D"(dst), "+&S"(src), "+&c"(words)
			 : "r"(rest)
			 : "memory");
}
#endif
