/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a provider that doesn't say it counts whatever is told: mv_xor stops the kernel
 * at descriptors of 16 MiB or more, and never takes one below 128 bytes. Needs the simulator by that
 * name (SIM_DRIVER=mv_xor).
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define LONGEST ((16UL << 20) - 1)
#define SHORTEST 128
#define LEN (20UL << 20)

/* The simulator says nothing, and the module is told more than there may be. */
static int setup(void **state)
{
	struct bench *bench;

	if (bench_setup(state))
		return -1;
	bench = *state;
	if (strcmp(bench->info.driver, "mv_xor"))
		return 0;
	close(bench->fd);
	unload_driver();
	bind_device(&bench->info, "unbind");
	sim_set("max_len", 0);
	sim_set("refuse_above", LONGEST);
	sim_set("refuse_below", SHORTEST);
	bind_device(&bench->info, "bind");
	assert_int_equal(load_driver("max_len=mv_xor/33554432"), 0);
	bench_open(bench);
	return 0;
}

static void skip_unless_played(const struct bench *bench)
{
	if (strcmp(bench->info.driver, "mv_xor"))
		skip();
}

static void listed_within_them(void **state)
{
	const struct bench *bench = *state;

	skip_unless_played(bench);
	assert_int_equal(bench->info.max_len, LONGEST);
	assert_int_equal(bench->info.min_len, SHORTEST);
}

static char *huge_pages(void)
{
	char *memory;

	put_file("/proc/sys/vm/nr_hugepages", "24");
	memory = mmap(NULL, 2 * LEN, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

/* Huge pages that follow each other are one piece to the engine, so only the limit cuts it. */
static void longer_copies_are_cut(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = { .len = LEN, .chunk = 32UL << 20 };
	struct dmabench_buffer from, to;
	char *src, *dst;

	skip_unless_played(bench);
	src = huge_pages();
	dst = src + LEN;
	pattern(src, LEN, 31);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, src, LEN, &from), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, dst, LEN, &to), 0);
	arg.src.kind = DMABENCH_BUF_REGISTERED;
	arg.src.handle = from.handle;
	arg.dst.kind = DMABENCH_BUF_REGISTERED;
	arg.dst.handle = to.handle;
	assert_int_equal(copy(bench, &arg), 0);
	print_message("# %llu descriptors\n", (unsigned long long)arg.descriptors);
	assert_true(arg.descriptors >= 2);
	assert_memory_equal(dst, src, LEN);
	assert_int_equal(destroy(bench->fd, from.handle), 0);
	assert_int_equal(destroy(bench->fd, to.handle), 0);
	assert_int_equal(munmap(src, 2 * LEN), 0);
}

/*
 * A rest that no descriptor may have: one before it is shorter then. It lies in the middle of a huge
 * page, as a page that doesn't follow another is cut there whatever else.
 */
static void no_rest_is_too_short(void **state)
{
	static const size_t rest[] = { 1, SHORTEST / 2, SHORTEST - 1, SHORTEST };
	const struct bench *bench = *state;
	struct dmabench_buffer from, to;
	char *src, *dst;

	skip_unless_played(bench);
	src = huge_pages();
	dst = src + LEN;
	pattern(src, LEN, 37);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, src, LEN, &from), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, dst, LEN, &to), 0);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		struct dmabench_copy arg = { .len = LONGEST + rest[i], .chunk = 32UL << 20 };

		arg.src.kind = DMABENCH_BUF_REGISTERED;
		arg.src.handle = from.handle;
		arg.src.addr = 1 << 20;
		arg.dst.kind = DMABENCH_BUF_REGISTERED;
		arg.dst.handle = to.handle;
		arg.dst.addr = 1 << 20;
		memset(dst, 0, LEN);
		assert_int_equal(copy(bench, &arg), 0);
		assert_memory_equal(dst + arg.dst.addr, src + arg.src.addr, arg.len);
		assert_int_equal(dst[arg.dst.addr + arg.len], 0);
	}
	assert_int_equal(destroy(bench->fd, from.handle), 0);
	assert_int_equal(destroy(bench->fd, to.handle), 0);
	assert_int_equal(munmap(src, 2 * LEN), 0);
}

static void shorter_copies_are_einval(void **state)
{
	static char src[SHORTEST], dst[SHORTEST];
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, SHORTEST / 2);

	skip_unless_played(bench);
	assert_int_equal(copy(bench, &arg), EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_within_them),
		cmocka_unit_test(longer_copies_are_cut),
		cmocka_unit_test(no_rest_is_too_short),
		cmocka_unit_test(shorter_copies_are_einval),
	};

	return cmocka_run_group_tests_name("hard limits", tests, setup, bench_teardown);
}
