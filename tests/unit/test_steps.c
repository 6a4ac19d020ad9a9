// SPDX-License-Identifier: GPL-2.0-only
/* The bytes that the CPU writes and the sum of those it reads, against plain loops of their own. */
#include "unit.h"

#include <string.h>

#include "copies/steps.h"

#define ROOM 700

static uint64_t plain_sum(const uint8_t *p, size_t len)
{
	uint64_t sum = 0;
	size_t i = 0;

	for (; i + 8 <= len; i += 8)
		for (int k = 0; k < 8; k++)
			sum += (uint64_t)p[i + (size_t)k] << 8 * k;
	for (; i < len; i++)
		sum += p[i];
	return sum;
}

/* Every length and place in a line of memory, and not a byte around it. */
static void writes_its_bytes_and_no_others(void **state)
{
	uint8_t buf[ROOM], first[ROOM];

	(void)state;
	steps_write(first, ROOM, 3, STEPS_ODD);
	for (size_t at = 1; at < 20; at++)
		for (size_t len = 0; len < 600; len += len < 80 ? 1 : 37) {
			memset(buf, 0xee, sizeof(buf));
			steps_write(buf + at, len, 3, STEPS_ODD);
			assert_memory_equal(buf + at, first, len);
			assert_int_equal(buf[at - 1], 0xee);
			assert_int_equal(buf[at + len], 0xee);
			assert_int_equal(steps_check(buf + at, len, 3, STEPS_ODD), -1);
		}
}

static void the_sums_are_those_of_a_plain_loop(void **state)
{
	uint8_t buf[ROOM];

	(void)state;
	for (int kind = STEPS_EVEN; kind <= STEPS_ODD; kind++)
		for (size_t len = 0; len < 600; len++) {
			steps_write(buf + 1, len, 11, (enum steps_kind)kind);
			assert_int_equal(bytes_sum(buf + 1, len), plain_sum(buf + 1, len));
			assert_int_equal(steps_sum(len, 11, (enum steps_kind)kind),
					 plain_sum(buf + 1, len));
		}
}

static void every_wrong_byte_changes_the_sum_and_is_found(void **state)
{
	uint8_t buf[ROOM];
	uint64_t sum;

	(void)state;
	steps_write(buf, 333, 5, STEPS_EVEN);
	sum = bytes_sum(buf, 333);
	for (size_t i = 0; i < 333; i++) {
		buf[i] ^= 0x10;
		assert_true(bytes_sum(buf, 333) != sum);
		assert_int_equal(steps_check(buf, 333, 5, STEPS_EVEN), (int)i);
		buf[i] ^= 0x10;
	}
}

static void no_byte_is_the_same_in_two_kinds(void **state)
{
	uint8_t of[3][ROOM], other[ROOM];
	size_t same = 0;

	(void)state;
	for (int kind = STEPS_EVEN; kind <= STEPS_POISON; kind++)
		steps_write(of[kind], ROOM, 9, (enum steps_kind)kind);
	for (size_t i = 0; i < ROOM; i++) {
		assert_int_not_equal(of[0][i], of[1][i]);
		assert_int_not_equal(of[0][i], of[2][i]);
		assert_int_not_equal(of[1][i], of[2][i]);
	}
	/* By position and seed, as far as chance lets bytes differ. */
	steps_write(other, ROOM, 10, STEPS_EVEN);
	for (size_t i = 0; i + 8 < ROOM; i++)
		same += of[0][i] == other[i];
	assert_true(same < ROOM / 20);
	for (size_t i = 0; i + 16 <= ROOM; i += 8)
		assert_memory_not_equal(of[0] + i, of[0] + i + 8, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_its_bytes_and_no_others),
		cmocka_unit_test(the_sums_are_those_of_a_plain_loop),
		cmocka_unit_test(every_wrong_byte_changes_the_sum_and_is_found),
		cmocka_unit_test(no_byte_is_the_same_in_two_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
