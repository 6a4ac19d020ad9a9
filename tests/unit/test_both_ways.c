// SPDX-License-Identifier: GPL-2.0-only
/* Both directions at once: each is verified for itself, and what has no second one is skipped. */
#include "unit.h"

#include <string.h>

#include "machine/nodes.h"
#include "measure/measure.h"
#include "paths/path.h"

static unsigned long done;

static int begin(struct copy_ctx *ctx)
{
	(void)ctx;
	done = 0;
	return 0;
}

static void copy_pair(const struct copy_ctx *ctx, unsigned int i)
{
	memcpy(ctx->pairs[i].dst, ctx->pairs[i].src, ctx->pairs[i].size);
}

static int right(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	copy_pair(ctx, 1);
	return 0;
}

static int one_only(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	return 0;
}

static int other_only(struct copy_ctx *ctx)
{
	copy_pair(ctx, 1);
	return 0;
}

/* The first of each sample is right in both, and then only one goes on. */
static int other_first_only(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	if (!ctx->ops)
		copy_pair(ctx, 1);
	return 0;
}

static int other_second_not(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	if (++done % 2)
		copy_pair(ctx, 1);
	return 0;
}

static int in_turns(struct copy_ctx *ctx)
{
	copy_pair(ctx, ++done % 2);
	return 0;
}

static int other_short(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	memcpy(ctx->pairs[1].dst, ctx->pairs[1].src, ctx->pairs[1].size - 1);
	return 0;
}

static int other_beyond(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	memcpy(ctx->pairs[1].dst, ctx->pairs[1].src, ctx->pairs[1].size + 1);
	return 0;
}

/* What the first direction copies goes into both destinations. */
static int first_into_both(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	memcpy(ctx->pairs[1].dst, ctx->pairs[0].src, ctx->pairs[1].size);
	return 0;
}

/* There and back again between the same two buffers. */
static int back_again(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	memcpy(ctx->pairs[0].src, ctx->pairs[0].dst, ctx->pairs[0].size);
	return 0;
}

static int other_backwards(struct copy_ctx *ctx)
{
	copy_pair(ctx, 0);
	memcpy(ctx->pairs[1].src, ctx->pairs[1].dst, ctx->pairs[1].size);
	return 0;
}

static void measure_by(int (*submit)(struct copy_ctx *ctx), uint64_t size, enum cache_state cache,
		       struct launch_result *r)
{
	const struct copy_path path = { .name = "made-up",
					.class = CLASS_COPY,
					.axes = AXIS_NODES | AXIS_PAGES | AXIS_CACHE | AXIS_OFFSET,
					.both_ways = true,
					.setup = begin,
					.submit = submit };
	struct bench_case c = {
		.path = &path,
		.params = { .size = size, .offset = 1, .cache = cache, .direction = DIRECTION_BOTH }
	};
	struct measure_config config = {
		.samples = 2, .sample_ns = 10000000, .budget_ns = 60000000000ull, .seed = 3
	};

	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, r);
}

static void a_wrong_copy_in_either_direction_is_seen(void **state)
{
	static int (*const wrong[])(struct copy_ctx * ctx) = {
		one_only,    other_only,   other_first_only, other_second_not, in_turns,
		other_short, other_beyond, first_into_both,  back_again,       other_backwards,
	};
	static const uint64_t sizes[] = { 2, 3, 4097, 65536, 1 << 20 };
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			measure_by(wrong[i], sizes[s], CACHE_HOT, &r);
			if (r.status != LAUNCH_FAILED || strncmp(r.reason, "verification: ", 14))
				fail_msg("%zu, %zu bytes: status %d, \"%s\"", i, (size_t)sizes[s],
					 r.status, r.reason);
		}
	measure_by(other_short, 4096, CACHE_HOT, &r);
	assert_string_equal(r.reason, "verification: the other direction's destination is wrong at "
				      "byte 2047 of 2048");
	measure_by(other_second_not, 65536, CACHE_HOT, &r);
	assert_non_null(strstr(r.reason, "the other direction's destination is wrong"));
}

/* Half of the bytes each way, whose size is said: the first has the odd one. */
static void what_is_right_passes_and_its_size_is_that_of_both(void **state)
{
	static const uint64_t sizes[] = { 2, 3, 4097, 1 << 20 };
	static struct launch_result r;

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		measure_by(right, sizes[s], CACHE_HOT, &r);
		if (r.status != LAUNCH_OK)
			fail_msg("%s", r.reason);
		assert_true(r.verified_bytes > 0 && r.verified_bytes % sizes[s] == 0);
		assert_true(r.verified_whole >= 2 && r.verified_spots >= 2);
	}
}

static void each_pair_has_its_part_of_the_size(void **state)
{
	struct case_params p = { .size = 4097 };

	(void)state;
	assert_int_equal(path_pair_size(&p, 0), 4097);
	assert_int_equal(path_pair_size(&p, 7), 4097);
	p.direction = DIRECTION_BOTH;
	assert_int_equal(path_pair_size(&p, 0), 2049);
	assert_int_equal(path_pair_size(&p, 1), 2048);
	assert_int_equal(path_pairs(path_find("memcpy-mt"), &p), 2);
	assert_int_equal(path_pairs(path_find("pinned-mt"), &p), 2);
}

/* In the threads' own way, in parts and in pieces; the caches emptied where that can be. */
static void threads_copy_both_ways(void **state)
{
	static const uint64_t sizes[] = { 2, 3, 100, 4097, 65536, 1 << 20, (8 << 20) + 4711 };
	struct measure_config config = {
		.samples = 2, .sample_ns = 1000000, .budget_ns = 60000000000ull, .seed = 3
	};
	static struct launch_result r;
	int cpus[MAX_CPUS];

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (int cache = CACHE_HOT; cache < CACHE_STATES; cache++) {
			struct bench_case c = { .path = path_find("memcpy-mt"),
						.params = { .size = sizes[s],
							    .offset = 5,
							    .cache = (enum cache_state)cache,
							    .direction = DIRECTION_BOTH } };
			char why[160];

			c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
			if (path_probe(c.path, &c.params, why, sizeof(why))) {
				assert_true(cache == CACHE_COLD ||
					    node_cpus(c.params.cpu_node, cpus) < 2 ||
					    strstr(why, "usable CPU"));
				continue;
			}
			measure(&c, &config, &r);
			if (r.status != LAUNCH_OK && !strstr(r.reason, "at the same time here"))
				fail_msg("%zu bytes: %s", (size_t)sizes[s], r.reason);
		}
}

static void what_has_one_way_only_is_skipped_with_the_reason(void **state)
{
	static const struct {
		const char *path, *why;
		struct case_params p;
	} cases[] = {
		{ "memcpy", "no threads of its own", { .size = 4096 } },
		{ "fastest", "no threads of its own", { .size = 4096 } },
		{ "pinned", "no threads of its own", { .size = 4096 } },
		{ "batch", "no threads of its own", { .size = 4096 } },
		{ "cow-private", "no threads of its own", { .size = 4096 } },
		{ "memory-write", "no threads of its own", { .size = 4096 } },
		{ "null", "no threads of its own", { .size = 4096 } },
		{ "memcpy-mt", "an even number", { .size = 4096, .threads = 1 } },
		{ "registered-mt", "an even number", { .size = 4096, .threads = 3 } },
		{ "memcpy-mt", "--queue 1", { .size = 4096, .threads = 2, .queue = 64 } },
		{ "memcpy-mt", "--use none", { .size = 4096, .use = USE_READ } },
		{ "memcpy-mt", "--touch prefault", { .size = 65536, .touch = TOUCH_FRESH } },
		{ "pinned-mt", "a byte each way", { .size = 1 } },
	};
	char why[160];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct case_params p = cases[i].p;

		p.direction = DIRECTION_BOTH;
		assert_int_not_equal(path_takes(path_find(cases[i].path), &p, why, sizeof(why)), 0);
		if (!strstr(why, cases[i].why) || strncmp(why, "--direction both: ", 18))
			fail_msg("%s: %s", cases[i].path, why);
	}
	for (size_t i = 0; i < 3; i++) {
		static const char *const taken[] = { "memcpy-mt", "pinned-mt", "registered-mt" };
		struct case_params p = { .size = 2, .direction = DIRECTION_BOTH };

		assert_int_equal(path_takes(path_find(taken[i]), &p, why, sizeof(why)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_copy_in_either_direction_is_seen),
		cmocka_unit_test(what_is_right_passes_and_its_size_is_that_of_both),
		cmocka_unit_test(each_pair_has_its_part_of_the_size),
		cmocka_unit_test(threads_copy_both_ways),
		cmocka_unit_test(what_has_one_way_only_is_skipped_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
