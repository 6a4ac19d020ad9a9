/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts that mean nothing: the edu device raises them when its register is written to. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define LEN (2 * PAGE)

#include "sides.h"

#define RAISE (0x60 / 4)
#define OF_A_TRANSFER 0x100
#define OF_NOTHING 0x1

static volatile uint32_t *registers(const struct bench *bench)
{
	char path[128];
	void *mapped;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0", bench->info.device);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	return mapped;
}

static void skip_unless_edu(const struct bench *bench)
{
	if (strcmp(bench->info.driver, "dmabench_edu"))
		skip();
}

static void interrupt_of_an_idle_engine(void **state)
{
	const struct bench *bench = *state;
	volatile uint32_t *regs;
	int i;

	skip_unless_edu(bench);
	regs = registers(bench);
	for (i = 0; i < 20; i++)
		regs[RAISE] = i % 2 ? OF_A_TRANSFER : OF_NOTHING;
	copies_right(bench, dst, src, LEN);
	munmap((void *)regs, PAGE);
}

/* One that says that the transfer is done, while it isn't. */
static void interrupt_before_the_end_of_a_transfer(void **state)
{
	const struct bench *bench = *state;
	struct job job = { .bench = bench, .arg = user_copy(dst, src, LEN) };
	volatile uint32_t *regs;
	pthread_t thread;
	int i;

	skip_unless_edu(bench);
	regs = registers(bench);
	memset(dst, 0, LEN);
	assert_int_equal(pthread_create(&thread, NULL, do_job, &job), 0);
	for (i = 0; i < 20; i++) {
		usleep(30000);
		regs[RAISE] = OF_A_TRANSFER;
	}
	pthread_join(thread, NULL);
	assert_int_equal(job.err, 0);
	assert_memory_equal(dst, src, LEN);
	munmap((void *)regs, PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupt_of_an_idle_engine),
		cmocka_unit_test(interrupt_before_the_end_of_a_transfer),
	};

	return cmocka_run_group_tests_name("interrupts", tests, sides_setup, bench_teardown);
}
