/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is registered for the engine to read, and what it finds there later. */
#ifndef LONGTERM_H
#define LONGTERM_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define LEN (2 * PAGE)

static char *old, *new, *dst;

static inline int longterm_setup(void **state)
{
	old = pages(LEN);
	new = pages(LEN);
	dst = pages(LEN);
	pattern(old, LEN, 1);
	pattern(new, LEN, 2);
	return bench_setup(state);
}

/* For the engine to read, and nothing more. */
static inline uint32_t register_source(const struct bench *bench, const void *memory, size_t size)
{
	struct dmabench_buffer buffer = {
		.engine = bench->engine,
		.kind = DMABENCH_BUF_REGISTERED,
		.flags = DMABENCH_BUF_SOURCE,
		.node = -1,
		.addr = (uintptr_t)memory,
		.size = size,
	};

	assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer), 0);
	return buffer.handle;
}

/* What the engine finds in LEN bytes of a buffer. */
static inline void engine_reads(const struct bench *bench, uint32_t handle, size_t offset,
				const char *wanted, const char *what)
{
	struct dmabench_copy arg = user_copy(dst, NULL, LEN);
	size_t i;

	arg.src.kind = DMABENCH_BUF_REGISTERED;
	arg.src.handle = handle;
	arg.src.addr = offset;
	memset(dst, 7, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	for (i = 0; i < LEN; i++) {
		if (dst[i] != wanted[i])
			fail_msg("%s: byte %zu is %#x, not %#x", what, i, dst[i] & 255,
				 wanted[i] & 255);
	}
}

/* Registered as it is, then written and copied, twice, by way of what was written first. */
static inline void written_later(const struct bench *bench, char *memory, const char *what)
{
	uint32_t handle = register_source(bench, memory, LEN);
	long pinned = pins();

	memcpy(memory, new, LEN);
	engine_reads(bench, handle, 0, new, what);
	memcpy(memory, old, LEN);
	engine_reads(bench, handle, 0, old, what);
	assert_memory_equal(memory, old, LEN);
	assert_int_equal(pins(), pinned);
	assert_int_equal(destroy(bench->fd, handle), 0);
	assert_memory_equal(memory, old, LEN);
}

static inline int file_with_old(int fd)
{
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, old, LEN, 0), LEN);
	return fd;
}

#endif /* LONGTERM_H */
