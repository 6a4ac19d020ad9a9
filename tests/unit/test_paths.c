// SPDX-License-Identifier: GPL-2.0-only
/* Every path that needs no driver moves exactly the bytes asked, at any offset. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "machine/nodes.h"
#include "measure/arena.h"
#include "measure/measure.h"
#include "lacking.h"

static void measure_one(const char *path, struct case_params p, struct launch_result *r)
{
	struct bench_case c = { .path = path_find(path), .params = p };
	struct measure_config config = {
		.samples = 2, .sample_ns = 1000, .budget_ns = 1000000, .seed = 3
	};

	assert_non_null(c.path);
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, r);
	if (r->status == LAUNCH_FAILED)
		fail_msg("%s, %zu bytes at %u, share %u: %s", path, (size_t)p.size, p.offset,
			 p.share, r->reason);
}

static void try_each(const char *name, const uint64_t *sizes, size_t nsizes,
		     const uint32_t *offsets, size_t noffsets)
{
	static struct launch_result r;
	const struct copy_path *path = path_find(name);
	char why[160];

	for (size_t s = 0; s < nsizes; s++)
		for (size_t o = 0; o < noffsets; o++) {
			struct case_params p = { .size = sizes[s], .offset = offsets[o] };

			if (path->probe && path->probe(&p, why, sizeof(why)))
				continue;
			measure_one(name, p, &r);
			assert_int_equal(r.status, LAUNCH_OK);
			assert_true(r.verified_bytes >= 2 * sizes[s]);
		}
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void cpu_copies_are_exact_at_any_offset(void **state)
{
	static const char *const paths[] = { "memcpy", "movsb", "movsq", "vector", "nt", "null" };
	static const uint64_t sizes[] = { 1, 63, 64, 255, 256, 257, 1000, 4095, 4096, 4097, 70001 };
	static const uint32_t offsets[] = { 0, 1, 64, 4095 };

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++)
		try_each(paths[i], sizes, COUNT(sizes), offsets, COUNT(offsets));
}

static void copies_in_small_pieces_are_exact_too(void **state)
{
	static const uint64_t sizes[] = { 16, 4000, 70000 };
	static const uint32_t offsets[] = { 0, 1, 4095 };

	(void)state;
	try_each("memcpy-batch", sizes, COUNT(sizes), offsets, COUNT(offsets));
}

/* They copy many times before they are measured, so there are fewer cases. */
static void copies_that_are_chosen_are_exact_too(void **state)
{
	static const uint64_t sizes[] = { 1, 4097, 3000001 };
	static const uint32_t offsets[] = { 0, 4095 };

	(void)state;
	try_each("fastest", sizes, COUNT(sizes), offsets, COUNT(offsets));
	try_each("memcpy-mt", sizes, COUNT(sizes), offsets, COUNT(offsets));
}

/* Each of them hands over more operations than its queue is long. */
static void copies_in_a_queue_are_exact_too(void **state)
{
	static const uint64_t sizes[] = { 1, 4097, 300001 };
	static const uint32_t queues[] = { 2, 3, 64 };
	static struct launch_result r;

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t q = 0; q < COUNT(queues); q++) {
			struct case_params p = { .size = sizes[s], .queue = queues[q] };

			measure_one("memcpy-mt", p, &r);
			assert_int_equal(r.status, LAUNCH_OK);
			assert_true(r.ops_per_timing >= 4 * queues[q]);
			assert_true(r.verified_spots > 0);
		}
}

static void a_queue_is_only_for_hot_caches(void **state)
{
	struct case_params p = { .size = 65536, .cache = CACHE_COLD };
	char why[160];

	(void)state;
	p.cpu_node = node_here();
	assert_int_equal(path_find("memcpy-mt")->probe(&p, why, sizeof(why)), 0);
	p.queue = 2;
	assert_int_equal(path_find("memcpy-mt")->probe(&p, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "overlap"));
}

#define QUEUE 4

/* A path that does nothing until it must: it has a queue, and its copies come at the end. */
static struct {
	unsigned int begun, ended, most;
} lazy;

static void lazy_end(struct copy_ctx *ctx, unsigned int left)
{
	if (lazy.begun <= lazy.ended + left)
		return;
	memcpy(ctx->dst, ctx->src, ctx->params.size);
	lazy.ended = lazy.begun - left;
}

static int lazy_submit(struct copy_ctx *ctx)
{
	(void)ctx;
	lazy.begun++;
	if (lazy.begun - lazy.ended > lazy.most)
		lazy.most = lazy.begun - lazy.ended;
	return 0;
}

static int lazy_wait(struct copy_ctx *ctx)
{
	lazy_end(ctx, QUEUE - 1);
	return 0;
}

static int lazy_drain(struct copy_ctx *ctx)
{
	lazy_end(ctx, 0);
	return 0;
}

/* Verified is what was drained: else the bytes of the lazy path would be missing. */
static void nothing_is_in_flight_when_bytes_are_looked_at(void **state)
{
	static const struct copy_path path = {
		.name = "lazy", .submit = lazy_submit, .wait = lazy_wait, .drain = lazy_drain
	};
	static struct launch_result r;
	struct bench_case c = { .path = &path, .params = { .size = 4096, .queue = QUEUE } };
	struct measure_config config = { .samples = 2, .sample_ns = 1000, .budget_ns = 1000000 };

	(void)state;
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, &r);
	if (r.status != LAUNCH_OK)
		fail_msg("%s", r.reason);
	assert_int_equal(lazy.begun, lazy.ended);
	assert_int_equal(lazy.most, QUEUE);
}

static void snapshots_hold_whatever_share_is_written(void **state)
{
	static const char *const paths[] = { "cow-private", "cow-fork", "mremap" };
	static const uint64_t sizes[] = { 4096, 40960, 1 << 20 };
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			for (unsigned int share = 0; share <= 100; share += 50) {
				struct case_params p = { .size = sizes[s], .share = share };

				if (lacking(path_find(paths[i]), &p))
					continue;
				measure_one(paths[i], p, &r);
				assert_int_equal(r.status, LAUNCH_OK);
				assert_true(r.verified_bytes >= sizes[s]);
			}
}

static void cold_copies_are_verified_too(void **state)
{
	static struct launch_result r;
	struct case_params p = { .size = 65536, .cache = CACHE_COLD };

	(void)state;
	measure_one("memcpy", p, &r);
	assert_int_equal(r.status, LAUNCH_OK);
	assert_int_equal(r.ops_per_timing, 1);
}

static int short_submit(struct copy_ctx *ctx)
{
	memcpy(ctx->dst, ctx->src, ctx->params.size - 1);
	return 0;
}

static void a_path_that_fails_has_a_reason_and_no_bytes(void **state)
{
	static const struct copy_path path = { .name = "short", .submit = short_submit };
	static struct launch_result r;
	struct bench_case c = { .path = &path, .params = { .size = 4096 } };
	struct measure_config config = { .samples = 2, .sample_ns = 1000, .budget_ns = 1000000 };

	(void)state;
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, &r);
	assert_int_equal(r.status, LAUNCH_FAILED);
	assert_non_null(strstr(r.reason, "byte 4095 of 4096"));
	assert_int_equal(r.verified_bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu_copies_are_exact_at_any_offset),
		cmocka_unit_test(copies_in_small_pieces_are_exact_too),
		cmocka_unit_test(copies_that_are_chosen_are_exact_too),
		cmocka_unit_test(copies_in_a_queue_are_exact_too),
		cmocka_unit_test(a_queue_is_only_for_hot_caches),
		cmocka_unit_test(nothing_is_in_flight_when_bytes_are_looked_at),
		cmocka_unit_test(snapshots_hold_whatever_share_is_written),
		cmocka_unit_test(cold_copies_are_verified_too),
		cmocka_unit_test(a_path_that_fails_has_a_reason_and_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
