/* SPDX-License-Identifier: GPL-2.0-only */
/* The same memory at two addresses, as the two sides of a copy. */
#ifndef ALIAS_H
#define ALIAS_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define KIB 1024UL
#define MIB (1024 * KIB)
#define SIZE (3 * MIB) /* of what is mapped twice */
#define BASE (4 * PAGE)

/* A side of a copy: all of a mapping, by its address or registered. */
struct alias {
	uint32_t kind;
	uint32_t handle;
	char *memory;
	size_t size;
};

static inline int memory_file(size_t size, unsigned int flags)
{
	int fd = memfd_create("alias", flags);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	return fd;
}

static inline char *view_of(int fd, size_t size, int flags)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static inline void alias_make(const struct bench *bench, struct alias *alias, uint32_t kind,
			      char *memory, size_t size)
{
	struct dmabench_buffer buffer = { .handle = 0 };

	if (kind == DMABENCH_BUF_REGISTERED)
		assert_int_equal(create(bench, kind, memory, size, &buffer), 0);
	*alias = (struct alias){ kind, buffer.handle, memory, size };
}

static inline void alias_drop(const struct bench *bench, struct alias *alias)
{
	if (alias->kind == DMABENCH_BUF_REGISTERED)
		assert_int_equal(destroy(bench->fd, alias->handle), 0);
	assert_int_equal(munmap(alias->memory, alias->size), 0);
}

static inline struct dmabench_side alias_side(const struct alias *alias, size_t offset)
{
	struct dmabench_side side = { .kind = alias->kind, .handle = alias->handle };

	side.addr = offset + (alias->kind == DMABENCH_BUF_USER ? (uintptr_t)alias->memory : 0);
	return side;
}

static inline const char *kind_name(uint32_t kind)
{
	return kind == DMABENCH_BUF_USER ? "user" : "registered";
}

/* One copy between two views of the same memory: places in it. */
struct shift {
	size_t from, to, len, chunk;
};

static inline struct dmabench_copy shifted(const struct alias *src, const struct alias *dst,
					   const struct shift *shift)
{
	struct dmabench_copy arg = {
		.src = alias_side(src, shift->from),
		.dst = alias_side(dst, shift->to),
		.len = shift->len,
		.chunk = shift->chunk,
	};

	return arg;
}

static inline void expect_errno(const struct alias *src, const struct alias *dst,
				const struct shift *shift, int err, int wanted)
{
	if (err != wanted)
		fail_msg("%s to %s, %zu bytes from %zu to %zu of one memory, chunks of %zu: %s, "
			 "not %s",
			 kind_name(src->kind), kind_name(dst->kind), shift->len, shift->from,
			 shift->to, shift->chunk, strerror(err), strerror(wanted));
}

static char *before, *expected;

static inline int alias_patterns(void **state)
{
	(void)state;
	before = malloc(SIZE);
	expected = malloc(SIZE);
	if (!before || !expected)
		return -1;
	pattern(before, SIZE, 4);
	return 0;
}

static inline int alias_setup(void **state)
{
	return alias_patterns(state) ? -1 : bench_setup(state);
}

static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Both sides show the same memory. A copy in one chunk is refused before a byte has moved. */
static inline void refused(const struct bench *bench, const struct alias *src,
			   const struct alias *dst, struct shift shift)
{
	struct dmabench_copy arg = shifted(src, dst, &shift);
	size_t size = min_size(dst->size, SIZE);

	memcpy(dst->memory, before, size);
	expect_errno(src, dst, &shift, copy(bench, &arg), EINVAL);
	if (shift.len <= (shift.chunk ? shift.chunk : 256 * KIB))
		assert_memory_equal(dst->memory, before, size);
}

/* The bytes arrive, and none else has changed. */
static inline void copied(const struct bench *bench, const struct alias *src,
			  const struct alias *dst, struct shift shift)
{
	struct dmabench_copy arg = shifted(src, dst, &shift);
	size_t size = min_size(dst->size, SIZE);

	memcpy(src->memory, before, min_size(src->size, SIZE));
	memcpy(dst->memory, before, size);
	memcpy(expected, before, size);
	memcpy(expected + shift.to, before + shift.from, shift.len);
	expect_errno(src, dst, &shift, copy(bench, &arg), 0);
	assert_memory_equal(dst->memory, expected, size);
}

/* Two shared mappings of one file, each a side of its kind. */
static inline void two_views(const struct bench *bench, struct alias *sides, int fd, size_t size,
			     int kinds)
{
	alias_make(bench, &sides[0], kinds & 1 ? DMABENCH_BUF_REGISTERED : DMABENCH_BUF_USER,
		   view_of(fd, size, MAP_SHARED), size);
	alias_make(bench, &sides[1], kinds & 2 ? DMABENCH_BUF_REGISTERED : DMABENCH_BUF_USER,
		   view_of(fd, size, MAP_SHARED), size);
}

static inline void drop_views(const struct bench *bench, struct alias *sides)
{
	alias_drop(bench, &sides[0]);
	alias_drop(bench, &sides[1]);
}

#endif /* ALIAS_H */
