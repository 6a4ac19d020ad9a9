// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "text/parse.h"

static void sizes_are_binary(void **state)
{
	uint64_t v;

	(void)state;
	assert_int_equal(parse_size("4K", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(parse_size("4k", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(parse_size("3MiB", &v), 0);
	assert_int_equal(v, 3 << 20);
	assert_int_equal(parse_size("1T", &v), 0);
	assert_int_equal(v, 1ull << 40);
	assert_int_equal(parse_size("18446744073709551615", &v), 0);
	assert_true(v == UINT64_MAX);
}

static void what_is_not_a_size_is_refused(void **state)
{
	static const char *const bad[] = { "",	  "-1",	 "+1",	 " 1",	 "1 ",	"4kx", "K",
					   "4Ki", "4KB", "0x10", "1.5M", "1e3", "4K4K" };
	uint64_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse_size(bad[i], &v), -EINVAL);
	assert_int_equal(v, 7);
}

static void what_does_not_fit_is_out_of_range(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_int_equal(parse_size("18446744073709551616", &v), -ERANGE);
	assert_int_equal(parse_size("16777216T", &v), -ERANGE);
	assert_int_equal(parse_u64("65536", 65535, &v), -ERANGE);
	assert_int_equal(parse_u64("-1", 65535, &v), -EINVAL);
	assert_int_equal(v, 7);
	assert_int_equal(parse_u64("65535", 65535, &v), 0);
	assert_int_equal(v, 65535);
}

static void sizes_are_written_as_they_are_read(void **state)
{
	static const uint64_t values[] = { 0, 1, 1023, 1024, 4097, 65536, 1 << 20, 3ull << 40 };
	char text[32];
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		assert_int_equal(parse_size(format_size(values[i], text, sizeof(text)), &v), 0);
		assert_true(v == values[i]);
	}
	assert_string_equal(format_size(65536, text, sizeof(text)), "64K");
}

static int count_part(const char *part, void *arg)
{
	(*(int *)arg)++;
	return strcmp(part, "bad") ? 0 : -ENODEV;
}

static void lists_stop_at_what_is_wrong(void **state)
{
	char bad[8];
	int n = 0;

	(void)state;
	assert_int_equal(parse_list("a,b,c", count_part, &n, bad, sizeof(bad)), 0);
	assert_int_equal(n, 3);
	assert_int_equal(parse_list("a,bad,c", count_part, &n, bad, sizeof(bad)), -ENODEV);
	assert_string_equal(bad, "bad");
	assert_int_equal(n, 5);
	assert_int_equal(parse_list("", count_part, &n, bad, sizeof(bad)), -EINVAL);
	assert_int_equal(parse_list("a,", count_part, &n, bad, sizeof(bad)), -EINVAL);
	assert_int_equal(parse_list(",a", count_part, &n, bad, sizeof(bad)), -EINVAL);
	assert_int_equal(parse_list("muchtoolong", count_part, &n, bad, sizeof(bad)), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_binary),
		cmocka_unit_test(what_is_not_a_size_is_refused),
		cmocka_unit_test(what_does_not_fit_is_out_of_range),
		cmocka_unit_test(sizes_are_written_as_they_are_read),
		cmocka_unit_test(lists_stop_at_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
