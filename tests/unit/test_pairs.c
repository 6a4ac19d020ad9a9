// SPDX-License-Identifier: GPL-2.0-only
/* Paths that copy between several pairs of buffers: each operation is some pair's, and seen there. */
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "machine/files.h"
#include "machine/nodes.h"
#include "measure/measure.h"
#include "paths/path.h"
#include "plan/capacity.h"

#define SIZE 4096

static uint64_t begun; /* operations, of which every other one is the second pair's */

static unsigned int two(const struct case_params *p)
{
	(void)p;
	return 2;
}

static struct copy_pair *next_pair(struct copy_ctx *ctx)
{
	struct copy_pair *pair = &ctx->pairs[begun++ % 2];

	pair->ops++;
	return pair;
}

static int right(struct copy_ctx *ctx)
{
	struct copy_pair *pair = next_pair(ctx);

	memcpy(pair->dst, pair->src, SIZE);
	return 0;
}

static int not_counted(struct copy_ctx *ctx)
{
	right(ctx);
	ctx->pairs[0].ops = 0;
	return 0;
}

static int counted_for_the_other(struct copy_ctx *ctx)
{
	struct copy_pair *other;

	next_pair(ctx);
	other = &ctx->pairs[begun % 2];
	memcpy(other->dst, other->src, SIZE);
	return 0;
}

static int from_the_other(struct copy_ctx *ctx)
{
	struct copy_pair *pair = next_pair(ctx), *other = &ctx->pairs[begun % 2];

	memcpy(pair->dst, other->src, SIZE);
	return 0;
}

static int in_both(struct copy_ctx *ctx)
{
	next_pair(ctx);
	for (int i = 0; i < 2; i++)
		memcpy(ctx->pairs[i].dst, ctx->pairs[i].src, SIZE);
	return 0;
}

/* All bytes of both are right by then, so that only spots tell. */
static bool later(const struct copy_ctx *ctx)
{
	return ctx->pairs[0].ops > 2 && ctx->pairs[1].ops > 2;
}

static int later_in_both(struct copy_ctx *ctx)
{
	return later(ctx) ? in_both(ctx) : right(ctx);
}

static int later_not_the_second(struct copy_ctx *ctx)
{
	if (!later(ctx) || begun % 2 == 0)
		return right(ctx);
	next_pair(ctx);
	return 0;
}

static void measure_by(int (*submit)(struct copy_ctx *ctx), struct launch_result *r)
{
	const struct copy_path path = { .name = "pairs", .pairs = two, .submit = submit };
	struct bench_case c = { .path = &path, .params = { .size = SIZE } };
	struct measure_config config = {
		.samples = 2, .sample_ns = 1000, .budget_ns = 1000000000, .seed = 3
	};

	begun = 0;
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	measure(&c, &config, r);
}

static void operations_of_either_pair_are_verified(void **state)
{
	static struct launch_result r;

	(void)state;
	measure_by(right, &r);
	if (r.status != LAUNCH_OK)
		fail_msg("%s", r.reason);
	assert_true(r.verified_whole > 1 && r.verified_spots > 100);
	assert_int_equal(r.verified_bytes % (2 * SIZE), 0);
	assert_int_equal(r.placement[0].pages[node_here()], r.have_placement[0] ? 2 : 0);
}

static void what_no_pair_shows_is_seen(void **state)
{
	static const struct {
		int (*submit)(struct copy_ctx *ctx);
		const char *says;
	} faults[] = {
		{ not_counted, "operations the path tells of" },
		{ counted_for_the_other, "is wrong at byte 0" },
		{ from_the_other, "the destination is wrong at byte 0" },
		{ in_both, "the destination of no operation is wrong at byte 0" },
		{ later_in_both, "in a row left byte" },
		{ later_not_the_second, "in a row left byte" },
	};
	static struct launch_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		measure_by(faults[i].submit, &r);
		assert_int_equal(r.status, LAUNCH_FAILED);
		if (!strstr(r.reason, faults[i].says))
			fail_msg("fault %zu: \"%s\" doesn't say \"%s\"", i, r.reason,
				 faults[i].says);
	}
}

/* Two pairs are four buffers: of 30 % of the memory each they don't fit, but two do. */
static void each_pair_needs_its_memory(void **state)
{
	const struct copy_path pairs = { .name = "pairs", .pairs = two }, one = { .name = "one" };
	struct bench_case c = { .path = &one };
	unsigned long long kib;
	char why[160];

	(void)state;
	if (node_last() || read_key("/proc/meminfo", "MemAvailable:", &kib))
		skip();
	c.params.size = kib * 1024 / 10 * 3;
	c.params.cpu_node = c.params.src_node = c.params.dst_node = node_here();
	assert_int_equal(capacity_check(&c, why, sizeof(why)), 0);
	c.path = &pairs;
	assert_int_equal(capacity_check(&c, why, sizeof(why)), -ENOMEM);
	assert_non_null(strstr(why, "bytes of memory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_of_either_pair_are_verified),
		cmocka_unit_test(what_no_pair_shows_is_seen),
		cmocka_unit_test(each_pair_needs_its_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
