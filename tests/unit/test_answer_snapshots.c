// SPDX-License-Identifier: GPL-2.0-only
/* The right sentence on not copying. */
#include "made_up.h"

static void snapshots_that_pay_at_small_sizes_alone(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 10, 10, 10, 10 }, 0.01);
	snapshot(r, 64 * K, 0, 553.6);
	snapshot(r, 64 * K, 10, 12553.6);
	snapshot(r, 16 * M, 0, 1e9);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying "
		"(cow-private) pays only at sizes of 64K, not at all of them, and while less than "
		"5 % of the pages are "
		"written.");
}

static void snapshots_pay_while_few_pages_are_written(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	/* memcpy: 64K 1638 ns, 1M 104858 ns, 16M 1677722 ns. */
	snapshot(r, 64 * K, 0, 4000);
	snapshot(r, 1 * M, 0, 4858);
	snapshot(r, 1 * M, 10, 1004858);
	snapshot(r, 16 * M, 0, 77722);
	snapshot(r, 16 * M, 10, 3277722);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA "
		"engine. Not copying (cow-private) pays only from 1M on and while less than 1 % "
		"(1M) to 5 % "
		"(16M) of the pages are written.");
}

/* 1 % of 16 pages is one: what was written counts, not what was asked for. */
static void shares_are_those_that_were_written(void **state)
{
	json_t *r = machine("native"), *cases = json_object_get(r, "cases"), *c;
	size_t i;

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	/* memcpy: 64K 1638.4 ns */
	snapshot(r, 64 * K, 0, 638.4);
	snapshot(r, 64 * K, 1, 2638.4);
	json_array_foreach(cases, i, c) {
		json_t *share = json_object_get(json_object_get(c, "params"), "share");

		if (share)
			json_object_set_new(c, "written",
					    json_pack("{s:i,s:i}", "pages",
						      json_number_value(share) > 0, "of", 16));
	}
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying (cow-private) pays only while less than 3.1 % of the pages "
		"are written.");
}

/* The least and the most of all sizes, not of the first and the last. */
static void the_shares_are_the_extremes_of_all_sizes(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	/* memcpy: 4K 102.4 ns, 64K 1638.4 ns, 1M 104857.6 ns, 16M 1677721.6 ns. */
	snapshot(r, 64 * K, 0, 638.4);
	snapshot(r, 64 * K, 10, 2638.4);
	snapshot(r, 1 * M, 0, 4857.6);
	snapshot(r, 1 * M, 10, 1004857.6);
	snapshot(r, 16 * M, 0, 877721.6);
	snapshot(r, 16 * M, 10, 2877721.6);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying "
		"(cow-private) pays only while less than 1 % (1M) to 5 % (64K) of the pages are "
		"written.");
}

static void snapshots_that_pay_at_each_share(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 1 * M, 0, 4858);
	snapshot(r, 1 * M, 10, 10000);
	snapshot(r, 16 * M, 0, 4858);
	snapshot(r, 16 * M, 10, 10000);
	says(json_deep_copy(r),
	     "Here memcpy is the only copy by one thread that was measured. There is no DMA "
	     "engine. Not copying "
	     "(cow-private) pays at each size that was measured (1M to 16M) and at each share of "
	     "pages written "
	     "that was tried (up to 10 %).");
	/* At one of them more was tried, and at one it doesn't pay. */
	snapshot(r, 16 * M, 50, 20000);
	snapshot(r, 64 * K, 0, 1e6);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is no DMA "
		"engine. Not copying "
		"(cow-private) pays only from 1M on, at each share of pages written that was tried "
		"(up to 10 % at least).");
}

/* At the first size it always pays, at the last one not: the one had no end, the other has. */
static void a_share_without_an_end_is_said_to_be_so(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 1 * M, 0, 4858);
	snapshot(r, 1 * M, 10, 10000);
	snapshot(r, 16 * M, 0, 77721.6);
	snapshot(r, 16 * M, 10, 3277721.6);
	says(json_deep_copy(r),
	     "Here memcpy is the only copy by one thread that was measured. There is no DMA "
	     "engine. Not copying "
	     "(cow-private) pays only while less than 5 % (16M) to 10 % (1M, the most that was "
	     "tried) of the "
	     "pages are written.");
	json_decref(r);
}

static void snapshots_never_pay(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 64 * K, 1, 4000);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA "
		"engine. Not copying never pays: not even with 1 % of the pages written (64K).");
}

static void snapshots_never_pay_at_shares_that_differ(void **state)
{
	json_t *r = machine("native");

	(void)state;
	copies(r, "memcpy", (double[]){ 40, 40, 10, 10 }, 0.01);
	snapshot(r, 64 * K, 1, 4000);
	snapshot(r, 1 * M, 0, 400000);
	says(r, "Here memcpy is the only copy by one thread that was measured. There is "
		"no DMA engine. Not copying never pays: not even with 1 % of the pages written "
		"(64K to 1M).");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshots_that_pay_at_small_sizes_alone),
		cmocka_unit_test(snapshots_pay_while_few_pages_are_written),
		cmocka_unit_test(the_shares_are_the_extremes_of_all_sizes),
		cmocka_unit_test(shares_are_those_that_were_written),
		cmocka_unit_test(snapshots_that_pay_at_each_share),
		cmocka_unit_test(a_share_without_an_end_is_said_to_be_so),
		cmocka_unit_test(snapshots_never_pay),
		cmocka_unit_test(snapshots_never_pay_at_shares_that_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
