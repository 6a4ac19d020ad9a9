/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * No descriptor is done before its time. The driver's callbacks stand for a while where a late one
 * could be taken for the next descriptor's, if the driver was built with CALLBACK_DELAY; in other
 * builds it needs luck to see anything.
 */
#include <string.h>

#include "guest.h"

#define CHUNK PAGE
#define COUNT 24
#define LEN (COUNT * CHUNK)
/* Longer than the callbacks stand there, so that a descriptor that one of them ends is early. */
#define LATENCY_NS 20000000UL

static char source[LEN], poison[LEN], seen[LEN];

static int teardown(void **state)
{
	if (on_sim(*state))
		sim_set("latency_ns", 0);
	return bench_teardown(state);
}

static void none_is_early(const struct bench *bench, uint32_t kind, uint32_t depth)
{
	uint64_t latency[COUNT];
	struct dmabench_copy arg = {
		.len = LEN,
		.chunk = CHUNK,
		.depth = depth,
		.flags = DMABENCH_COPY_POLL | DMABENCH_COPY_TIMES,
		.latency_ptr = (uintptr_t)latency,
		.latency_count = COUNT,
	};
	struct end src, dst;
	unsigned int i;

	end_make(bench, &src, kind, LEN);
	end_make(bench, &dst, kind, LEN);
	end_fill(bench, &src, source);
	end_fill(bench, &dst, poison);
	arg.src = end_side(&src, 0);
	arg.dst = end_side(&dst, 0);
	assert_int_equal(copy(bench, &arg), 0);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, source, LEN);
	assert_int_equal(arg.latency_written, COUNT);
	for (i = 0; i < COUNT; i++) {
		if (latency[i] < LATENCY_NS)
			fail_msg("depth %u: descriptor %u was done after %lu of %lu ns", depth, i,
				 (unsigned long)latency[i], LATENCY_NS);
	}
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

/* Who polls takes a descriptor off, and its slot has the next one when the callback comes. */
static void polled_descriptors_take_their_time(void **state)
{
	static const uint32_t kinds[] = { DMABENCH_BUF_KERNEL, DMABENCH_BUF_USER };
	static const uint32_t depths[] = { 1, 2, 16 };
	const struct bench *bench = *state;
	unsigned int i, j;

	skip_unless_sim(bench);
	pattern(source, LEN, 1);
	pattern(poison, LEN, 2);
	sim_set("latency_ns", LATENCY_NS);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < 3; j++)
			none_is_early(bench, kinds[i], depths[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(polled_descriptors_take_their_time, bench_setup,
						teardown),
	};

	return cmocka_run_group_tests_name("early", tests, NULL, NULL);
}
