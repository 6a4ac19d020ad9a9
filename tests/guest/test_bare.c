/* SPDX-License-Identifier: GPL-2.0-only */
/* With no provider in the machine all but the look around is refused, at once and for good. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

/* A session without an engine; none where there are engines. */
static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		return -1;
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	*state = bench;
	return bench->fd < 0 ? -1 : 0;
}

static void skip_unless_bare(const struct bench *bench)
{
	struct dmabench_info info;

	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	if (info.engine_count)
		skip();
}

/* ENODEV, never the kernel's own word for "later" (EPROBE_DEFER, 517), however often. */
static void opening_any_engine_is_enodev(void **state)
{
	static const char *const names[] = { "", "dma0chan0", "dma1chan7", "nonsense" };
	const struct bench *bench = *state;
	uint32_t handle;
	unsigned int i;

	skip_unless_bare(bench);
	for (i = 0; i < 100; i++)
		assert_int_equal(open_engine(bench->fd, names[i % 4], &handle), ENODEV);
}

static void no_engine_is_listed(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_info info = { .index = 0 };

	skip_unless_bare(bench);
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), ENOENT);
}

/* What needs a handle of an engine has none. */
static void nothing_else_can_be_asked(void **state)
{
	const struct bench *bench = *state;
	char *memory;
	struct dmabench_buffer buffer;
	struct dmabench_copy arg;

	skip_unless_bare(bench);
	memory = pages(2 * PAGE);
	arg = user_copy(memory, memory + PAGE, PAGE);
	assert_int_equal(copy(bench, &arg), EINVAL);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, PAGE, &buffer), EINVAL);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, PAGE, &buffer), EINVAL);
	assert_int_equal(pins(), 0);
	pages_free(memory, 2 * PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_any_engine_is_enodev),
		cmocka_unit_test(no_engine_is_listed),
		cmocka_unit_test(nothing_else_can_be_asked),
	};

	return cmocka_run_group_tests_name("bare", tests, setup, bench_teardown);
}
