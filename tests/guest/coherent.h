/* SPDX-License-Identifier: GPL-2.0-only */
/* A coherent buffer's mapping, in the midst of memory of the caller's own. */
#ifndef COHERENT_H
#define COHERENT_H

#include <sys/mman.h>

#include "guest.h"

#define SPAN (4 * PAGE)

/* The first page and the last are anonymous, the two between them the buffer's. */
struct mixed {
	struct dmabench_buffer buffer;
	char *memory;
	char *view;
	size_t size;
};

static inline void mixed_make(const struct bench *bench, struct mixed *mixed)
{
	mixed->size = 2 * PAGE;
	mixed->memory = pages(SPAN);
	mixed->view = mixed->memory + PAGE;
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, mixed->size, &mixed->buffer),
			 0);
	assert_ptr_equal(mmap(mixed->view, mixed->size, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_FIXED, bench->fd, (off_t)mixed->buffer.mmap_offset),
			 mixed->view);
}

/* Once it isn't mapped any more it can be destroyed, whatever was tried with it. */
static inline void mixed_drop(const struct bench *bench, struct mixed *mixed)
{
	pages_free(mixed->memory, SPAN);
	assert_int_equal(destroy(bench->fd, mixed->buffer.handle), 0);
}

#endif /* COHERENT_H */
