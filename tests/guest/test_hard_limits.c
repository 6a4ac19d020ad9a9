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

/* Both sides of copies, of huge pages and registered. */
struct sides {
	struct dmabench_buffer from, to;
	char *src, *dst;
};

static void sides_open(const struct bench *bench, struct sides *s, unsigned int seed)
{
	s->src = huge_pages();
	s->dst = s->src + LEN;
	pattern(s->src, LEN, seed);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, s->src, LEN, &s->from), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, s->dst, LEN, &s->to), 0);
}

static void sides_close(const struct bench *bench, struct sides *s)
{
	assert_int_equal(destroy(bench->fd, s->from.handle), 0);
	assert_int_equal(destroy(bench->fd, s->to.handle), 0);
	assert_int_equal(munmap(s->src, 2 * LEN), 0);
}

/* The same bytes of both, in one chunk. */
static struct dmabench_copy copy_at(const struct sides *s, uint64_t offset, uint64_t len)
{
	struct dmabench_copy arg = { .len = len, .chunk = 32UL << 20 };

	arg.src.kind = DMABENCH_BUF_REGISTERED;
	arg.src.handle = s->from.handle;
	arg.src.addr = offset;
	arg.dst.kind = DMABENCH_BUF_REGISTERED;
	arg.dst.handle = s->to.handle;
	arg.dst.addr = offset;
	return arg;
}

/* Huge pages that follow each other are one piece to the engine, so only the limit cuts it. */
static void longer_copies_are_cut(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg;
	struct sides s;

	skip_unless_played(bench);
	sides_open(bench, &s, 31);
	arg = copy_at(&s, 0, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	print_message("# %llu descriptors\n", (unsigned long long)arg.descriptors);
	assert_true(arg.descriptors >= 2);
	assert_memory_equal(s.dst, s.src, LEN);
	sides_close(bench, &s);
}

/*
 * A rest that no descriptor may have: one before it is shorter then. It lies in the middle of a huge
 * page, as a page that doesn't follow another is cut there whatever else.
 */
static void no_rest_is_too_short(void **state)
{
	static const size_t rest[] = { 1, SHORTEST / 2, SHORTEST - 1, SHORTEST };
	const struct bench *bench = *state;
	struct sides s;

	skip_unless_played(bench);
	sides_open(bench, &s, 37);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		struct dmabench_copy arg = copy_at(&s, 1 << 20, LONGEST + rest[i]);

		memset(s.dst, 0, LEN);
		assert_int_equal(copy(bench, &arg), 0);
		assert_memory_equal(s.dst + arg.dst.addr, s.src + arg.src.addr, arg.len);
		assert_int_equal(s.dst[arg.dst.addr + arg.len], 0);
	}
	sides_close(bench, &s);
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
