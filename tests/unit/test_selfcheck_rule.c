// SPDX-License-Identifier: GPL-2.0-only
/* The rule that self-checks are judged by, with fixed numbers. */
#include "unit.h"

#include <math.h>

#include "selfcheck/selfcheck.h"

static void the_whole_interval_decides(void **state)
{
	(void)state;
	assert_int_equal(check_verdict_of(25, 2, 24, 26), CHECK_OK);
	assert_int_equal(check_verdict_of(25, 2, 23, 27), CHECK_OK);
	assert_int_equal(check_verdict_of(25, 2, 27.1, 29), CHECK_WRONG);
	assert_int_equal(check_verdict_of(25, 2, 10, 22.9), CHECK_WRONG);
	/* The median may be right and the interval too wide to say so. */
	assert_int_equal(check_verdict_of(25, 2, 22, 28), CHECK_UNDECIDED);
	assert_int_equal(check_verdict_of(25, 2, 26, 28), CHECK_UNDECIDED);
	assert_int_equal(check_verdict_of(0, 0, 0, 0), CHECK_OK);
}

static void what_is_no_number_is_undecided(void **state)
{
	(void)state;
	assert_int_equal(check_verdict_of(25, 2, NAN, 26), CHECK_UNDECIDED);
	assert_int_equal(check_verdict_of(25, 2, 24, INFINITY), CHECK_UNDECIDED);
	assert_int_equal(check_verdict_of(NAN, 2, 24, 26), CHECK_UNDECIDED);
	assert_int_equal(check_verdict_of(25, 2, 26, 24), CHECK_UNDECIDED);
}

/* The ranks of the sign test: tables of the binomial distribution. */
static void intervals_of_the_median_are_the_sign_tests(void **state)
{
	static const struct {
		size_t n, rank;
	} known[] = { { 6, 1 }, { 8, 1 }, { 9, 2 }, { 12, 3 }, { 20, 6 }, { 25, 8 }, { 30, 10 } };
	double v[200], lo, hi;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		v[i] = (double)(i + 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_true(median_interval(v, known[i].n, &lo, &hi));
		assert_true(lo == (double)known[i].rank);
		assert_true(hi == (double)(known[i].n + 1 - known[i].rank));
	}
	assert_true(median_interval(v, 200, &lo, &hi));
	assert_false(median_interval(v, 5, &lo, &hi));
}

static void few_values_are_never_a_pass(void **state)
{
	double v[] = { 25, 25, 25, 25, 25 }, six[] = { 25.5, 24, 25, 26, 25, 24.5 };
	struct check c = { .expected = 25, .tolerance = 2 };

	(void)state;
	check_judge(&c, v, 0);
	assert_int_equal(c.verdict, CHECK_UNDECIDED);
	assert_false(c.have_measured);
	check_judge(&c, v, 5);
	assert_int_equal(c.verdict, CHECK_UNDECIDED);
	assert_true(c.measured == 25);
	assert_false(c.have_interval);
	check_judge(&c, six, 6);
	assert_int_equal(c.verdict, CHECK_OK);
	assert_true(c.lo == 24 && c.hi == 26);
}

/* Values that one measurement after the other finds; each has six of them, all alike. */
struct found {
	const double *values;
	size_t measured;
};

static int find(struct selfcheck *s, struct check *c, const void *of)
{
	struct found *found = (struct found *)(uintptr_t)of;
	double v[6];

	(void)s;
	for (size_t i = 0; i < 6; i++)
		v[i] = found->values[found->measured];
	found->measured++;
	check_judge(c, v, 6);
	snprintf(c->detail, sizeof(c->detail), "six");
	return 0;
}

static void wrong_by_chance_is_measured_once_more(void **state)
{
	static const struct {
		double values[2];
		size_t measured;
		enum check_verdict verdict;
		const char *said;
	} known[] = {
		{ { 25, 0 }, 1, CHECK_OK, "six" },
		{ { 15, 16 }, 2, CHECK_WRONG, "six; wrong by a measurement before (15), and again" },
		{ { 15, 25 },
		  2,
		  CHECK_UNDECIDED,
		  "six; wrong by a measurement before (15), not again" },
		/* Not the same fault twice. */
		{ { 15, 35 },
		  2,
		  CHECK_UNDECIDED,
		  "six; wrong by a measurement before (15), not again" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct selfcheck s = { .env = "made-up", .list = json_array() };
		struct check c = { .name = "x", .unit = "%", .expected = 25, .tolerance = 2 };
		struct found found = { .values = known[i].values };

		assert_int_equal(selfcheck_measured(&s, &c, find, &found), 0);
		assert_int_equal(found.measured, known[i].measured);
		assert_int_equal(c.verdict, known[i].verdict);
		assert_string_equal(c.detail, known[i].said);
		assert_int_equal(json_array_size(s.list), 1);
		assert_int_equal(s.wrong, known[i].verdict == CHECK_WRONG);
		json_decref(s.list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_interval_decides),
		cmocka_unit_test(what_is_no_number_is_undecided),
		cmocka_unit_test(intervals_of_the_median_are_the_sign_tests),
		cmocka_unit_test(few_values_are_never_a_pass),
		cmocka_unit_test(wrong_by_chance_is_measured_once_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
