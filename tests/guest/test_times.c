/* SPDX-License-Identifier: GPL-2.0-only */
/* What a copy says of its time: no descriptor's is lost, and no stage's. */
#include <string.h>

#include "guest.h"

#define KINDS 4

static void times_of_each_descriptor(void **state)
{
	const struct bench *bench = *state;
	size_t len = fast(bench) ? 64 * PAGE : 2 * PAGE;
	char *src = pages(len), *dst = pages(len);
	uint64_t times[600], sum = 0;
	struct dmabench_copy arg = user_copy(dst, src, len);
	unsigned int i;

	memset(times, 0xff, sizeof(times));
	arg.flags = DMABENCH_COPY_TIMES;
	arg.latency_ptr = (uintptr_t)times;
	arg.latency_count = 600;
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(arg.latency_written, arg.descriptors);
	for (i = 0; i < arg.latency_written; i++) {
		assert_true(times[i] <= arg.total_ns);
		sum += times[i];
	}
	assert_true(sum > 0);
	/* What wasn't said to be written isn't. */
	assert_int_equal(times[i], UINT64_MAX);
	pages_free(src, len);
	pages_free(dst, len);
}

/*
 * From issuing to completion of a copy's only descriptor its caller either submits
 * or waits; no kind of buffer may lose that time.
 */
static void waiting_is_accounted_for_each_kind(void **state)
{
	const struct bench *bench = *state;
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		struct end src, dst;
		uint64_t latency = 0;
		struct dmabench_copy arg = {
			.len = 64,
			.flags = DMABENCH_COPY_TIMES,
			.latency_ptr = (uintptr_t)&latency,
			.latency_count = 1,
		};

		end_make(bench, &src, kind, PAGE);
		end_make(bench, &dst, kind, PAGE);
		arg.src = end_side(&src, 0);
		arg.dst = end_side(&dst, 0);
		assert_int_equal(copy(bench, &arg), 0);
		assert_int_equal(arg.descriptors, 1);
		assert_true(latency > 0);
		assert_true(arg.submit_ns + arg.wait_ns >= latency);
		assert_true(arg.total_ns >= arg.pin_ns + arg.map_ns + arg.submit_ns + arg.wait_ns +
						    arg.unmap_ns + arg.unpin_ns);
		end_drop(bench, &src);
		end_drop(bench, &dst);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_of_each_descriptor),
		cmocka_unit_test(waiting_is_accounted_for_each_kind),
	};

	return cmocka_run_group_tests_name("times", tests, bench_setup, bench_teardown);
}
