/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long a descriptor may be can be told of a provider that doesn't say it; one that does
 * is believed. The module is loaded anew with each list of values.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define LEN (1UL << 20)
#define LONG (4UL << 20) /* of kernel memory: two blocks at least */
#define DEFAULT_MAX_LEN 65536
#define TOLD_MAX_LEN 262144
#define VIOLATIONS "/sys/module/dmabench_sim/parameters/violations"
#define SAID_BY_SIM (4UL << 20)

static char source[LONG], poison[LONG], seen[LONG];

/* With the simulator saying max_len (0: nothing), and the module being told params. */
static void become(struct bench *bench, unsigned long max_len, const char *params)
{
	close(bench->fd);
	unload_driver();
	bind_device(&bench->info, "unbind");
	sim_set("max_len", max_len);
	bind_device(&bench->info, "bind");
	assert_int_equal(load_driver(params), 0);
	bench_open(bench);
}

static int teardown(void **state)
{
	if (on_sim(*state))
		become(*state, SAID_BY_SIM, "");
	return bench_teardown(state);
}

/* Copy all between two buffers of a kind; returns what the driver answered. */
static struct dmabench_copy copied_between(const struct bench *bench, uint32_t kind, size_t len)
{
	struct dmabench_copy arg = { .len = len };
	struct end src, dst;

	end_make(bench, &src, kind, len);
	end_make(bench, &dst, kind, len);
	arg.src = end_side(&src, 0);
	arg.dst = end_side(&dst, 0);
	end_fill(bench, &src, source);
	end_fill(bench, &dst, poison);
	assert_int_equal(copy(bench, &arg), 0);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, source, len);
	end_drop(bench, &src);
	end_drop(bench, &dst);
	return arg;
}

/* Coherent memory is one piece, so the number of descriptors is known. */
static void takes_descriptors(const struct bench *bench, unsigned int descriptors)
{
	struct dmabench_copy arg = copied_between(bench, DMABENCH_BUF_COHERENT, LEN);

	assert_int_equal(arg.descriptors, descriptors);
	assert_int_equal(file_field(VIOLATIONS, ""), 0);
}

/* Segments that were mapped side by side, each as long as the DMA API's default. */
static void segments_are_joined(const struct bench *bench)
{
	struct dmabench_copy arg = copied_between(bench, DMABENCH_BUF_KERNEL, LONG);

	assert_true(arg.sg_src_mapped >= LONG / DEFAULT_MAX_LEN);
	assert_true(arg.descriptors < arg.sg_src_mapped);
}

/* Of up to 2 MiB, wherever there is one: one segment, but as many descriptors as the engine needs. */
static void a_block_is_one_segment(void **state)
{
	struct bench *bench = *state;
	struct dmabench_copy arg;
	int tries = 0;

	skip_unless_sim(bench);
	become(bench, 0, "");
	do {
		arg = copied_between(bench, DMABENCH_BUF_KERNEL, LEN);
	} while ((arg.sg_src_pinned > 1 || arg.sg_dst_pinned > 1) && ++tries < 20);
	assert_int_equal(arg.sg_src_pinned, 1);
	assert_int_equal(arg.sg_src_mapped, 1);
	assert_int_equal(arg.sg_dst_mapped, 1);
	assert_int_equal(arg.descriptors, LEN / DEFAULT_MAX_LEN);
	assert_int_equal(file_field(VIOLATIONS, ""), 0);
}

static void undeclared_length_is_the_default(void **state)
{
	struct bench *bench = *state;

	skip_unless_sim(bench);
	become(bench, 0, "max_len=nosuch/262144");
	assert_int_equal(bench->info.max_len, DEFAULT_MAX_LEN);
	takes_descriptors(bench, LEN / DEFAULT_MAX_LEN);
}

static void undeclared_length_can_be_told(void **state)
{
	struct bench *bench = *state;

	skip_unless_sim(bench);
	become(bench, 0, "max_len=nosuch/4096,dmabench_sim/262144");
	assert_int_equal(bench->info.max_len, TOLD_MAX_LEN);
	takes_descriptors(bench, LEN / TOLD_MAX_LEN);
	segments_are_joined(bench);
}

/* Told twice, the shorter counts; and it is whole multiples of the alignment. */
static void shortest_told_length_counts(void **state)
{
	struct bench *bench = *state;

	skip_unless_sim(bench);
	become(bench, 0, "max_len=dmabench_sim/131100,dmabench_sim/262144 align=dmabench_sim/64");
	assert_int_equal(bench->info.max_len, 131072);
	takes_descriptors(bench, LEN / 131072);
}

static void declared_length_is_never_exceeded(void **state)
{
	struct bench *bench = *state;

	skip_unless_sim(bench);
	become(bench, 2 * PAGE, "max_len=dmabench_sim/262144");
	assert_int_equal(bench->info.max_len, 2 * PAGE);
	takes_descriptors(bench, LEN / (2 * PAGE));
	become(bench, 2 * PAGE, "max_len=dmabench_sim/4096");
	assert_int_equal(bench->info.max_len, PAGE);
	takes_descriptors(bench, LEN / PAGE);
}

/* The module doesn't load with what makes no sense. */
static void bad_values_are_refused(void **state)
{
	static const char *const bad[] = {
		"",	"x",	   "/4096",	"x/",	 "x/0",		"x/-1",		"x/4095",
		"x/4k", "x/4096,", "x/4096 ,y", "x/y/z", "x/268435457", "x/4294967296", "x/1e6"
	};
	char params[160], longest[DMABENCH_NAME_LEN + 1];
	struct bench *bench = *state;
	unsigned int i;

	close(bench->fd);
	unload_driver();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(params, sizeof(params), "max_len=\"%s\"", bad[i]);
		assert_int_equal(load_driver(params), EINVAL);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	snprintf(params, sizeof(params), "max_len=%s/4096", longest);
	assert_int_equal(load_driver(params), EINVAL);
	assert_int_equal(
		load_driver(
			"max_len=a/4096,a/4096,a/4096,a/4096,a/4096,a/4096,a/4096,a/4096,a/4096"),
		ENOSPC);
	assert_int_equal(load_driver("align=x/3"), EINVAL);
	assert_int_equal(load_driver("align=x/8192"), EINVAL);
	assert_int_equal(load_driver(""), 0);
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_true(bench->fd >= 0);
}

#define MAX_LEN(name) cmocka_unit_test_setup_teardown(name, bench_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MAX_LEN(undeclared_length_is_the_default),
		MAX_LEN(undeclared_length_can_be_told),
		MAX_LEN(a_block_is_one_segment),
		MAX_LEN(shortest_told_length_counts),
		MAX_LEN(declared_length_is_never_exceeded),
		MAX_LEN(bad_values_are_refused),
	};

	pattern(source, LONG, 1);
	pattern(poison, LONG, 2);
	return cmocka_run_group_tests_name("max_len", tests, NULL, NULL);
}
