// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "text/units.h"

#define M (1024 * 1024.0)

static void units_fit(void **state)
{
	char buf[UNIT_TEXT];

	(void)state;
	assert_string_equal(unit_bytes(1024, buf), "1K");
	/* A size is all of it; what was computed is rounded. */
	assert_string_equal(unit_bytes(1023, buf), "1023");
	assert_string_equal(unit_bytes(4097, buf), "4097");
	assert_string_equal(unit_bytes(3 * M + 1, buf), "3145729");
	assert_string_equal(unit_bytes(1500.7, buf), "1.47K");
	assert_string_equal(unit_bytes(65536, buf), "64K");
	assert_string_equal(unit_bytes(1.5 * M, buf), "1.5M");
	assert_string_equal(unit_bytes(0, buf), "0");
	assert_string_equal(unit_duration(999.96, buf), "1 µs");
	assert_string_equal(unit_duration(0.123456, buf), "0.123 ns");
	assert_string_equal(unit_duration(2.5e9, buf), "2.5 s");
	assert_string_equal(unit_rate(98.76e9, buf), "98.8 GB/s");
	assert_string_equal(unit_rate(512, buf), "512 B/s");
	assert_string_equal(unit_percent(0.4962, buf), "50 %");
	assert_string_equal(unit_percent(1.1, buf), "110 %");
	assert_string_equal(unit_percent(12.3456, buf), "1200 %");
	assert_string_equal(unit_percent(1e-9, buf), "<0.01 %");
	assert_string_equal(unit_percent(0, buf), "0 %");
	assert_string_equal(unit_decimal(1234567, buf), "1.23 MB");
	assert_string_equal(unit_decimal(6.5536e17, buf), "655 PB");
	assert_string_equal(unit_decimal(7, buf), "7 B");
	assert_float_equal(unit_round(266337, 2), 270000, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
