// SPDX-License-Identifier: GPL-2.0-only
/* Other ways than to copy: right at any share and in any pages, and a wrong one is found out. */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "machine/nodes.h"
#include "measure/measure.h"
#include "paths/path.h"
#include "paths/places.h"

static struct launch_result r;

/* Another node with memory, or -1. */
static int other_node(void)
{
	for (int node = 0; node <= node_last(); node++)
		if (node != node_here() && node_bytes(node))
			return node;
	return -1;
}

/* All on this node, but what moves from one to another. */
static struct case_params placed(const struct copy_path *path, const struct case_params *asked)
{
	struct case_params p = *asked;

	p.cpu_node = p.src_node = p.dst_node = node_here();
	if (!strcmp(path->name, "migrate") && other_node() >= 0)
		p.dst_node = other_node();
	return p;
}

static void measure_path(const struct copy_path *path, const struct case_params *asked)
{
	struct bench_case c = { .path = path, .params = placed(path, asked) };
	struct measure_config config = {
		.samples = 2, .sample_ns = 1000000, .budget_ns = 60000000000ull, .seed = 3
	};

	measure(&c, &config, &r);
}

/* Where this machine, or whoever confines the test, doesn't have it. */
static bool usable(const struct copy_path *path, const struct case_params *asked)
{
	struct case_params p = placed(path, asked);
	char why[160] = "";

	if (!path->probe || !path->probe(&p, why, sizeof(why)))
		return true;
	print_message("%s can't be tested here: %s\n", path->name, why);
	return false;
}

static void is_right(const char *name, const struct case_params *p)
{
	const struct copy_path *path = path_find(name);

	if (!usable(path, p))
		return;
	measure_path(path, p);
	/* Pages of that kind, or a pipe of that size, may not be there to be had. */
	if (r.status == LAUNCH_SKIPPED &&
	    (p->pages != PAGES_4K || strstr(r.reason, "a pipe for"))) {
		print_message("%s: %s\n", name, r.reason);
		return;
	}
	if (r.status != LAUNCH_OK)
		fail_msg("%s, %zu bytes, share %u: %s", name, (size_t)p->size, p->share, r.reason);
	assert_true(r.verified_bytes >= p->size);
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const moves[] = { "mremap", "uffd-move" };

static void moves_hold_whatever_share_is_written(void **state)
{
	static const uint64_t sizes[] = { 4096, 40960, 1 << 20, 6 << 20 };

	(void)state;
	for (size_t i = 0; i < COUNT(moves); i++)
		for (size_t s = 0; s < COUNT(sizes); s++)
			for (unsigned int share = 0; share <= 100; share += 50) {
				struct case_params p = { .size = sizes[s], .share = share };

				is_right(moves[i], &p);
			}
}

/* 5 MiB: two huge pages, and a rest in ordinary ones. */
static void huge_pages_are_moved_too(void **state)
{
	struct case_params p = { .size = 5 << 20, .share = 50, .pages = PAGES_THP };

	(void)state;
	is_right("uffd-move", &p);
}

static void what_a_move_cant_do_is_said(void **state)
{
	struct case_params part = { .size = 5000 }, nodes = { .size = 4096, .dst_node = 1 };
	struct case_params pool = { .size = 4096, .pages = PAGES_2M };
	char why[160];

	(void)state;
	for (size_t i = 0; i < COUNT(moves); i++) {
		const struct copy_path *path = path_find(moves[i]);

		assert_int_equal(path->probe(&part, why, sizeof(why)), -EINVAL);
		assert_non_null(strstr(why, "multiple of"));
		assert_int_equal(path->probe(&nodes, why, sizeof(why)), -EINVAL);
		assert_non_null(strstr(why, "stay on their node"));
	}
	assert_int_equal(path_find("uffd-move")->probe(&pool, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "hugetlb"));
}

static void views_show_the_same_bytes(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 70001, 3 << 20 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (unsigned int share = 0; share <= 100; share += 50)
			for (int pages = PAGES_4K; pages <= PAGES_2M; pages++) {
				struct case_params p = { .size = sizes[s], .share = share };

				p.pages = (enum page_kind)pages;
				is_right("shared", &p);
			}
}

static void another_process_is_read_at_any_offset(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 70001, 3 << 20 };
	static const uint32_t offsets[] = { 0, 1, 4095 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t o = 0; o < COUNT(offsets); o++)
			for (int pages = PAGES_4K; pages <= PAGES_2M; pages++) {
				struct case_params p = { .size = sizes[s], .offset = offsets[o] };

				p.pages = (enum page_kind)pages;
				is_right("process-vm", &p);
			}
}

static void what_is_handed_over_is_the_source(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 70001, 1 << 20 };
	static const uint32_t offsets[] = { 0, 1, 4095 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t o = 0; o < COUNT(offsets); o++) {
			struct case_params p = { .size = sizes[s], .offset = offsets[o] };

			is_right("splice", &p);
		}
}

/* On a machine with two nodes: in the guest. */
static void pages_are_moved_to_another_node(void **state)
{
	static const uint64_t sizes[] = { 4096, 40960, 4 << 20 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++) {
		struct case_params p = { .size = sizes[s] };

		is_right("migrate", &p);
	}
	for (int pages = PAGES_THP; pages <= PAGES_2M; pages++) {
		struct case_params p = { .size = 4 << 20, .pages = (enum page_kind)pages };

		is_right("migrate", &p);
	}
}

static void what_cant_be_handed_over_is_said(void **state)
{
	struct case_params same = { .size = 4096 }, apart = { .size = 4096, .dst_node = 1 };
	struct case_params part = { .size = 5000, .dst_node = 1 };
	char why[160];

	(void)state;
	assert_int_equal(path_find("migrate")->probe(&same, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, node_only() < 0 ? "--dst-node" : "needs two NUMA nodes"));
	assert_int_equal(path_find("migrate")->probe(&part, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "multiple of"));
	assert_int_equal(path_find("splice")->probe(&apart, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "on its node"));
	assert_int_equal(path_find("shared")->probe(&apart, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "on one node"));
}

/* The path whose operations a wrong one makes, or leaves out. */
static const struct copy_path *real;
static unsigned long begun;

static int nothing(struct copy_ctx *ctx)
{
	(void)ctx;
	return 0;
}

static int first_only(struct copy_ctx *ctx)
{
	return begun++ ? 0 : real->submit(ctx);
}

static int second_not(struct copy_ctx *ctx)
{
	return ++begun % 2 ? real->submit(ctx) : 0;
}

static int twice(struct copy_ctx *ctx)
{
	int ret = real->submit(ctx);

	return ret ? ret : real->submit(ctx);
}

static void is_found_out(int (*submit)(struct copy_ctx *), const char *what, const char *reason)
{
	struct case_params p = { .size = 65536 };
	struct copy_path wrong = *real;

	wrong.submit = submit;
	begun = 0;
	if (!usable(real, &p))
		return;
	measure_path(&wrong, &p);
	if (r.status != LAUNCH_FAILED || !strstr(r.reason, reason))
		fail_msg("%s that %s: status %d, \"%s\"", real->name, what, r.status, r.reason);
}

static void a_move_that_was_none_is_found_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(moves); i++) {
		real = path_find(moves[i]);
		is_found_out(nothing, "does nothing", "16 of 16 pages are still where they were");
		is_found_out(first_only, "moves once", "16 of 16 pages are still where they were");
		is_found_out(second_not, "moves every second time", "16 of 16 pages are still");
		is_found_out(twice, "moves there and back", "16 of 16 pages are still where they");
	}
}

/* Right bytes at the right place, but the source isn't gone. */
static int copies(struct copy_ctx *ctx)
{
	struct places *p = ctx->priv;

	mprotect(p->place[!p->at], ctx->params.size, PROT_READ | PROT_WRITE);
	memcpy(p->place[!p->at], p->place[p->at], ctx->params.size);
	places_moved(p, ctx);
	return 0;
}

/* All of it but the last page, whose bytes are right in both places. */
static int leaves_a_page(struct copy_ctx *ctx)
{
	struct places *p = ctx->priv;
	uint8_t *to = p->place[!p->at], *from = p->place[p->at];
	size_t moved = ctx->params.size - p->page;

	mprotect(to, ctx->params.size, PROT_READ | PROT_WRITE);
	if (mremap(from, moved, moved, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to) ==
	    MAP_FAILED)
		return -errno;
	memcpy(to + moved, from + moved, p->page);
	places_moved(p, ctx);
	return 0;
}

/* All pages, one after the other, in the wrong order. */
static int shuffles(struct copy_ctx *ctx)
{
	struct places *p = ctx->priv;
	size_t pages = ctx->params.size / p->page;

	for (size_t i = 0; i < pages; i++)
		if (mremap(p->place[p->at] + i * p->page, p->page, p->page,
			   MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
			   p->place[!p->at] + (i + 1) % pages * p->page) == MAP_FAILED)
			return -errno;
	places_moved(p, ctx);
	return 0;
}

static void a_move_that_copies_or_loses_order_is_found_out(void **state)
{
	(void)state;
	real = path_find("mremap");
	is_found_out(copies, "copies", "16 of 16 pages are still where they were");
	is_found_out(leaves_a_page, "leaves a page", "1 of 16 pages are still where they were");
	is_found_out(shuffles, "shuffles pages", "verification: the destination is wrong");
}

/* Bytes of its own where the view should be. */
static int separates(struct copy_ctx *ctx)
{
	uint8_t *view = (uint8_t *)(uintptr_t)ctx->placed_dst;
	int ret = real->submit(ctx);

	if (ret)
		return ret;
	if (mmap(view, ctx->params.size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -errno;
	memcpy(view, ctx->src, ctx->params.size);
	return 0;
}

static int separates_the_last_page(struct copy_ctx *ctx)
{
	uint8_t *last = (uint8_t *)(uintptr_t)ctx->placed_dst + ctx->params.size - 4096;
	int ret = real->submit(ctx);

	if (ret)
		return ret;
	if (mmap(last, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		 0) == MAP_FAILED)
		return -errno;
	memcpy(last, ctx->src + ctx->params.size - 4096, 4096);
	return 0;
}

static void a_view_of_other_bytes_is_found_out(void **state)
{
	(void)state;
	real = path_find("shared");
	is_found_out(nothing, "does nothing", "there is no second view");
	is_found_out(second_not, "maps every second time", "there is no second view");
	is_found_out(separates, "copies", "written at byte 0 on one side isn't seen");
	is_found_out(separates_the_last_page, "copies a page",
		     "written at byte 61440 on one side isn't seen");
}

/* The same bytes in pages of their own. */
static int hands_a_copy_over(struct copy_ctx *ctx)
{
	static uint8_t copy[65536] __attribute__((aligned(4096)));
	uint8_t *src = ctx->src;
	int ret;

	memcpy(copy, src, sizeof(copy));
	ctx->src = copy;
	ret = real->submit(ctx);
	ctx->src = src;
	return ret;
}

static void what_isnt_the_source_is_found_out(void **state)
{
	(void)state;
	real = path_find("splice");
	is_found_out(nothing, "does nothing", "the receiver has 0 of 65536 bytes");
	is_found_out(second_not, "hands over every second time", "has 0 of 65536 bytes");
	is_found_out(hands_a_copy_over, "copies", "the destination is wrong at byte 0");
}

static void pages_that_stayed_are_found_out(void **state)
{
	(void)state;
	real = path_find("migrate");
	is_found_out(nothing, "does nothing", "16 pages aren't on node");
	is_found_out(first_only, "moves once", "16 pages aren't on node");
	is_found_out(second_not, "moves every second time", "16 pages aren't on node");
	is_found_out(twice, "moves there and back", "16 pages aren't on node");
}

static int beyond(struct copy_ctx *ctx)
{
	int ret = real->submit(ctx);

	ctx->dst[ctx->params.size] ^= 1;
	return ret;
}

static int one_short(struct copy_ctx *ctx)
{
	uint8_t last = ctx->dst[ctx->params.size - 1];
	int ret = real->submit(ctx);

	ctx->dst[ctx->params.size - 1] = last;
	return ret;
}

static void a_wrong_copy_from_another_process_is_found_out(void **state)
{
	(void)state;
	real = path_find("process-vm");
	is_found_out(nothing, "does nothing", "the destination is wrong at byte 0");
	is_found_out(second_not, "copies every second time", "the destination is wrong at byte 0");
	is_found_out(one_short, "leaves the last byte", "the destination is wrong at byte 65535");
	is_found_out(beyond, "writes a byte more", "the guard after the destination");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_hold_whatever_share_is_written),
		cmocka_unit_test(huge_pages_are_moved_too),
		cmocka_unit_test(what_a_move_cant_do_is_said),
		cmocka_unit_test(views_show_the_same_bytes),
		cmocka_unit_test(another_process_is_read_at_any_offset),
		cmocka_unit_test(what_is_handed_over_is_the_source),
		cmocka_unit_test(pages_are_moved_to_another_node),
		cmocka_unit_test(what_cant_be_handed_over_is_said),
		cmocka_unit_test(a_move_that_was_none_is_found_out),
		cmocka_unit_test(a_move_that_copies_or_loses_order_is_found_out),
		cmocka_unit_test(a_view_of_other_bytes_is_found_out),
		cmocka_unit_test(what_isnt_the_source_is_found_out),
		cmocka_unit_test(pages_that_stayed_are_found_out),
		cmocka_unit_test(a_wrong_copy_from_another_process_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
