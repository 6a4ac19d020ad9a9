// SPDX-License-Identifier: GPL-2.0-only
/* The access paths: all bytes are read or written, and one that weren't is found. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "copies/steps.h"
#include "paths/access/access.h"

extern const struct copy_path path_memory_read, path_memory_write;

#define ROOM 70000

static uint8_t source[ROOM], destination[ROOM];

static struct copy_ctx context(size_t size)
{
	for (size_t i = 0; i < ROOM; i++)
		source[i] = (uint8_t)(i * 7 + i / 251 + 1);
	memset(destination, 0x5a, ROOM);
	return (struct copy_ctx){
		.params.size = size, .src = source, .dst = destination, .seed = 42
	};
}

static const size_t sizes[] = { 1, 7, 8, 15, 16, 63, 64, 65, 4095, 4096, 4097, 65536, 69999 };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void round_of(const struct copy_path *path, struct copy_ctx *ctx)
{
	assert_int_equal(path->setup(ctx), 0);
	assert_int_equal(path->push(ctx), 0);
}

static void each_size_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZES; i++) {
		struct copy_ctx ctx = context(sizes[i]);

		round_of(&path_memory_read, &ctx);
		assert_int_equal(path_memory_read.submit(&ctx), 0);
		assert_int_equal(path_memory_read.pull(&ctx), 0);
		assert_memory_equal(destination, source, sizes[i]);
		assert_int_equal(destination[sizes[i]], 0x5a);
		path_memory_read.teardown(&ctx);
	}
}

/* Each byte counts: another one at any place gives another sum. */
static void a_byte_that_was_not_read_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZES; i++) {
		const size_t size = sizes[i], places[] = { 0, size / 2, size - 1 };

		for (size_t p = 0; p < 3; p++) {
			struct copy_ctx ctx = context(size);

			round_of(&path_memory_read, &ctx);
			source[places[p]] ^= 0x10;
			assert_int_equal(path_memory_read.submit(&ctx), 0);
			source[places[p]] ^= 0x10;
			assert_int_equal(path_memory_read.pull(&ctx), -EBADMSG);
			assert_string_equal(ctx.reason,
					    "verification: the sum of what was read is wrong");
			path_memory_read.teardown(&ctx);
		}
	}
}

/* Not by the sum of an operation before. */
static void who_reads_nothing_is_found(void **state)
{
	struct copy_ctx ctx = context(4096);

	(void)state;
	round_of(&path_memory_read, &ctx);
	assert_int_equal(path_memory_read.submit(&ctx), 0);
	assert_int_equal(path_memory_read.pull(&ctx), 0);
	assert_int_equal(path_memory_read.push(&ctx), 0);
	assert_int_equal(path_memory_read.pull(&ctx), -EBADMSG);
	assert_string_equal(ctx.reason, "verification: nothing was read");
	path_memory_read.teardown(&ctx);
}

static void each_size_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZES; i++) {
		struct copy_ctx ctx = context(sizes[i]);

		round_of(&path_memory_write, &ctx);
		assert_int_equal(path_memory_write.submit(&ctx), 0);
		assert_int_equal(destination[sizes[i]], 0x5a);
		assert_int_equal(steps_check(destination, sizes[i], ctx.seed, STEPS_EVEN), -1);
		assert_int_equal(path_memory_write.pull(&ctx), 0);
		assert_memory_equal(destination, source, sizes[i]);
		path_memory_write.teardown(&ctx);
	}
}

static void a_byte_that_was_not_written_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZES; i++) {
		const size_t size = sizes[i], places[] = { 0, size / 2, size - 1 };

		for (size_t p = 0; p < 3; p++) {
			struct copy_ctx ctx = context(size);
			uint8_t before;

			round_of(&path_memory_write, &ctx);
			before = destination[places[p]];
			assert_int_equal(path_memory_write.submit(&ctx), 0);
			destination[places[p]] = before;
			assert_int_equal(path_memory_write.pull(&ctx), -EBADMSG);
			path_memory_write.teardown(&ctx);
		}
	}
}

static void who_writes_nothing_is_found(void **state)
{
	struct copy_ctx ctx = context(4096);

	(void)state;
	round_of(&path_memory_write, &ctx);
	assert_int_equal(path_memory_write.submit(&ctx), 0);
	assert_int_equal(path_memory_write.push(&ctx), 0);
	assert_int_equal(path_memory_write.pull(&ctx), -EBADMSG);
	assert_string_equal(ctx.reason, "verification: byte 0 isn't what was written");
	path_memory_write.teardown(&ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_size_is_read),
		cmocka_unit_test(a_byte_that_was_not_read_is_found),
		cmocka_unit_test(who_reads_nothing_is_found),
		cmocka_unit_test(each_size_is_written),
		cmocka_unit_test(a_byte_that_was_not_written_is_found),
		cmocka_unit_test(who_writes_nothing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
