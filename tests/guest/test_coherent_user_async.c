/* SPDX-License-Identifier: GPL-2.0-only */
/* To copies by IORING_OP_URING_CMD, too, a coherent buffer's mapping is no user side. */
#include <errno.h>

#include "coherent.h"
#include "uring.h"

static void is_efault(const struct bench *bench, void *to, const void *from, size_t len)
{
	struct dmabench_copy arg = user_copy(to, from, len);
	long pinned = pins();

	assert_int_equal(async_copy(bench, &arg), EFAULT);
	assert_int_equal(pins(), pinned);
	assert_int_equal(locked_kib(), 0);
}

/* Neither the whole mapping nor a range with a byte of it, on either side. */
static void mapping_is_efault(void **state)
{
	const struct bench *bench = *state;
	char *other = pages(SPAN);
	struct mixed mixed;

	mixed_make(bench, &mixed);
	is_efault(bench, other, mixed.view, mixed.size);
	is_efault(bench, mixed.view, other, mixed.size);
	is_efault(bench, other, mixed.memory, SPAN);
	is_efault(bench, mixed.memory, other, SPAN);
	is_efault(bench, other, mixed.memory, PAGE + fit(bench, 1));
	is_efault(bench, mixed.memory + 3 * PAGE - fit(bench, 1), other, PAGE);
	mixed_drop(bench, &mixed);
	pages_free(other, SPAN);
}

/* By its handle it is a side, while it is mapped. */
static void handle_works(void **state)
{
	const struct bench *bench = *state;
	char *other = pages(SPAN);
	struct dmabench_copy arg;
	struct mixed mixed;

	mixed_make(bench, &mixed);
	pattern(other, SPAN, 3);
	arg = user_copy(NULL, other, mixed.size);
	arg.dst.kind = DMABENCH_BUF_COHERENT;
	arg.dst.handle = mixed.buffer.handle;
	assert_int_equal(async_copy(bench, &arg), 0);
	assert_memory_equal(mixed.view, other, mixed.size);
	mixed_drop(bench, &mixed);
	pages_free(other, SPAN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(mapping_is_efault),
		RING_TEST(handle_works),
	};

	return cmocka_run_group_tests_name("coherent user async", tests, NULL, NULL);
}
