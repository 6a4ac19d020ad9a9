/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BATCH moves exactly the bytes of its segments, and a list that is wrong in any place
 * moves none.
 */
#include "batch.h"

static void exactly_the_segments_for_every_pair_of_kinds(void **state)
{
	static const uint32_t kinds[] = { DMABENCH_BUF_REGISTERED, DMABENCH_BUF_COHERENT,
					  DMABENCH_BUF_KERNEL };
	const struct bench *bench = *state;
	long before = pins();
	size_t i;

	for (i = 0; i < 9; i++) {
		make_ends(bench, kinds[i / 3], kinds[i % 3]);
		if (on_sim(bench)) {
			check_moved(bench, mixed, MIXED, 0, 0);
			check_moved(bench, mixed, MIXED, 1, DMABENCH_COPY_POLL);
		}
		check_moved(bench, mixed, 2, 3, 0);
		drop_ends(bench);
	}
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

static void as_many_as_there_may_be(void **state)
{
	static struct dmabench_segment list[DMABENCH_MAX_SEGMENTS + 1];
	const struct bench *bench = *state;
	struct dmabench_batch arg;
	uint32_t i;

	skip_unless_sim(bench);
	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_REGISTERED);
	/* Every other byte, from both ends in turn. */
	for (i = 0; i <= DMABENCH_MAX_SEGMENTS; i++) {
		uint64_t at = i % 2 ? SPAN - 1 - i : i;

		list[i] = (struct dmabench_segment){ at, at, 1 };
	}
	check_moved(bench, list, DMABENCH_MAX_SEGMENTS, 256, 0);
	arg = batch_of(bench, list, DMABENCH_MAX_SEGMENTS + 1);
	assert_int_equal(batch(bench, &arg), EINVAL);
	drop_ends(bench);
}

static void refused(const struct bench *bench, struct dmabench_batch *arg, int err)
{
	assert_int_equal(batch(bench, arg), err);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, poison, SPAN);
}

static void overlapping_destinations_are_refused(void **state)
{
	static const struct dmabench_segment lists[][3] = {
		{ { 0, 0, 10 }, { 20, 9, 10 }, { 40, 100, 1 } },  /* by one byte */
		{ { 0, 50, 10 }, { 20, 0, 10 }, { 40, 55, 1 } },  /* not side by side in the list */
		{ { 0, 50, 10 }, { 20, 50, 10 }, { 40, 60, 1 } }, /* the same place */
		{ { 0, 100, 1 }, { 20, 0, 101 }, { 40, 200, 1 } }, /* inside another */
		{ { 0, 200, 9 }, { 20, 100, 9 }, { 40, 92, 9 } },  /* backwards */
	};
	const struct bench *bench = *state;
	size_t i;

	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_COHERENT);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct dmabench_batch arg = batch_of(bench, lists[i], 3);

		refused(bench, &arg, EINVAL);
	}
	drop_ends(bench);
}

static void wrong_segments_are_refused(void **state)
{
	static const struct dmabench_segment wrong[] = {
		{ 0, 0, 0 },
		{ SPAN, 0, 1 },
		{ 0, SPAN, 1 },
		{ SPAN - 1, 0, 2 },
		{ 0, SPAN - 1, 2 },
		{ 0, 0, SPAN + 1 },
		{ UINT64_MAX, 0, 2 },
		{ 0, UINT64_MAX, 2 },
		{ 2, 2, UINT64_MAX - 1 },
		{ 0, 0, 1ull << 63 },
		{ 0, 0, (1ull << 32) + 1 },
	};
	struct dmabench_segment list[2] = { { 0, 0, 1 } };
	const struct bench *bench = *state;
	size_t i;

	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_REGISTERED);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct dmabench_batch arg = batch_of(bench, list, 2);

		list[1] = wrong[i];
		refused(bench, &arg, EINVAL);
	}
	drop_ends(bench);
}

#define REFUSED(change, err)                                           \
	do {                                                           \
		struct dmabench_batch arg = batch_of(bench, mixed, 2); \
                                                                       \
		change;                                                \
		refused(bench, &arg, err);                             \
	} while (0)

static void wrong_requests_are_refused(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	char *list = pages(PAGE);

	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_REGISTERED);
	REFUSED(arg.segments = 0, EINVAL);
	REFUSED(arg.segments = UINT32_MAX, EINVAL);
	REFUSED(arg.span = 0, EINVAL);
	REFUSED(arg.span = SPAN + 1, EINVAL);
	REFUSED(arg.span = 1ull << 63, EINVAL);
	REFUSED(arg.src.addr = 1, EINVAL);
	REFUSED(arg.dst.addr = UINT64_MAX, EINVAL);
	REFUSED(arg.flags = DMABENCH_COPY_TIMES, EINVAL);
	REFUSED(arg.flags = 1u << 31, EINVAL);
	REFUSED(arg.depth = 257, EINVAL);
	REFUSED(arg.reserved0 = 1, EINVAL);
	REFUSED(arg.reserved[3] = 1, EINVAL);
	REFUSED(arg.engine = 0, EINVAL);
	REFUSED(arg.engine = src.handle, EINVAL);
	REFUSED(arg.dst = arg.src, EINVAL);
	REFUSED(arg.dst.handle = 4000, EINVAL);
	REFUSED(arg.dst.kind = DMABENCH_BUF_KERNEL, EINVAL);
	REFUSED(arg.src = ((struct dmabench_side){ .addr = (uintptr_t)src.memory }), EINVAL);
	REFUSED(arg.segments_ptr = 0, EFAULT);
	REFUSED(arg.segments_ptr = UINT64_MAX - 7, EFAULT);
	/* The second one isn't there as a whole. */
	memcpy(list + PAGE - 40, mixed, 40);
	REFUSED(arg.segments_ptr = (uintptr_t)(list + PAGE - 40), EFAULT);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_BATCH, NULL), EFAULT);
	/* Nothing is left in use, and a right one still works. */
	check_moved(bench, mixed, 2, 0, 0);
	drop_ends(bench);
	assert_int_equal(pins(), before);
	pages_free(list, PAGE);
}

static void halves_of_one_buffer(void **state)
{
	static const struct dmabench_segment list[] = { { 0, 1, PAGE }, { 2 * PAGE, 3 * PAGE, 9 } };
	const struct bench *bench = *state;
	struct dmabench_batch arg;

	make_ends(bench, DMABENCH_BUF_REGISTERED, DMABENCH_BUF_REGISTERED);
	arg = batch_of(bench, list, 2);
	arg.dst = arg.src;
	arg.dst.addr = SPAN / 2 - 1;
	arg.span = SPAN / 2;
	assert_int_equal(batch(bench, &arg), EINVAL);
	arg.dst.addr = SPAN / 2;
	assert_int_equal(batch(bench, &arg), 0);
	assert_memory_equal(src.memory + SPAN / 2 + 1, source, PAGE);
	assert_memory_equal(src.memory + SPAN / 2 + 3 * PAGE, source + 2 * PAGE, 9);
	assert_memory_equal(src.memory, source, SPAN / 2);
	drop_ends(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_the_segments_for_every_pair_of_kinds),
		cmocka_unit_test(as_many_as_there_may_be),
		cmocka_unit_test(overlapping_destinations_are_refused),
		cmocka_unit_test(wrong_segments_are_refused),
		cmocka_unit_test(wrong_requests_are_refused),
		cmocka_unit_test(halves_of_one_buffer),
	};

	return cmocka_run_group_tests_name("batch", tests, batch_setup, bench_teardown);
}
