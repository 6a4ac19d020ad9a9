/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver's table knows of providers is in force without any parameter, is listed with who
 * said it, and gives way to what a provider declares or who loads the module says; but not beyond
 * what is never exceeded. Needs a simulator that can go by their names (SIM_DISGUISE=1). What
 * stands here is written anew from docs/engines.md.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

#define LEN (8 * PAGE)

#include "sides.h"

#define DEFAULT_LEN 65536
#define SIM "/lib/modules/dmabench_sim.ko"
/* What all rows together may say. */
#define WORDS                                                                           \
	(DMABENCH_ENGINE_KNOWN | DMABENCH_ENGINE_SERIAL | DMABENCH_ENGINE_QUEUED |      \
	 DMABENCH_ENGINE_SILENT | DMABENCH_ENGINE_HANGS | DMABENCH_ENGINE_PREP_SLEEPS | \
	 DMABENCH_ENGINE_PREP_LOCKS)

enum {
	SERIAL = DMABENCH_ENGINE_SERIAL,
	QUEUED = DMABENCH_ENGINE_QUEUED,
	SILENT = DMABENCH_ENGINE_SILENT,
	HANGS = DMABENCH_ENGINE_HANGS,
	SLEEPS = DMABENCH_ENGINE_PREP_SLEEPS,
	LOCKS = DMABENCH_ENGINE_PREP_LOCKS,
};

static const struct row {
	const char *name;
	unsigned long align, min_len, max_len, room; /* 0: no word of it */
	uint32_t words;
	bool runs_on;
	bool no_result;
} rows[] = {
	{ "idxd", 0, 0, 2097152, 16, QUEUED | SLEEPS, false, false },
	{ "ioatdma", 0, 0, 1048576, 0, QUEUED | LOCKS, false, false },
	{ "plx_dma", 0, 0, 134217727, 0, QUEUED | LOCKS, false, false },
	{ "ptdma", 0, 0, 1048576, 0, SERIAL | SILENT, true, false },
	{ "ae4dma", 4, 0, 1048576, 0, SILENT | SLEEPS, true, false },
	{ "hisi_dma", 0, 0, 1048576, 0, SERIAL | HANGS, true, false },
	{ "mv_xor", 0, 128, 16777215, 0, QUEUED | HANGS, false, false },
	{ "bcm2835-dma", 4, 0, 0, 0, SERIAL | SILENT, false, false },
	{ "dw_axi_dmac_platform", 0, 0, 0, 0, SERIAL | SILENT, false, false },
	{ "dma-pl330", 0, 0, 0, 0, SERIAL | SILENT, false, true },
	{ "sf-pdma", 0, 0, 0, 1, SERIAL | SILENT | HANGS, true, false },
	{ "xilinx-zynqmp-dma", 0, 0, 1073741824, 0, QUEUED | SILENT | HANGS, true, false },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void unload(const char *module)
{
	assert_int_equal(syscall(SYS_delete_module, module, O_NONBLOCK), 0);
}

static int load_sim(const char *params)
{
	int fd = open(SIM, O_RDONLY), err;

	assert_true(fd >= 0);
	err = syscall(SYS_finit_module, fd, params, 0) ? errno : 0;
	close(fd);
	return err;
}

/* The simulator by that name, with its parameters, and dmabench with others. */
static struct bench play(const char *name, const char *sim, const char *params)
{
	struct bench bench;
	char text[160];

	unload("dmabench");
	unload("dmabench_sim");
	snprintf(text, sizeof(text), "driver=%s %s", name, sim);
	assert_int_equal(load_sim(text), 0);
	assert_int_equal(load_driver(params), 0);
	setenv("DMABENCH_TEST_ENGINE_DRIVER", name, 1);
	bench_open(&bench);
	return bench;
}

static struct bench play_silent(const char *name, const char *params)
{
	return play(name, "max_len=0", params);
}

static int setup(void **state)
{
	sides_make(state);
	/* Not every build can go by other names. */
	unload("dmabench");
	unload("dmabench_sim");
	return load_sim("") || load_driver("");
}

static int teardown(void **state)
{
	(void)state;
	setenv("DMABENCH_TEST_ENGINE_DRIVER", "dmabench_sim", 1);
	unload("dmabench");
	unload("dmabench_sim");
	pages_free(src, LEN);
	pages_free(dst, LEN);
	return load_sim("") || load_driver("");
}

static void is_listed(const struct dmabench_engine_info *info, const struct row *row)
{
	unsigned long align = row->align ? row->align : 1;
	unsigned long len = row->max_len ? row->max_len : DEFAULT_LEN;

	print_message("# %s\n", row->name);
	assert_int_equal(info->align, align);
	assert_int_equal(info->align_by, row->align ? DMABENCH_BY_TABLE : DMABENCH_BY_DEFAULT);
	assert_int_equal(info->max_len, len / align * align);
	assert_int_equal(info->max_len_by, row->max_len ? DMABENCH_BY_TABLE : DMABENCH_BY_DEFAULT);
	assert_int_equal(info->min_len, row->min_len);
	assert_int_equal(info->min_len_by, row->min_len ? DMABENCH_BY_TABLE : DMABENCH_BY_NOBODY);
	assert_int_equal(info->room, row->room);
	assert_int_equal(info->room_by, row->room ? DMABENCH_BY_TABLE : DMABENCH_BY_NOBODY);
	assert_int_equal(info->flags & WORDS, row->words | DMABENCH_ENGINE_KNOWN);
	assert_int_equal(!(info->flags & DMABENCH_ENGINE_TERMINATE), row->runs_on);
}

static void copies_within(const struct bench *bench, const struct row *row)
{
	struct dmabench_copy odd = user_copy(dst, src, LEN - 1);
	struct dmabench_copy tiny = user_copy(dst, src, 64);

	copies_right(bench, dst, src, LEN);
	assert_int_equal(copy(bench, &odd), row->align > 1 ? EINVAL : 0);
	assert_int_equal(copy(bench, &tiny), row->min_len > 64 ? EINVAL : 0);
}

/* Callbacks with a result are left in descriptors that another client gets. */
static void wants_results(const struct row *row)
{
	long wanted = file_field("/sys/module/dmabench_sim/parameters/results", "");

	assert_true(row->no_result ? wanted == 0 : wanted > 0);
}

/* Nobody says anything of a parameter, and the provider nothing of its limits. */
static void each_row_is_in_force(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ROWS; i++) {
		struct bench bench = play_silent(rows[i].name, "");

		is_listed(&bench.info, &rows[i]);
		copies_within(&bench, &rows[i]);
		wants_results(&rows[i]);
		close(bench.fd);
	}
}

static void unknown_provider_has_the_defaults(void **state)
{
	static const struct row row = { .name = "somebody" };
	struct bench bench = play_silent("somebody", "");

	(void)state;
	assert_int_equal(bench.info.align_by, DMABENCH_BY_DEFAULT);
	assert_int_equal(bench.info.max_len, DEFAULT_LEN);
	assert_int_equal(bench.info.max_len_by, DMABENCH_BY_DEFAULT);
	assert_int_equal(bench.info.flags & WORDS, 0);
	copies_within(&bench, &row);
	close(bench.fd);
}

static void max_len_is(const char *name, const char *sim, const char *params, uint64_t len,
		       unsigned int by)
{
	struct bench bench = play(name, sim, params);

	print_message("# %s %s %s\n", name, sim, params);
	assert_int_equal(bench.info.max_len, len);
	assert_int_equal(bench.info.max_len_by, by);
	copies_right(&bench, dst, src, LEN);
	close(bench.fd);
}

static void who_knows_better_can_say_so(void **state)
{
	(void)state;
	max_len_is("idxd", "max_len=0", "max_len=idxd/4096", 4096, DMABENCH_BY_PARAMETER);
	max_len_is("idxd", "max_len=0", "max_len=idxd/8388608", 8388608, DMABENCH_BY_PARAMETER);
	max_len_is("idxd", "max_len=8192", "", 8192, DMABENCH_BY_PROVIDER);
	max_len_is("idxd", "max_len=8192", "max_len=idxd/16384", 8192, DMABENCH_BY_PROVIDER);
	max_len_is("somebody", "max_len=0", "max_len=somebody/131072", 131072,
		   DMABENCH_BY_PARAMETER);
}

static void nothing_goes_beyond_what_is_never_exceeded(void **state)
{
	(void)state;
	max_len_is("mv_xor", "max_len=0", "max_len=mv_xor/33554432", 16777215, DMABENCH_BY_TABLE);
	max_len_is("mv_xor", "max_len=33554432", "", 16777215, DMABENCH_BY_TABLE);
	max_len_is("plx_dma", "max_len=0", "max_len=plx_dma/268435456", 134217727,
		   DMABENCH_BY_TABLE);
}

static void align_is(const char *name, const char *sim, const char *params, uint32_t align,
		     unsigned int by)
{
	struct bench bench = play(name, sim, params);

	assert_int_equal(bench.info.align, align);
	assert_int_equal(bench.info.align_by, by);
	copies_right(&bench, dst, src, LEN);
	close(bench.fd);
}

static void largest_alignment_counts(void **state)
{
	(void)state;
	align_is("ae4dma", "align=0", "align=ae4dma/2", 4, DMABENCH_BY_TABLE);
	align_is("ae4dma", "align=0", "align=ae4dma/64", 64, DMABENCH_BY_PARAMETER);
	align_is("ae4dma", "align=3", "", 8, DMABENCH_BY_PROVIDER);
}

static void room_can_be_said_too(void **state)
{
	struct bench bench = play_silent("idxd", "room=idxd/4");

	(void)state;
	assert_int_equal(bench.info.room, 4);
	assert_int_equal(bench.info.room_by, DMABENCH_BY_PARAMETER);
	close(bench.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_in_force),
		cmocka_unit_test(unknown_provider_has_the_defaults),
		cmocka_unit_test(who_knows_better_can_say_so),
		cmocka_unit_test(nothing_goes_beyond_what_is_never_exceeded),
		cmocka_unit_test(largest_alignment_counts),
		cmocka_unit_test(room_can_be_said_too),
	};

	/* Another build of the simulator, in the guests that run all programs. */
	if (access("/sys/module/dmabench_sim/parameters/driver", F_OK)) {
		printf("1..1\nok 1 - known # SKIP the simulator has but one name here\n");
		return 0;
	}
	return cmocka_run_group_tests_name("known", tests, setup, teardown);
}
