/* SPDX-License-Identifier: GPL-2.0-only */
/* What an engine can't do by its alignment is refused before the engine sees it; all else works. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

#define LEN (4 * PAGE)

#include "sides.h"

#define KINDS 4

/* 0: whatever the provider says. */
static void alignment_is_as_told(void **state)
{
	const char *told = getenv("DMABENCH_TEST_ALIGN");
	const struct bench *bench = *state;
	uint32_t align = bench->info.align;

	assert_true(align && !(align & (align - 1)) && align <= PAGE);
	assert_int_equal(bench->info.max_len % align, 0);
	if (told && atoi(told))
		assert_int_equal(align, atoi(told));
}

/* One that isn't a multiple of the alignment in a length, a chunk, an address or an offset. */
static void odd(const struct bench *bench, struct end *from, struct end *to, uint64_t delta)
{
	const struct dmabench_copy good = {
		.src = end_side(from, PAGE),
		.dst = end_side(to, PAGE),
		.len = PAGE,
	};
	int want = delta % bench->info.align ? EINVAL : 0;
	struct dmabench_copy arg = good;

	arg.len += delta;
	assert_int_equal(copy(bench, &arg), want);
	arg = good;
	arg.chunk = PAGE + delta;
	assert_int_equal(copy(bench, &arg), want);
	arg = good;
	arg.src.addr += delta;
	assert_int_equal(copy(bench, &arg), want);
	arg = good;
	arg.dst.addr += delta;
	assert_int_equal(copy(bench, &arg), want);
	arg = good;
	arg.src.addr += delta;
	arg.dst.addr += delta;
	arg.len -= delta;
	assert_int_equal(copy(bench, &arg), want);
}

static void odd_ones_are_einval_or_right(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		struct end from, to;
		uint64_t delta;

		end_make(bench, &from, kind, LEN);
		end_make(bench, &to, kind, LEN);
		for (delta = 1; delta <= 8; delta *= 2)
			odd(bench, &from, &to, delta);
		odd(bench, &from, &to, 3);
		end_drop(bench, &from);
		end_drop(bench, &to);
	}
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

/* Nothing of a refused copy is done, and the engine works on. */
static void refused_copy_leaves_the_bytes(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE + 1);
	size_t i;

	if (bench->info.align == 1)
		skip();
	memset(dst, 0x5a, LEN);
	assert_int_equal(copy(bench, &arg), EINVAL);
	for (i = 0; i < LEN; i++)
		assert_int_equal(dst[i], 0x5a);
	copies_right(bench, dst, src, LEN);
	copies_right(bench, dst + bench->info.align, src, bench->info.align);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alignment_is_as_told),
		cmocka_unit_test(odd_ones_are_einval_or_right),
		cmocka_unit_test(refused_copy_leaves_the_bytes),
	};

	return cmocka_run_group_tests_name("align", tests, sides_setup, bench_teardown);
}
