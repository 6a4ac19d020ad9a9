/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * On PCI, each device has 64 KiB as its longest segment from the start: that is nobody's word, and
 * who knows better can say so. edu is a PCI device; its driver says what it is told to.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define BUS_MAX_LEN 65536
#define SAID_BY_EDU 4096

static void skip_unless_edu(const struct bench *bench)
{
	if (strcmp(bench->info.driver, "dmabench_edu"))
		skip();
}

/* With the provider saying max_len (0: nothing), and the module being told params. */
static uint64_t listed_with(struct bench *bench, const char *max_len, const char *params)
{
	close(bench->fd);
	unload_driver();
	bind_device(&bench->info, "unbind");
	assert_int_equal(put_parameter("dmabench_edu", "max_len", max_len), 0);
	bind_device(&bench->info, "bind");
	assert_int_equal(load_driver(params), 0);
	bench_open(bench);
	return bench->info.max_len;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	if (!strcmp(bench->info.driver, "dmabench_edu"))
		assert_int_equal(listed_with(bench, "4096", ""), SAID_BY_EDU);
	return bench_teardown(state);
}

/* What the bus gave it is the default, and no more than that. */
static void told_length_counts_where_nobody_says_any(void **state)
{
	struct bench *bench = *state;

	skip_unless_edu(bench);
	assert_int_equal(listed_with(bench, "0", ""), BUS_MAX_LEN);
	assert_int_equal(listed_with(bench, "0", "max_len=dmabench_edu/131072"), 131072);
	assert_int_equal(listed_with(bench, "0", "max_len=dmabench_edu/8192"), 8192);
}

/* A provider that says something else is believed. */
static void said_length_is_never_exceeded(void **state)
{
	struct bench *bench = *state;

	skip_unless_edu(bench);
	assert_int_equal(listed_with(bench, "4096", "max_len=dmabench_edu/131072"), 4096);
	assert_int_equal(listed_with(bench, "32768", "max_len=dmabench_edu/131072"), 32768);
}

/* As long as it was told, a descriptor's bytes are right. */
static void longer_descriptors_are_right(void **state)
{
	struct bench *bench = *state;
	struct dmabench_copy arg = { .len = 2 * SAID_BY_EDU };
	struct end src, dst;

	skip_unless_edu(bench);
	assert_int_equal(listed_with(bench, "0", "max_len=dmabench_edu/131072"), 131072);
	end_make(bench, &src, DMABENCH_BUF_COHERENT, arg.len);
	end_make(bench, &dst, DMABENCH_BUF_COHERENT, arg.len);
	pattern(src.memory, arg.len, 41);
	memset(dst.memory, 0, arg.len);
	arg.src = end_side(&src, 0);
	arg.dst = end_side(&dst, 0);
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(arg.descriptors, 1);
	assert_memory_equal(dst.memory, src.memory, arg.len);
	end_drop(bench, &src);
	end_drop(bench, &dst);
}

#define PCI(name) cmocka_unit_test_setup_teardown(name, bench_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PCI(told_length_counts_where_nobody_says_any),
		PCI(said_length_is_never_exceeded),
		PCI(longer_descriptors_are_right),
	};

	return cmocka_run_group_tests_name("pci_len", tests, NULL, NULL);
}
