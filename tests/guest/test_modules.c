/* SPDX-License-Identifier: GPL-2.0-only */
/* The module stays as long as something of it is in use, then goes, and can come back. */
#include <errno.h>
#include <fcntl.h>
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

static void come_back(void)
{
	int fd = open("/lib/modules/dmabench.ko", O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(syscall(SYS_finit_module, fd, "", 0), 0);
	close(fd);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(module_can_be_reloaded),
		cmocka_unit_test(mapping_keeps_the_modules),
	};

	return cmocka_run_group_tests_name("modules", tests, NULL, NULL);
}
