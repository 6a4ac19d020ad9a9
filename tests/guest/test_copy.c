/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies between every pair of kinds move exactly the bytes asked for, to
 * exactly where they were asked to go, and touch nothing around them.
 */
#include <string.h>

#include "guest.h"

#define KINDS 4
#define CHUNK 8192UL
#define SPAN (4 * CHUNK)

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

struct move {
	size_t from;
	size_t to;
	size_t len;
	uint32_t flags;
};

static void check_move(const struct bench *bench, struct end *src, struct end *dst,
		       const struct move *move)
{
	struct dmabench_copy arg = {
		.src = end_side(src, move->from),
		.dst = end_side(dst, move->to),
		.len = move->len,
		.chunk = CHUNK,
		.flags = move->flags,
	};

	end_fill(bench, src, source);
	end_fill(bench, dst, poison);
	memcpy(expected, poison, SPAN);
	memcpy(expected + move->to, source + move->from, move->len);
	assert_int_equal(copy(bench, &arg), 0);
	end_look(bench, dst, seen);
	assert_memory_equal(seen, expected, SPAN);
	end_look(bench, src, seen);
	assert_memory_equal(seen, source, SPAN);
	assert_int_equal(arg.copied, move->len);
	assert_int_equal(arg.chunks, (move->len + CHUNK - 1) / CHUNK);
	assert_true(arg.descriptors >= arg.chunks);
	assert_true(arg.total_ns >= arg.submit_ns + arg.wait_ns);
}

static void check_pair(const struct bench *bench, uint32_t from, uint32_t to,
		       const struct move *moves, size_t count)
{
	struct end src, dst;
	size_t i;

	end_make(bench, &src, from, SPAN);
	end_make(bench, &dst, to, SPAN);
	for (i = 0; i < count; i++)
		check_move(bench, &src, &dst, &moves[i]);
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

static void check_all_pairs(const struct bench *bench, struct move *moves, size_t count)
{
	uint32_t from, to;
	long before = pins();
	size_t i;

	for (i = 0; i < count; i++) {
		moves[i].from = fit(bench, moves[i].from);
		moves[i].to = fit(bench, moves[i].to);
		moves[i].len = fit(bench, moves[i].len);
	}
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	for (from = 0; from < KINDS; from++) {
		for (to = 0; to < KINDS; to++)
			check_pair(bench, from, to, moves, count);
	}
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

/* Every offset against every offset, every length, by interrupt and polled in turn. */
static void every_pair_offset_and_length(void **state)
{
	static const size_t offsets[] = { 0, 1, 4095 };
	static const size_t lengths[] = { 1, 4095, 4096, 4097, CHUNK - 1, CHUNK, CHUNK + 1 };
	struct move moves[3 * 3 * 7];
	size_t i, count = sizeof(moves) / sizeof(moves[0]);
	const struct bench *bench = *state;

	if (!fast(bench))
		skip();
	for (i = 0; i < count; i++) {
		moves[i].from = PAGE + offsets[i % 3];
		moves[i].to = PAGE + offsets[i / 3 % 3];
		moves[i].len = lengths[i / 9];
		moves[i].flags = i % 2 ? DMABENCH_COPY_POLL : 0;
	}
	check_all_pairs(bench, moves, count);
}

/* The same in small, for an engine that takes its time. */
static void every_pair_small(void **state)
{
	struct move moves[] = {
		{ PAGE, PAGE, 1, 0 },
		{ PAGE + 1, 2 * PAGE - 1, 4097, 0 },
		{ PAGE + 4095, PAGE, 4096, DMABENCH_COPY_POLL },
	};

	check_all_pairs(*state, moves, sizeof(moves) / sizeof(moves[0]));
}

static void every_depth_gives_the_same_bytes(void **state)
{
	const struct bench *bench = *state;
	size_t len = fast(bench) ? 1 << 20 : 3 * PAGE;
	char *src = pages(len), *dst = pages(len);
	static const uint32_t depths[] = { 1, 2, 3, 17, 256 };
	unsigned int i;

	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		struct dmabench_copy arg = user_copy(dst, src, len);

		pattern(src, len, i);
		arg.depth = depths[i];
		arg.chunk = 3 * PAGE;
		assert_int_equal(copy(bench, &arg), 0);
		assert_memory_equal(src, dst, len);
	}
	pages_free(src, len);
	pages_free(dst, len);
}

/* Longer than one chunk by default, with an odd tail: many chunks in a row. */
static void long_copy_in_many_chunks(void **state)
{
	const struct bench *bench = *state;
	size_t len = fit(bench, (33 << 20) + 12345), odd = fit(bench, 1);
	struct dmabench_copy arg;
	char *src, *dst;

	if (!fast(bench))
		skip();
	src = pages(len);
	dst = pages(len + odd);
	pattern(src, len, 7);
	arg = user_copy(dst + odd, src, len);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(src, dst + odd, len);
	assert_true(arg.chunks > 33);
	pages_free(src, len);
	pages_free(dst, len + odd);
}

/* In one block or in several, and whether it can be mapped in one piece or not. */
static void kernel_buffers_of_many_sizes(void **state)
{
	static const size_t sizes[] = { 1, 15, 16, 17, 61, 62, 63, 64, 65, 256, 512, 513, 1025 };
	static char wrote[1025 * PAGE], read[1025 * PAGE];
	const struct bench *bench = *state;
	unsigned int i;

	pattern(wrote, sizeof(wrote), 12);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && (sizes[i] < 20 || fast(bench)); i++) {
		struct dmabench_copy arg = { .len = sizes[i] * PAGE };
		struct end src, dst;

		end_make(bench, &src, DMABENCH_BUF_KERNEL, arg.len);
		end_make(bench, &dst, DMABENCH_BUF_KERNEL, arg.len);
		end_fill(bench, &src, wrote);
		arg.src = end_side(&src, 0);
		arg.dst = end_side(&dst, 0);
		assert_int_equal(copy(bench, &arg), 0);
		end_look(bench, &dst, read);
		assert_memory_equal(read, wrote, arg.len);
		end_drop(bench, &src);
		end_drop(bench, &dst);
	}
}

/* No two chunks of a destination are on one cache line, wherever it begins. */
static void chunks_end_at_cache_lines(void **state)
{
	size_t odd = fit(*state, 1), len = 2 * PAGE + odd;
	char *src = pages(3 * PAGE), *dst = pages(3 * PAGE + odd);
	struct dmabench_copy arg = user_copy(dst + odd, src, len);

	pattern(src, 3 * PAGE, 9);
	arg.chunk = PAGE;
	assert_int_equal(copy(*state, &arg), 0);
	assert_int_equal(arg.chunks, 3); /* PAGE less the odd ones, PAGE, twice the odd ones */
	assert_memory_equal(dst + odd, src, len);
	arg = user_copy(dst, src, 200);
	arg.chunk = odd;
	memset(dst, 0, 200);
	assert_int_equal(copy(*state, &arg), 0);
	assert_true(arg.chunks <= 200 / 16);
	assert_memory_equal(dst, src, 200);
	pages_free(src, 3 * PAGE);
	pages_free(dst, 3 * PAGE + odd);
}

/*
 * Registered memory is the caller's own but for what a copy changes: bytes that were written
 * before the first copy, or since the last, are there when the buffer is gone. Where memory is
 * bounced, the engine has other bytes for it.
 */
static void what_the_caller_wrote_stays(void **state)
{
	const struct bench *bench = *state;
	size_t len = fit(bench, 300), at = fit(bench, 100);
	char *memory = pages(SPAN), *from = pages(PAGE);
	struct dmabench_buffer buffer;
	struct dmabench_copy arg;
	int copies;

	pattern(from, PAGE, 3);
	for (copies = 0; copies < 2; copies++) {
		pattern(memory, SPAN, 4);
		assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, SPAN, &buffer), 0);
		if (copies) {
			arg = user_copy(NULL, from, len);
			arg.dst = (struct dmabench_side){
				.kind = DMABENCH_BUF_REGISTERED,
				.handle = buffer.handle,
				.addr = at,
			};
			assert_int_equal(copy(bench, &arg), 0);
			assert_memory_equal(memory + at, from, len);
		}
		pattern(memory, SPAN, 5);
		pattern(seen, SPAN, 5);
		assert_int_equal(destroy(bench->fd, buffer.handle), 0);
		assert_memory_equal(memory, seen, SPAN);
	}
	pages_free(memory, SPAN);
	pages_free(from, PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_small),
		cmocka_unit_test(every_pair_offset_and_length),
		cmocka_unit_test(every_depth_gives_the_same_bytes),
		cmocka_unit_test(long_copy_in_many_chunks),
		cmocka_unit_test(kernel_buffers_of_many_sizes),
		cmocka_unit_test(chunks_end_at_cache_lines),
		cmocka_unit_test(what_the_caller_wrote_stays),
	};

	return cmocka_run_group_tests_name("copy", tests, bench_setup, bench_teardown);
}
