/* SPDX-License-Identifier: GPL-2.0-only */
/* The module stays as long as something of it is in use, then goes, and can come back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

static bool can_go(const char *module)
{
	if (!syscall(SYS_delete_module, module, O_NONBLOCK))
		return true;
	assert_int_equal(errno, EWOULDBLOCK);
	return false;
}

/* 0 or the errno. */
static int load(const char *parameters)
{
	int fd = open("/lib/modules/dmabench.ko", O_RDONLY), err;

	assert_true(fd >= 0);
	err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	close(fd);
	return err;
}

static void come_back(void)
{
	assert_int_equal(load(""), 0);
}

/* Loaded ten times, with a session that leaves an engine and a buffer to its end each time. */
static void module_can_be_reloaded(void **state)
{
	void *bench;
	int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		struct dmabench_buffer buffer;

		assert_int_equal(bench_setup(&bench), 0);
		assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, PAGE, &buffer), 0);
		assert_false(can_go("dmabench"));
		bench_teardown(&bench);
		assert_true(can_go("dmabench"));
		come_back();
	}
}

/* The file is closed, but its mapping is there: module and provider stay, and so do the bytes. */
static void mapping_keeps_the_modules(void **state)
{
	struct dmabench_engine_info info;
	struct dmabench_buffer buffer;
	struct bench *bench;
	char *memory;

	(void)state;
	assert_int_equal(bench_setup((void **)&bench), 0);
	info = bench->info;
	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, PAGE, &buffer), 0);
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, bench->fd,
		      (off_t)buffer.mmap_offset);
	assert_ptr_not_equal(memory, MAP_FAILED);
	bench_teardown((void **)&bench);
	assert_false(can_go("dmabench"));
	assert_false(can_go(info.driver));
	pattern(memory, PAGE, 1);
	munmap(memory, PAGE);
	assert_true(can_go("dmabench"));
	come_back();
	assert_int_equal(bench_setup((void **)&bench), 0);
	bench_teardown((void **)&bench);
}

#define ALIGN_FILE "/sys/module/dmabench/parameters/align"

/* What the module is told of an engine counts; what makes no sense keeps it out. */
static void alignment_is_told_when_loading(void **state)
{
	static const char *const wrong[] = {
		"x", "/4", "x/", "x/3", "x/0", "x/8192", "x/4,", "x/-4"
	};
	char text[512], seen[512] = "";
	struct bench *bench;
	size_t i;
	int fd;

	(void)state;
	assert_int_equal(bench_setup((void **)&bench), 0);
	bench_teardown((void **)&bench);
	assert_true(can_go("dmabench"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "align=%s", wrong[i]);
		assert_int_equal(load(text), EINVAL);
	}
	assert_int_equal(
		load("align=a/1,b/1,c/1,d/1,e/1,f/1,g/1,h/1,i/1,j/1,k/1,l/1,m/1,n/1,o/1,p/1,q/1"),
		ENOSPC);
	snprintf(text, sizeof(text), "align=x/4096,%s/64", bench->info.driver);
	assert_int_equal(load(text), 0);
	fd = open(ALIGN_FILE, O_RDONLY);
	assert_true(read(fd, seen, sizeof(seen) - 1) > 0);
	close(fd);
	assert_int_equal(strncmp(seen, text + strlen("align="), strlen(text + strlen("align="))),
			 0);
	assert_int_equal(bench_setup((void **)&bench), 0);
	assert_int_equal(bench->info.align, 64);
	bench_teardown((void **)&bench);
	assert_true(can_go("dmabench"));
	come_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(module_can_be_reloaded),
		cmocka_unit_test(mapping_keeps_the_modules),
		cmocka_unit_test(alignment_is_told_when_loading),
	};

	return cmocka_run_group_tests_name("modules", tests, NULL, NULL);
}
