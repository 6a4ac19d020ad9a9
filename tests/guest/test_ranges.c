/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges that no machine has, and what a request looks like afterwards. */
#include <errno.h>
#include <stdint.h>

#include "guest.h"

#define LEN (2 * PAGE)

#include "sides.h"

/* Not by way of a kernel warning, which the guest's run would fail for, nor with its memory. */
static void more_than_there_is_is_enomem(void **state)
{
	static const uint64_t sizes[] = { 1ULL << 33, 1ULL << 36, 1ULL << 40, 1ULL << 42 };
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	uint64_t latency[4];
	unsigned int i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct dmabench_copy arg = user_copy((void *)0x10000, src, sizes[i]);

		assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, src, sizes[i], &buffer),
				 ENOMEM);
		arg.src.addr = 1ULL << 45;
		arg.flags = DMABENCH_COPY_TIMES;
		arg.latency_ptr = (uintptr_t)latency;
		arg.latency_count = UINT32_MAX;
		assert_int_equal(copy(bench, &arg), ENOMEM);
		arg.latency_count = 4;
		assert_int_equal(copy(bench, &arg), EFAULT);
	}
	assert_int_equal(locked_kib(), 0);
}

/* The range doesn't wrap, but a whole number of pages from there does. */
static void last_page_of_all_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	struct dmabench_copy arg = user_copy(dst, (void *)(UINT64_MAX - PAGE + 2), PAGE - 2);

	assert_int_equal(copy(bench, &arg), EFAULT);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, (void *)(UINT64_MAX - PAGE + 2),
				PAGE - 2, &buffer),
			 EFAULT);
}

static void what_was_asked_is_not_written_to(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, PAGE);

	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(arg.len, PAGE);
	assert_int_equal(arg.depth | arg.flags | arg.timeout_ms | arg.chunk, 0);
	arg.timeout_ms = UINT32_MAX;
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(arg.timeout_ms, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_than_there_is_is_enomem),
		cmocka_unit_test(last_page_of_all_is_efault),
		cmocka_unit_test(what_was_asked_is_not_written_to),
	};

	return cmocka_run_group_tests_name("ranges", tests, sides_setup, bench_teardown);
}
