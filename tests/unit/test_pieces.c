// SPDX-License-Identifier: GPL-2.0-only
/* Pieces of rounds: each is had once, in order, and a round is complete with its last one. */
#include "unit.h"

#include "copies/pieces.h"

#define QUEUE 4
#define BYTES 4096

static const struct part uneven[] = { { 0, 3 * BYTES }, { 3 * BYTES, BYTES + 100 } };

static struct pieces *two_parts(const struct part *parts, unsigned long first)
{
	struct pieces *p = pieces_new(2, QUEUE, BYTES);

	assert_non_null(p);
	pieces_divide(p, parts, first);
	return p;
}

static void expect_piece(struct pieces *p, unsigned int part, unsigned long last,
			 struct piece expected)
{
	struct piece piece;

	assert_true(pieces_take(p, part, last, &piece));
	assert_int_equal(piece.part, part);
	assert_int_equal(piece.round, expected.round);
	assert_int_equal(piece.from, expected.from);
	assert_int_equal(piece.size, expected.size);
}

static void a_part_is_taken_in_order_and_its_last_piece_is_shorter(void **state)
{
	struct pieces *p = two_parts(uneven, 1);
	struct piece none;

	(void)state;
	pieces_begin(p, 1);
	pieces_begin(p, 2);
	for (unsigned long round = 1; round <= 2; round++) {
		expect_piece(p, 0, 2, (struct piece){ .round = round, .from = 0, .size = BYTES });
		expect_piece(p, 0, 2,
			     (struct piece){ .round = round, .from = BYTES, .size = BYTES });
		expect_piece(p, 0, 2,
			     (struct piece){ .round = round, .from = 2 * BYTES, .size = BYTES });
		expect_piece(p, 1, 2,
			     (struct piece){ .round = round, .from = 3 * BYTES, .size = BYTES });
		expect_piece(p, 1, 2,
			     (struct piece){ .round = round, .from = 4 * BYTES, .size = 100 });
	}
	assert_false(pieces_take(p, 0, 2, &none));
	assert_false(pieces_take(p, 1, 2, &none));
	pieces_free(p);
}

static void nothing_is_taken_of_rounds_that_may_not_run(void **state)
{
	struct pieces *p = two_parts(uneven, 5);
	struct piece piece;

	(void)state;
	assert_false(pieces_take(p, 1, 4, &piece));
	pieces_begin(p, 5);
	for (int asked = 0; asked < 2; asked++)
		assert_true(pieces_take(p, 1, 5, &piece));
	/* Asking in vain doesn't use up what comes later. */
	for (int asked = 0; asked < 10; asked++)
		assert_false(pieces_take(p, 1, 5, &piece));
	pieces_begin(p, 6);
	expect_piece(p, 1, 6, (struct piece){ .round = 6, .from = 3 * BYTES, .size = BYTES });
	pieces_free(p);
}

static void a_round_is_complete_when_all_its_pieces_are_done_in_whatever_order(void **state)
{
	struct pieces *p = two_parts(uneven, 1);
	struct piece pieces[2][5];

	(void)state;
	for (unsigned long round = 1; round <= 2; round++)
		pieces_begin(p, round);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5; i++)
			assert_true(pieces_take(p, i > 2, 2, &pieces[round][i]));
	/* The first one taken is the last one done. */
	for (int i = 4; i >= 0; i--) {
		assert_false(pieces_complete(p, 2));
		pieces_done(p, &pieces[1][i]);
	}
	assert_true(pieces_complete(p, 2));
	for (int i = 4; i >= 0; i--) {
		assert_false(pieces_complete(p, 1));
		pieces_done(p, &pieces[0][i]);
	}
	assert_true(pieces_complete(p, 1));
	pieces_free(p);
}

static void a_queue_goes_round_and_parts_may_change_in_between(void **state)
{
	const struct part one_has_all[] = { { 0, 2 * BYTES }, { 2 * BYTES, 0 } };
	struct pieces *p = two_parts(uneven, 1);
	struct piece piece;

	(void)state;
	for (unsigned long round = 1; round <= 3 * QUEUE + 1; round++) {
		unsigned int n = 0;

		pieces_begin(p, round);
		for (unsigned int part = 0; part < 2; part++)
			for (; pieces_take(p, part, round, &piece); n++) {
				assert_int_equal(piece.round, round);
				pieces_done(p, &piece);
			}
		assert_int_equal(n, round <= QUEUE ? 5 : 2);
		assert_true(pieces_complete(p, round));
		if (round == QUEUE)
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
		cmocka_unit_test(a_queue_goes_round_and_parts_may_change_in_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
