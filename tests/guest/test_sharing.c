/* SPDX-License-Identifier: GPL-2.0-only */
/* Several at one channel, and several channels in one session. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "guest.h"

#define SHARERS 4

/* Returns how many of its copies went wrong. */
static void *copy_often(void *param)
{
	const struct bench *bench = param;
	size_t len = fast(bench) ? fit(bench, 40 * PAGE + 7) : PAGE;
	char *src = pages(len), *dst = pages(len);
	long i, bad = 0;

	for (i = 0; i < (fast(bench) ? 50 : 2); i++) {
		struct dmabench_copy arg = user_copy(dst, src, len);

		pattern(src, len, (unsigned int)(uintptr_t)src + (unsigned int)i);
		arg.flags = i % 2 ? DMABENCH_COPY_POLL : 0;
		arg.chunk = 4 * PAGE;
		bad += copy(bench, &arg) || memcmp(src, dst, len);
	}
	pages_free(src, len);
	pages_free(dst, len);
	return (void *)bad;
}

static void threads_share_a_channel(void **state)
{
	pthread_t thread[SHARERS];
	void *bad;
	int i;

	for (i = 0; i < SHARERS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, copy_often, *state), 0);
	for (i = 0; i < SHARERS; i++) {
		assert_int_equal(pthread_join(thread[i], &bad), 0);
		assert_int_equal((long)bad, 0);
	}
}

static void two_engines_of_a_session_dont_mix(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_info info;
	struct dmabench_buffer buffer;
	struct dmabench_copy arg;
	char *memory = pages(PAGE);
	uint32_t other, index;

	if (!fast(bench)) /* the only one */
		skip();
	for (index = 0;; index++) {
		memset(&info, 0, sizeof(info));
		info.index = index;
		assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &info), 0);
		if (!strcmp(info.driver, bench->info.driver) && strcmp(info.name, bench->info.name))
			break;
	}
	assert_int_equal(open_engine(bench->fd, info.name, &other), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, PAGE, &buffer), 0);
	arg = user_copy(memory, NULL, PAGE);
	arg.src.kind = DMABENCH_BUF_KERNEL;
	arg.src.handle = buffer.handle;
	arg.engine = other;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_COPY, &arg), EINVAL);
	assert_int_equal(copy(bench, &arg), 0);
	pages_free(memory, PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_a_channel),
		cmocka_unit_test(two_engines_of_a_session_dont_mix),
	};

	return cmocka_run_group_tests_name("sharing", tests, bench_setup, bench_teardown);
}
