/* SPDX-License-Identifier: GPL-2.0-only */
/* What an engine does wrong with a copy that nobody waits for is in its completion. */
#include <sys/mman.h>

#include "uring.h"

#include "faults.h"

/* What an idle engine refuses once is tried again, by a worker. */
static const struct fault unwaited[] = {
	{ "none", 1, 0, 0 },	      { "late", 1, ETIMEDOUT, 0 },   { "never", 1, ETIMEDOUT, 0 },
	{ "never", 0, ETIMEDOUT, 0 }, { "stray", 1, ETIMEDOUT, 0 },  { "twice", 0, 0, 0 },
	{ "error", 1, EIO, 0 },	      { "error,twice", 0, EIO, 0 },  { "status", 1, EIO, 0 },
	{ "residue", 1, EIO, 0 },     { "silent", 1, ETIMEDOUT, 0 }, { "noprep", 1, 0, 0 },
	{ "noprep", 0, EINVAL, 0 },   { "nosubmit", 1, EIO, 0 },     { "noterm", 0, 0, 0 },
};

static int ring_ends(const struct bench *bench, const struct end *src, const struct end *dst,
		     uint32_t flags, uint32_t timeout_ms)
{
	struct dmabench_copy arg = {
		.src = end_side(src, FROM),
		.dst = end_side(dst, TO),
		.len = LEN,
		.flags = flags,
		.timeout_ms = timeout_ms,
	};

	return async_copy(bench, &arg);
}

static int setup(void **state)
{
	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	return ring_setup(state);
}

static int teardown(void **state)
{
	if (on_sim(*state)) {
		sim_fault_off();
		sim_set("fault_ns", 100 * MS);
	}
	return ring_teardown(state);
}

static void every_fault_is_survived(void **state)
{
	static const uint32_t kinds[] = { DMABENCH_BUF_USER, DMABENCH_BUF_REGISTERED,
					  DMABENCH_BUF_COHERENT };
	const struct bench *bench = *state;
	long before = pins();
	size_t i, j;

	skip_unless_sim(bench);
	sim_set("fault_ns", 1000 * MS);
	for (i = 0; i < 3; i++) {
		struct end src, dst;

		end_make(bench, &src, kinds[i], SPAN);
		end_make(bench, &dst, kinds[i], SPAN);
		for (j = 0; j < sizeof(unwaited) / sizeof(unwaited[0]); j++)
			survives(bench, ring_ends, &src, &dst, &unwaited[j], 1, 0);
		end_drop(bench, &src);
		end_drop(bench, &dst);
	}
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

/* The first page twice in a row: no engine's segment has both, so there are two descriptors. */
static char *same_page_twice(void)
{
	char *both = pages(2 * PAGE);
	int fd = memfd_create("page", 0);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, PAGE), 0);
	assert_ptr_not_equal(mmap(both, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
				  0),
			     MAP_FAILED);
	assert_ptr_not_equal(mmap(both + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
				  fd, 0),
			     MAP_FAILED);
	close(fd);
	return both;
}

/* Its second descriptor can't be had: the first is waited for, and then the whole has failed. */
static void a_part_under_way_is_waited_for(void **state)
{
	const struct bench *bench = *state;
	static const char *const faulty[] = { "noprep", "nosubmit" };
	static const int errs[] = { EBUSY, EIO };
	long before = pins();
	char *src, *dst;
	int i;

	skip_unless_sim(bench);
	src = same_page_twice();
	dst = pages(2 * PAGE);
	pattern(src, PAGE, 3);
	for (i = 0; i < 2; i++) {
		struct dmabench_copy arg = user_copy(dst, src, 2 * PAGE);

		memset(dst, 0, 2 * PAGE);
		sim_set("latency_ns", 20 * MS);
		sim_fault(faulty[i], 2, 1, -1);
		assert_int_equal(async_copy(bench, &arg), errs[i]);
		sim_fault_off();
		sim_set("latency_ns", 0);
		assert_memory_equal(dst, src, PAGE);
		assert_int_equal(pins(), before);
		assert_int_equal(async_copy(bench, &arg), 0);
		assert_memory_equal(dst, src, 2 * PAGE);
	}
	pages_free(src, 2 * PAGE);
	pages_free(dst, 2 * PAGE);
}

#define ASYNC_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TEST(every_fault_is_survived),
		ASYNC_TEST(a_part_under_way_is_waited_for),
	};

	return cmocka_run_group_tests_name("async faults", tests, NULL, NULL);
}
