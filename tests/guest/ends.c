/* SPDX-License-Identifier: GPL-2.0-only */
/* Ends of a copy, of each kind; see guest.h. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

void end_make(const struct bench *bench, struct end *end, uint32_t kind, size_t span)
{
	struct dmabench_buffer buffer;

	memset(end, 0, sizeof(*end));
	end->kind = kind;
	end->span = span;
	if (kind == DMABENCH_BUF_USER || kind == DMABENCH_BUF_REGISTERED)
		end->memory = pages(span);
	if (kind == DMABENCH_BUF_USER)
		return;
	assert_int_equal(create(bench, kind, end->memory, span, &buffer), 0);
	end->handle = buffer.handle;
	end->offset = buffer.mmap_offset;
	if (kind == DMABENCH_BUF_COHERENT) {
		end->memory = mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_SHARED, bench->fd,
				   (off_t)end->offset);
		assert_ptr_not_equal(end->memory, MAP_FAILED);
	}
}

void end_drop(const struct bench *bench, struct end *end)
{
	if (end->kind == DMABENCH_BUF_COHERENT)
		assert_int_equal(munmap(end->memory, end->span), 0);
	if (end->kind != DMABENCH_BUF_USER)
		assert_int_equal(destroy(bench->fd, end->handle), 0);
	if (end->kind == DMABENCH_BUF_USER || end->kind == DMABENCH_BUF_REGISTERED)
		pages_free(end->memory, end->span);
}

void end_fill(const struct bench *bench, struct end *end, const char *from)
{
	if (end->memory)
		memcpy(end->memory, from, end->span);
	else
		assert_int_equal(pwrite(bench->fd, from, end->span, (off_t)end->offset), end->span);
}

void end_look(const struct bench *bench, const struct end *end, char *to)
{
	if (end->memory)
		memcpy(to, end->memory, end->span);
	else
		assert_int_equal(pread(bench->fd, to, end->span, (off_t)end->offset), end->span);
}

struct dmabench_side end_side(const struct end *end, uint64_t offset)
{
	struct dmabench_side side = { .kind = end->kind, .handle = end->handle, .addr = offset };

	if (end->kind == DMABENCH_BUF_USER)
		side.addr += (uintptr_t)end->memory;
	return side;
}
