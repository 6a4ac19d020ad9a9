// SPDX-License-Identifier: GPL-2.0-only
/* What can go wrong with a copy, done on purpose: each must be seen. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "measure/arena.h"
#include "measure/pattern.h"
#include "paths/dirty_share.h"

#define SIZE 10007

static void pattern_depends_on_position_alone(void **state)
{
	uint8_t whole[300], part[300];

	(void)state;
	pattern_fill(whole, sizeof(whole), 5, 0, PATTERN_PLAIN);
	for (size_t from = 0; from < 20; from++) {
		pattern_fill(part, 200, 5, from, PATTERN_PLAIN);
		assert_memory_equal(part, whole + from, 200);
		assert_int_equal(pattern_check(whole + from, 200, 5, from, PATTERN_PLAIN), -1);
		assert_true(pattern_check(whole + from, 200, 5, from + 1, PATTERN_PLAIN) >= 0);
	}
}

static void every_wrong_byte_is_found(void **state)
{
	uint8_t bytes[100];

	(void)state;
	pattern_fill(bytes, sizeof(bytes), 9, 3, PATTERN_PLAIN);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] ^= 1;
		assert_int_equal(pattern_check(bytes, sizeof(bytes), 9, 3, PATTERN_PLAIN), i);
		bytes[i] ^= 1;
	}
}

static void poison_differs_in_every_byte(void **state)
{
	uint8_t plain[777], poison[777];

	(void)state;
	pattern_fill(plain, sizeof(plain), 1, 0, PATTERN_PLAIN);
	pattern_fill(poison, sizeof(poison), 1, 0, PATTERN_POISON);
	for (size_t i = 0; i < sizeof(plain); i++)
		assert_int_not_equal(plain[i], poison[i]);
}

/* Let one faulty copy run between poisoning and checking; what the check says. */
static int after(void (*copy)(struct copy_ctx *ctx), char *why, size_t len)
{
	static const struct copy_path path = { .name = "test" };
	struct copy_ctx ctx = { .params = { .size = SIZE, .offset = 3 } };
	struct arena arena;
	int ret;

	assert_int_equal(arena_create(&arena, &path, &ctx, 77, why, len), 0);
	assert_int_equal(arena_poison(&arena), 0);
	copy(&ctx);
	ctx.ops = 1;
	ret = arena_verify(&arena, why, len);
	arena_destroy(&arena);
	return ret;
}

/* A copy of a byte too many must change a guard, whatever the seed. */
static void guards_of_both_sides_differ_in_every_byte(void **state)
{
	static const struct copy_path path = { .name = "test" };
	struct copy_ctx ctx = { .params = { .size = 64 } };
	char why[128];

	(void)state;
	for (uint64_t seed = 0; seed < 64; seed++) {
		struct arena a;

		assert_int_equal(arena_create(&a, &path, &ctx, seed, why, sizeof(why)), 0);
		for (size_t i = 1; i <= GUARD_BYTES; i++) {
			assert_int_not_equal(ctx.src[-i], ctx.dst[-i]);
			assert_int_not_equal(ctx.src[63 + i], ctx.dst[63 + i]);
		}
		arena_destroy(&a);
	}
}

static void right(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, SIZE);
}

static void nothing(struct copy_ctx *ctx)
{
	(void)ctx;
}

static void one_byte_short(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, SIZE - 1);
}

static void one_byte_long(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, SIZE + 1);
}

static void one_byte_early(struct copy_ctx *ctx)
{
	memcpy(ctx->dst - 1, ctx->src - 1, SIZE + 1);
}

static void shifted(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src + 1, SIZE);
}

static void wrong_way(struct copy_ctx *ctx)
{
	memcpy(ctx->src, ctx->dst, SIZE);
}

static void both_ways(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, SIZE);
	ctx->src[SIZE / 2] ^= 0x80;
}

static void pages_swapped(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src + 4096, 4096);
	memcpy(ctx->dst + 4096, ctx->src, 4096);
	memcpy(ctx->dst + 8192, ctx->src + 8192, SIZE - 8192);
}

static void before_the_source(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, SIZE);
	ctx->src[-GUARD_BYTES] ^= 1;
}

static void a_right_copy_passes(void **state)
{
	char why[160];

	(void)state;
	assert_int_equal(after(right, why, sizeof(why)), 0);
}

static void every_wrong_copy_is_seen(void **state)
{
	static const struct {
		void (*copy)(struct copy_ctx *ctx);
		const char *says;
	} faults[] = {
		{ nothing, "the destination is wrong at byte 0 of" },
		{ one_byte_short, "the destination is wrong at byte 10006 of" },
		{ one_byte_long, "the guard after the destination is wrong at byte 0" },
		{ one_byte_early, "the guard before the destination is wrong at byte 4095" },
		{ shifted, "the destination is wrong at byte" },
		{ wrong_way, "the destination is wrong at byte 0 of" },
		{ both_ways, "the source is wrong at byte 5003" },
		{ pages_swapped, "the destination is wrong at byte" },
		{ before_the_source, "the guard before the source is wrong at byte 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char why[160];

		assert_int_equal(after(faults[i].copy, why, sizeof(why)), -EBADMSG);
		if (!strstr(why, faults[i].says))
			fail_msg("fault %zu: \"%s\" doesn't say \"%s\"", i, why, faults[i].says);
	}
}

static void shares_of_pages_are_exact(void **state)
{
	static uint8_t bytes[100 * 16];

	(void)state;
	for (unsigned int share = 0; share <= 100; share++) {
		unsigned int written = 0;

		memset(bytes, 0, sizeof(bytes));
		dirty_share(bytes, sizeof(bytes), 16, share);
		for (size_t i = 0; i < sizeof(bytes); i++) {
			assert_true(!bytes[i] || i % 16 == 0);
			written += bytes[i] == 0xff;
		}
		assert_int_equal(written, share);
		assert_int_equal(written, dirty_pages(sizeof(bytes), 16, share));
		dirty_share(bytes, sizeof(bytes), 16, share);
		for (size_t i = 0; i < sizeof(bytes); i++)
			assert_int_equal(bytes[i], 0);
	}
}

/* In whole pages, of which one is the least: none is written only where none is meant. */
static void a_share_of_few_pages_is_some_page(void **state)
{
	static const struct {
		size_t pages;
		unsigned int share, written;
	} known[] = { { 1, 0, 0 },  { 1, 1, 1 },   { 1, 100, 1 }, { 16, 1, 1 }, { 16, 6, 1 },
		      { 16, 7, 2 }, { 16, 50, 8 }, { 256, 1, 3 }, { 256, 3, 8 } };
	static uint8_t bytes[256 * 16];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		unsigned int written = 0;

		memset(bytes, 0, sizeof(bytes));
		dirty_share(bytes, known[i].pages * 16, 16, known[i].share);
		for (size_t k = 0; k < sizeof(bytes); k++)
			written += bytes[k] == 0xff;
		assert_int_equal(written, known[i].written);
		assert_int_equal(dirty_pages(known[i].pages * 16, 16, known[i].share), written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pattern_depends_on_position_alone),
		cmocka_unit_test(every_wrong_byte_is_found),
		cmocka_unit_test(poison_differs_in_every_byte),
		cmocka_unit_test(guards_of_both_sides_differ_in_every_byte),
		cmocka_unit_test(a_right_copy_passes),
		cmocka_unit_test(every_wrong_copy_is_seen),
		cmocka_unit_test(shares_of_pages_are_exact),
		cmocka_unit_test(a_share_of_few_pages_is_some_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
