// SPDX-License-Identifier: GPL-2.0-only
/* DSA's work queues: the arithmetic of cutting and resuming, waiting, and what stands in for one. */
#include "fake_machine.h"

#include "paths/dsa/dsa_pieces.h"
#include "paths/dsa/dsa_place.h"
#include "paths/dsa/dsa_wait.h"

static void pieces_are_as_few_as_the_limit_allows(void **state)
{
	(void)state;
	assert_int_equal(dsa_piece_count(1, 1), 1);
	assert_int_equal(dsa_piece_count(1, 2097152), 1);
	assert_int_equal(dsa_piece_count(2097152, 2097152), 1);
	assert_int_equal(dsa_piece_count(2097153, 2097152), 2);
	assert_int_equal(dsa_piece_count(UINT64_MAX, 1u << 31), UINT64_MAX / (1u << 31) + 1);
	assert_int_equal(dsa_piece_count(0, 4096), 0);
}

/* Every length up to 200 and every list length: no list of one where it can be helped. */
static void lists_add_up_and_are_never_of_one(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 200; n++)
		for (uint32_t most = 2; most <= 33; most++) {
			uint32_t left = n;

			while (left) {
				uint32_t next = dsa_batch_next(left, most);

				assert_true(next >= 1 && next <= most && next <= left);
				if (next == 1)
					assert_true(n == 1 || most == 2);
				left -= next;
			}
		}
}

static void what_is_left_after_a_fault_is_the_rest(void **state)
{
	uint8_t src[100], dst[100];

	(void)state;
	for (uint32_t done = 0; done < 100; done++)
		for (uint8_t backwards = 0; backwards < 2; backwards++) {
			struct dsa_piece p = { dst, src, 100 };

			assert_int_equal(dsa_rest(&p, done, backwards), 0);
			assert_int_equal(p.len, 100 - done);
			assert_ptr_equal(p.src, backwards ? src : src + done);
			assert_ptr_equal(p.dst, backwards ? dst : dst + done);
		}
}

static void a_record_that_cant_be_true_changes_nothing(void **state)
{
	static const uint32_t completed[] = { 100, 101, UINT32_MAX };
	uint8_t src[100], dst[100];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct dsa_piece p = { dst, src, 100 };

		assert_int_equal(dsa_rest(&p, completed[i], 0), -EPROTO);
		assert_int_equal(p.len, 100);
		assert_ptr_equal(p.src, src);
	}
}

static void whatever_stands_in_is_emulated(void **state)
{
	static const char *const variables[] = { DSA_SYSFS_VARIABLE, DSA_DEVICES_VARIABLE,
						 SYSROOT_VARIABLE };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_false(dsa_stand_in());
		setenv(variables[i], "/nowhere", 1);
		assert_true(dsa_stand_in());
		assert_string_equal(dsa_kind(), "emulated");
		unsetenv(variables[i]);
	}
}

static void what_is_for_stand_ins_isnt_heeded_elsewhere(void **state)
{
	(void)state;
	setenv(DSA_STORE_VARIABLE, "1", 1);
	setenv(DSA_PATIENCE_VARIABLE, "1", 1);
	assert_false(dsa_may_store());
	assert_int_equal(dsa_patience_ns(), 10000000000ull);
	setenv(DSA_DEVICES_VARIABLE, "/nowhere", 1);
	assert_true(dsa_may_store());
	assert_int_equal(dsa_patience_ns(), 1000000);
	unsetenv(DSA_DEVICES_VARIABLE);
	unsetenv(DSA_STORE_VARIABLE);
	unsetenv(DSA_PATIENCE_VARIABLE);
}

static void a_record_that_never_comes_ends_the_wait(void **state)
{
	static const enum dsa_wait ways[] = { DSA_WAIT_PAUSE, DSA_WAIT_YIELD, DSA_WAIT_UMWAIT };
	char why[160];
	uint8_t status;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		if (dsa_wait_check(ways[i], why, sizeof(why)))
			continue;
		status = 0;
		assert_int_equal(dsa_wait(&status, ways[i], 1000000), 0);
		/* The bit for a write is no part of it. */
		status = 0x83;
		assert_int_equal(dsa_wait(&status, ways[i], 1000000), 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_as_few_as_the_limit_allows),
		cmocka_unit_test(lists_add_up_and_are_never_of_one),
		cmocka_unit_test(what_is_left_after_a_fault_is_the_rest),
		cmocka_unit_test(a_record_that_cant_be_true_changes_nothing),
		cmocka_unit_test(whatever_stands_in_is_emulated),
		cmocka_unit_test(what_is_for_stand_ins_isnt_heeded_elsewhere),
		cmocka_unit_test(a_record_that_never_comes_ends_the_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
