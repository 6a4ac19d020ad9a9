// SPDX-License-Identifier: GPL-2.0-only
/* How a copy is cut up for several threads. */
#include "unit.h"

#include <math.h>

#include "copies/share_out.h"

/* The first part is ahead bytes longer, and otherwise nobody has much more to do than the others. */
static void check_parts(uintptr_t start, size_t size, unsigned int parts, size_t ahead)
{
	size_t at = 0, unit = size / parts >= 128 * 4096 ? 4096 : 64;

	for (unsigned int rank = 0; rank < parts; rank++) {
		struct part p;

		share_out((const uint8_t *)start, size, parts, ahead, rank, &p);
		assert_int_equal(p.from, at);
		if (rank && p.size)
			assert_int_equal((start + p.from) % unit, 0);
		assert_true(p.size <= (size - ahead) / parts + (rank ? 0 : ahead) + unit);
		at += p.size;
	}
	assert_int_equal(at, size);
}

static void parts_cover_everything_and_share_no_line(void **state)
{
	static const size_t sizes[] = {
		1, 63, 64, 65, 4095, 4096, 70001, 1 << 20, (1 << 20) + 1, (8 << 20) + 7
	};
	static const uintptr_t starts[] = { 0x10000, 0x10001, 0x1003f, 0x10fff };

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (size_t o = 0; o < sizeof(starts) / sizeof(starts[0]); o++)
			for (unsigned int parts = 1; parts <= 9; parts++) {
				check_parts(starts[o], sizes[s], parts, 0);
				check_parts(starts[o], sizes[s], parts, sizes[s] / 3);
				check_parts(starts[o], sizes[s], parts, sizes[s] / 2);
			}
}

/* When the caller knows that all is copied: word goes out, parts are copied, word comes back. */
static double round_ns(size_t size, unsigned int parts, size_t ahead, double handover, double rate)
{
	struct part mine, other;
	double own, others;

	share_out((const uint8_t *)0x10000, size, parts, ahead, 0, &mine);
	share_out((const uint8_t *)0x10000, size, parts, ahead, parts - 1, &other);
	own = (double)mine.size / rate;
	others = handover + (double)other.size / rate;
	return own > others ? own : others;
}

static void a_head_start_makes_all_end_together(void **state)
{
	const double rate = 50, handover = 400; /* bytes per ns, ns */

	(void)state;
	for (unsigned int parts = 2; parts <= 8; parts *= 2)
		for (size_t size = 256 << 10; size <= 512 << 10; size *= 2) {
			double even = round_ns(size, parts, 0, handover, rate);
			size_t ahead = head_start(size, parts, handover, even);
			/* The caller, else idle while word is under way, works: shared by all. */
			double ideal = even - handover / parts;

			assert_true(fabs(even - (handover + (double)size / parts / rate)) < 2);
			assert_true(fabs(round_ns(size, parts, ahead, handover, rate) - ideal) < 4);
		}
}

static void a_head_start_leaves_the_others_something(void **state)
{
	(void)state;
	assert_int_equal(head_start(1 << 20, 1, 400, 10000), 0);
	assert_int_equal(head_start(1 << 20, 2, 0, 10000), 0);
	/* Word takes longer than the copy: no sense in threads, but they were asked for. */
	assert_int_equal(head_start(4096, 2, 400, 410), 2048);
	assert_int_equal(head_start(4096, 2, 400, 300), 2048);
}

static void pieces_are_whole_pages_or_none(void **state)
{
	(void)state;
	assert_int_equal(piece_size(4096, 2), 0);
	assert_int_equal(piece_size(64 << 20, 1), 0);
	assert_int_equal(piece_size((2 << 20) - 2, 2), 0);
	assert_int_equal(piece_size(2 << 20, 2), 64 << 10);
	assert_int_equal(piece_size(16 << 20, 2), 256 << 10);
	assert_int_equal(piece_size((16 << 20) + 12345, 2) % 4096, 0);
	assert_int_equal(piece_size(1ull << 40, 2), 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_cover_everything_and_share_no_line),
		cmocka_unit_test(a_head_start_makes_all_end_together),
		cmocka_unit_test(a_head_start_leaves_the_others_something),
		cmocka_unit_test(pieces_are_whole_pages_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
