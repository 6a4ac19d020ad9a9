// SPDX-License-Identifier: GPL-2.0-only
/* Other ways than to copy, made wrong: each is found out. */
#include "not_copying.h"

#include <errno.h>
#include <sys/mman.h>

#include "paths/places.h"

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
		cmocka_unit_test(a_move_that_was_none_is_found_out),
		cmocka_unit_test(a_move_that_copies_or_loses_order_is_found_out),
		cmocka_unit_test(a_view_of_other_bytes_is_found_out),
		cmocka_unit_test(what_isnt_the_source_is_found_out),
		cmocka_unit_test(pages_that_stayed_are_found_out),
		cmocka_unit_test(a_wrong_copy_from_another_process_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
