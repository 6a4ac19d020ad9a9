/* SPDX-License-Identifier: GPL-2.0-only */
/* Two ends of a batch, and a list of segments whose bytes are looked at. */
#ifndef BATCH_H
#define BATCH_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

#define SPAN (16 * PAGE)

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];
static struct end src, dst;

static inline int batch_setup(void **state)
{
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	return bench_setup(state);
}

static inline void make_ends(const struct bench *bench, uint32_t from, uint32_t to)
{
	end_make(bench, &src, from, SPAN);
	end_make(bench, &dst, to, SPAN);
	end_fill(bench, &src, source);
	end_fill(bench, &dst, poison);
}

static inline void drop_ends(const struct bench *bench)
{
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

static inline struct dmabench_batch batch_of(const struct bench *bench,
					     const struct dmabench_segment *list, uint32_t count)
{
	struct dmabench_batch arg = {
		.src = end_side(&src, 0),
		.dst = end_side(&dst, 0),
		.span = SPAN,
		.segments_ptr = (uintptr_t)list,
		.segments = count,
		.engine = bench->engine,
	};

	return arg;
}

static inline int batch(const struct bench *bench, struct dmabench_batch *arg)
{
	return request(bench->fd, DMABENCH_IOC_BATCH, arg);
}

static inline void check_moved(const struct bench *bench, const struct dmabench_segment *list,
			       uint32_t count, uint32_t depth, uint32_t flags)
{
	struct dmabench_batch arg = batch_of(bench, list, count);
	uint64_t bytes = 0;
	uint32_t i;

	arg.depth = depth;
	arg.flags = flags;
	end_fill(bench, &dst, poison);
	memcpy(expected, poison, SPAN);
	for (i = 0; i < count; i++) {
		memcpy(expected + list[i].dst, source + list[i].src, list[i].len);
		bytes += list[i].len;
	}
	assert_int_equal(batch(bench, &arg), 0);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, expected, SPAN);
	end_look(bench, &src, seen);
	assert_memory_equal(seen, source, SPAN);
	/* What was asked is as it was, also where it was 0, the default. */
	assert_int_equal(arg.depth, depth);
	assert_int_equal(arg.timeout_ms, 0);
	assert_int_equal(arg.copied, bytes);
	assert_true(arg.descriptors >= count);
	assert_true(arg.total_ns >= arg.list_ns + arg.submit_ns + arg.wait_ns);
	assert_int_equal(arg.reserved0, 0);
	assert_int_equal(arg.reserved[0] | arg.reserved[1] | arg.reserved[2] | arg.reserved[3], 0);
}

/* Crossing pages, back and forth, touching, the very first and the very last byte. */
static const struct dmabench_segment mixed[] = {
	{ 5, SPAN - 1, 1 },
	{ 3 * PAGE - 7, PAGE + 1, 4097 },
	{ 0, 0, 1 },
	{ PAGE, 4 * PAGE - 3, 3 },
	{ PAGE, 4 * PAGE, 3 },
	{ SPAN - 9, 1, 9 },
	{ 3 * PAGE, 9 * PAGE, PAGE },
};

#define MIXED (sizeof(mixed) / sizeof(mixed[0]))

#endif /* BATCH_H */
