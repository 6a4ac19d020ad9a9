/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mapping of a coherent buffer is no memory of the caller's: on every kernel, and however
 * the IOMMU is used, neither a user side nor what can be registered.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coherent.h"

static char *other, *seen;

static int group_setup(void **state)
{
	other = pages(SPAN);
	seen = pages(SPAN);
	pattern(other, SPAN, 1);
	return bench_setup(state);
}

static void copy_is_efault(const struct bench *bench, void *to, const void *from, size_t len,
			   size_t chunk)
{
	struct dmabench_copy arg = user_copy(to, from, len);
	long pinned = pins();

	arg.chunk = chunk;
	assert_int_equal(copy(bench, &arg), EFAULT);
	assert_int_equal(pins(), pinned);
	assert_int_equal(locked_kib(), 0);
}

/* As the source, whole and in part. */
static void source_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct mixed mixed;

	mixed_make(bench, &mixed);
	copy_is_efault(bench, seen, mixed.view, mixed.size, 0);
	copy_is_efault(bench, seen, mixed.view + PAGE, fit(bench, 1), 0);
	mixed_drop(bench, &mixed);
}

/* As the destination: nothing of the buffer has changed. */
static void destination_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct mixed mixed;

	mixed_make(bench, &mixed);
	memcpy(mixed.view, other + PAGE, mixed.size);
	copy_is_efault(bench, mixed.view, other, mixed.size, 0);
	copy_is_efault(bench, mixed.view + PAGE, other, fit(bench, 1), 0);
	assert_memory_equal(mixed.view, other + PAGE, mixed.size);
	mixed_drop(bench, &mixed);
}

/* One page of a range is enough, wherever it lies and however the range is cut. */
static void range_with_such_a_page_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct mixed mixed;
	size_t chunk;

	mixed_make(bench, &mixed);
	for (chunk = 0; chunk <= PAGE; chunk += PAGE) {
		copy_is_efault(bench, seen, mixed.memory, SPAN, chunk);
		copy_is_efault(bench, mixed.memory, other, SPAN, chunk);
		/* An anonymous page, and the last or the first byte of such a one. */
		copy_is_efault(bench, seen, mixed.memory, PAGE + fit(bench, 1), chunk);
		copy_is_efault(bench, seen, mixed.memory + 3 * PAGE - fit(bench, 1), PAGE, chunk);
		copy_is_efault(bench, mixed.memory, other, PAGE + fit(bench, 1), chunk);
	}
	/* What is around it is memory like any other. */
	copies_right(bench, mixed.memory, other, PAGE);
	copies_right(bench, mixed.memory + 3 * PAGE, other, PAGE);
	mixed_drop(bench, &mixed);
}

static void registering_refused(const struct bench *bench, void *memory, size_t size)
{
	struct dmabench_buffer buffer = {
		.engine = bench->engine,
		.kind = DMABENCH_BUF_REGISTERED,
		.node = -1,
		.addr = (uintptr_t)memory,
		.size = size,
	};
	long pinned = pins();

	for (buffer.flags = DMABENCH_BUF_SOURCE; buffer.flags <= BOTH; buffer.flags++) {
		int err = request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, &buffer);

		if (err != EFAULT)
			fail_msg("registering with flags %u: %s, not EFAULT", buffer.flags,
				 strerror(err));
		assert_int_equal(pins(), pinned);
		assert_int_equal(locked_kib(), 0);
	}
}

/* It can't stay pinned either, by itself or as a part of a range. */
static void registering_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct mixed mixed;

	mixed_make(bench, &mixed);
	registering_refused(bench, mixed.view, mixed.size);
	registering_refused(bench, mixed.view + 100, 1);
	registering_refused(bench, mixed.memory, SPAN);
	registering_refused(bench, mixed.memory, PAGE + 1);
	registering_refused(bench, mixed.memory + 3 * PAGE - 1, PAGE);
	mixed_drop(bench, &mixed);
}

/* What was tried in vain counts for nothing: the buffer goes, and its bytes can be had again. */
static void cap_is_given_back(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer more;
	struct mixed mixed;
	char text[32];
	int i;

	snprintf(text, sizeof(text), "%lu", 2 * PAGE);
	assert_int_equal(put_parameter("dmabench", "max_bytes", text), 0);
	for (i = 0; i < 3; i++) {
		mixed_make(bench, &mixed);
		assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, 1, &more), ENOMEM);
		copy_is_efault(bench, seen, mixed.view, mixed.size, 0);
		registering_refused(bench, mixed.view, mixed.size);
		assert_int_equal(destroy(bench->fd, mixed.buffer.handle), EBUSY);
		mixed_drop(bench, &mixed);
	}
}

/* By its handle it is a side as ever, also while it is mapped. */
static void handle_works(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg;
	struct mixed mixed;

	mixed_make(bench, &mixed);
	memset(mixed.view, 0, mixed.size);
	arg = user_copy(NULL, other, mixed.size);
	arg.dst.kind = DMABENCH_BUF_COHERENT;
	arg.dst.handle = mixed.buffer.handle;
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(mixed.view, other, mixed.size);
	mixed_drop(bench, &mixed);
}

static int teardown(void **state)
{
	(void)state;
	return put_parameter("dmabench", "max_bytes", "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source_is_efault),
		cmocka_unit_test(destination_is_efault),
		cmocka_unit_test(range_with_such_a_page_is_efault),
		cmocka_unit_test(registering_is_efault),
		cmocka_unit_test_teardown(cap_is_given_back, teardown),
		cmocka_unit_test(handle_works),
	};

	return cmocka_run_group_tests_name("coherent user", tests, group_setup, bench_teardown);
}
