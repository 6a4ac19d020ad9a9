/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The caps on handles and on bytes: the last one is had, the next is ENOMEM. They are a user's;
 * here it has one session. test_users has more.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "guest.h"

static void handles_are_capped(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	struct dmabench_info info;
	uint32_t *handles, count = 0, i;
	int err;

	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	handles = calloc(info.max_handles + 1, sizeof(*handles));
	while (!(err = create(bench, DMABENCH_BUF_KERNEL, NULL, 1, &buffer))) {
		assert_true(count < info.max_handles);
		handles[count++] = buffer.handle;
	}
	assert_int_equal(err, ENOMEM);
	assert_int_equal(count, info.max_handles - 1); /* the engine has one too */
	for (i = 0; i < count; i++)
		assert_int_equal(destroy(bench->fd, handles[i]), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 1, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	free(handles);
}

static void bytes_are_capped(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer half, rest;
	struct dmabench_info info;
	uint64_t size;

	/* Address spaces of small devices would run out first. */
	skip_unless_sim(bench);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, info.max_coherent + 1, &rest),
			 ENOMEM);
	size = info.max_coherent / 2 & ~(PAGE - 1);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, size, &half), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, info.max_coherent - size + PAGE,
				&rest),
			 ENOMEM);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 1 << 20, &rest), 0);
	assert_int_equal(destroy(bench->fd, rest.handle), 0);
	assert_int_equal(destroy(bench->fd, half.handle), 0);
}

/* The caps can be set, INFO says what they are, and what makes no sense is refused. */
static void caps_are_parameters(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer first, second;
	struct dmabench_info before, info;
	char text[32];

	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &before), 0);
	assert_int_equal(put_parameter("dmabench", "max_handles", "2"), 0);
	assert_int_equal(put_parameter("dmabench", "max_bytes", "12288"), 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	assert_int_equal(info.max_handles, 2);
	assert_int_equal(info.max_coherent, 12288);
	/* The engine has one handle, the buffer another; 12288 bytes are three pages. */
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 3 * PAGE + 1, &first), ENOMEM);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 2 * PAGE + 1, &first), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, text, 1, &second), ENOMEM);
	assert_int_equal(put_parameter("dmabench", "max_handles", "3"), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, 1, &second), ENOMEM);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, text, 1, &second), 0);
	assert_int_equal(destroy(bench->fd, second.handle), 0);
	assert_int_equal(destroy(bench->fd, first.handle), 0);

	assert_int_equal(put_parameter("dmabench", "max_handles", "0"), EINVAL);
	assert_int_equal(put_parameter("dmabench", "max_handles", "4096"), EINVAL);
	assert_int_equal(put_parameter("dmabench", "max_bytes", "4294967297"), EINVAL);
	assert_int_equal(put_parameter("dmabench", "max_bytes", "-1"), EINVAL);
	snprintf(text, sizeof(text), "%u", before.max_handles);
	assert_int_equal(put_parameter("dmabench", "max_handles", text), 0);
	assert_int_equal(put_parameter("dmabench", "max_bytes", "0"), 0);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	assert_memory_equal(&info, &before, sizeof(info));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handles_are_capped),
		cmocka_unit_test(bytes_are_capped),
		cmocka_unit_test(caps_are_parameters),
	};

	return cmocka_run_group_tests_name("limits", tests, bench_setup, bench_teardown);
}
