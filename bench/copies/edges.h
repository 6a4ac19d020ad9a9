/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a vector kernel does with the bytes before the first and after the last whole
 * line of the destination: memcpy copies them, less than a line each. So a kernel's
 * stores never touch a line twice, which would cost a non-temporal one dearly.
 */
#ifndef DMABENCH_EDGES_H
#define DMABENCH_EDGES_H

#include <stdint.h>
#include <string.h>

#define LINE 64

/* Move on to the first line boundary of the destination, or to the end of a short copy. */
static inline void copy_head(uint8_t **dst, const uint8_t **src, size_t *size)
{
	size_t head = -(uintptr_t)*dst % LINE;

	if (!head)
		return;
	if (head > *size)
		head = *size;
	memcpy(*dst, *src, head);
	*dst += head;
	*src += head;
	*size -= head;
}

/* The end of the destination behind its last line boundary, or all of a short copy. */
static inline void copy_end(uint8_t *dst, const uint8_t *src, size_t *size)
{
	size_t end = (uintptr_t)(dst + *size) % LINE;

	if (!end)
		return;
	if (end > *size)
		end = *size;
	*size -= end;
	memcpy(dst + *size, src + *size, end);
}

static inline void copy_tail(uint8_t *dst, const uint8_t *src, size_t size)
{
	if (size)
		memcpy(dst, src, size);
}

#endif
