/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies by IORING_OP_URING_CMD on engines that can't be stopped: nobody waits for one, and it
 * is locked away as when somebody does. Like alone_poison, this has a guest to itself.
 */
#include "uring.h"

#include "poison.h"

static int by_ring(const struct bench *bench, const struct end *src, const struct end *dst,
		   uint32_t flags)
{
	struct dmabench_copy arg = move_of(src, dst, flags);

	return async_copy(bench, &arg);
}

static void late_bytes_without_waiting(void **state)
{
	static const uint32_t kinds[] = { DMABENCH_BUF_USER, DMABENCH_BUF_REGISTERED,
					  DMABENCH_BUF_COHERENT };
	int i;

	assert_int_equal(io_uring_queue_init(RING, &ring, 0), 0);
	for (i = 0; i < 3; i++) {
		const struct bench *bench = *state;
		struct dmabench_copy arg = user_copy(poison, source, 1);

		late_bytes_land_in_owned_memory(bench, by_ring, kinds[i], 0);
		assert_int_equal(async_copy(bench, &arg), ENODEV);
		poison_teardown(state);
		assert_int_equal(poison_setup(state), 0);
	}
	io_uring_queue_exit(&ring);
	works();
}

/* The ring and the session are gone when the bytes come. */
static void ring_closed_on_a_dead_channel(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(PAGE), *dst = pages(PAGE);
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	long before = pins();
	int tries;

	/*
	 * The zero page, which untouched memory is, isn't counted on newer kernels. And a copy for
	 * which a page must be made first would be left to a worker, which may not have begun when
	 * the ring is closed: then it never does.
	 */
	pattern(src, PAGE, 3);
	pattern(dst, PAGE, 4);
	assert_int_equal(io_uring_queue_init(RING, &ring, 0), 0);
	sim_fault(stoppable(bench) ? "never,noterm" : "never", 1, 1, -1);
	arg.timeout_ms = TIMEOUT_MS;
	put_copy(bench, &arg);
	submit(1);
	io_uring_queue_exit(&ring);
	close(bench->fd);
	for (tries = 0; !(flags_of(bench->info.name) & DMABENCH_ENGINE_POISONED) && tries < 500;
	     tries++)
		usleep(20000);
	assert_true(flags_of(bench->info.name) & DMABENCH_ENGINE_POISONED);
	assert_int_equal(pins(), before + 2);
	pages_free(src, PAGE);
	pages_free(dst, PAGE);
	works();
	assert_int_equal(poison_setup(state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		POISON_TEST(late_bytes_without_waiting),
		POISON_TEST(ring_closed_on_a_dead_channel),
	};

	return cmocka_run_group_tests_name("async poison", tests, NULL, NULL);
}
