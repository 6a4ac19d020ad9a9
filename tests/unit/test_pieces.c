// SPDX-License-Identifier: GPL-2.0-only
/* Pieces of rounds: each is had once, in order, and a round is complete with its last one. */
#include "unit.h"

#include "copies/pieces.h"

#define BYTES 4096

static const struct part uneven[] = { { 0, 3 * BYTES }, { 3 * BYTES, BYTES + 100 } };

static struct pieces *two_parts(const struct part *parts, unsigned long first)
{
	struct pieces *p = pieces_new(2, BYTES);

	assert_non_null(p);
	pieces_divide(p, parts, first);
	return p;
}

static void expect_piece(struct pieces *p, unsigned int part, unsigned long round, size_t from,
			 size_t size)
{
	struct piece piece;

	assert_true(pieces_take(p, part, round, &piece));
	assert_int_equal(piece.part, part);
	assert_int_equal(piece.from, from);
	assert_int_equal(piece.size, size);
	pieces_done(p, &piece);
}

static void a_part_is_taken_in_order_and_its_last_piece_is_shorter(void **state)
{
	struct pieces *p = two_parts(uneven, 1);
	struct piece none;

	(void)state;
	for (unsigned long round = 1; round <= 2; round++) {
		pieces_begin(p);
		for (size_t i = 0; i < 3; i++)
			expect_piece(p, 0, round, i * BYTES, BYTES);
		expect_piece(p, 1, round, 3 * BYTES, BYTES);
		expect_piece(p, 1, round, 4 * BYTES, 100);
		assert_false(pieces_take(p, 0, round, &none));
		assert_false(pieces_take(p, 1, round, &none));
	}
	pieces_free(p);
}

static void nothing_is_taken_of_rounds_that_may_not_run(void **state)
{
	struct pieces *p = two_parts(uneven, 5);
	struct piece piece;

	(void)state;
	assert_false(pieces_take(p, 1, 4, &piece));
	pieces_begin(p);
	for (int asked = 0; asked < 2; asked++)
		assert_true(pieces_take(p, 1, 5, &piece));
	/* Asking in vain doesn't use up what comes later. */
	for (int asked = 0; asked < 10; asked++)
		assert_false(pieces_take(p, 1, 5, &piece));
	pieces_begin(p);
	assert_false(pieces_take(p, 1, 5, &piece));
	expect_piece(p, 1, 6, 3 * BYTES, BYTES);
	pieces_free(p);
}

static void a_round_is_complete_when_all_its_pieces_are_done_in_whatever_order(void **state)
{
	struct pieces *p = two_parts(uneven, 1);
	struct piece pieces[5];

	(void)state;
	for (unsigned long round = 1; round <= 2; round++) {
		pieces_begin(p);
		for (int i = 0; i < 5; i++)
			assert_true(pieces_take(p, i > 2, round, &pieces[i]));
		/* The first one taken is the last one done. */
		for (int i = 4; i >= 0; i--) {
			assert_false(pieces_complete(p));
			pieces_done(p, &pieces[i]);
		}
		assert_true(pieces_complete(p));
	}
	pieces_free(p);
}

static void parts_may_change_between_rounds(void **state)
{
	const struct part one_has_all[] = { { 0, 2 * BYTES }, { 2 * BYTES, 0 } };
	struct pieces *p = two_parts(uneven, 1);
	struct piece none;

	(void)state;
	for (unsigned long round = 1; round <= 10; round++) {
		pieces_begin(p);
		for (size_t i = 0; i < (round <= 4 ? 3 : 2); i++)
			expect_piece(p, 0, round, i * BYTES, BYTES);
		assert_int_equal(pieces_complete(p), round > 4);
		while (pieces_take(p, 1, round, &none))
			pieces_done(p, &none);
		assert_true(pieces_complete(p));
		if (round == 4)
			pieces_divide(p, one_has_all, round + 1);
	}
	pieces_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_taken_in_order_and_its_last_piece_is_shorter),
		cmocka_unit_test(nothing_is_taken_of_rounds_that_may_not_run),
		cmocka_unit_test(
			a_round_is_complete_when_all_its_pieces_are_done_in_whatever_order),
		cmocka_unit_test(parts_may_change_between_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
