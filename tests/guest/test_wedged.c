/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An engine whose interrupt is lost, and whose driver says of terminating it that it has, though it
 * doesn't tell the hardware: the kernel's zynqmp_dma. Whether it still writes can't be known. So the
 * copy ends in time with an error, its memory and the channel are locked away, and the other channels
 * work. Neither module can be unloaded afterwards: this has a guest to itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define LEN (2 * PAGE)

#include "sides.h"

/* The interrupt controller of the Versal board, and where interrupts can be let through or not. */
#define GIC 0xf9000000
#define GIC_ENABLE 0x100
#define GIC_DISABLE 0x180

static volatile uint32_t *gic;

/*
 * Its interrupt goes to the first CPU. What was left of the lost one is told again when the
 * channel next starts, and there it can't come between that and the copy.
 */
static void stay_on_first_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* Needs iomem=relaxed. */
static void map_gic(void)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);

	gic = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, GIC);
	assert_ptr_not_equal(gic, MAP_FAILED);
	close(fd);
}

/* The number at the controller of the first engine's interrupt: /proc/interrupts has it. */
static unsigned int interrupt(void)
{
	FILE *f =
		popen("grep -m 1 zynqmp-dma /proc/interrupts | sed 's/.*GICv3 *//; s/ .*//'", "r");
	unsigned int number = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%u", &number), 1);
	pclose(f);
	assert_true(number >= 32);
	return number;
}

static void let_through(unsigned int number, bool on)
{
	gic[((on ? GIC_ENABLE : GIC_DISABLE) + number / 32 * 4) / 4] = 1U << number % 32;
}

static void open_other(const struct bench *bench, struct bench *other)
{
	*other = *bench;
	other->info.index++;
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &other->info), 0);
	assert_string_not_equal(other->info.name, bench->info.name);
	assert_int_equal(open_engine(other->fd, other->info.name, &other->engine), 0);
}

static int timed(const struct bench *bench, uint32_t flags)
{
	struct dmabench_copy arg = user_copy(dst, src, LEN);

	arg.timeout_ms = 100;
	arg.flags = flags;
	return copy(bench, &arg);
}

static void lost_interrupt(void **state)
{
	struct bench *bench = *state, other;
	unsigned int number;
	long before = pins();

	if (strcmp(bench->info.driver, "xilinx-zynqmp-dma"))
		skip();
	stay_on_first_cpu();
	map_gic();
	number = interrupt();
	copies_right(bench, dst, src, LEN);
	let_through(number, false);
	assert_int_equal(timed(bench, 0), ETIMEDOUT);
	assert_int_equal(timed(bench, 0), ENODEV);
	assert_int_equal(timed(bench, DMABENCH_COPY_POLL), ENODEV);
	let_through(number, true);
	/* Two pages of each side. */
	assert_int_equal(pins(), before + 4);
	open_other(bench, &other);
	copies_right(&other, dst, src, LEN);
	close(bench->fd);
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lost_interrupt, bench_setup, bench_teardown),
	};

	return cmocka_run_group_tests_name("wedged", tests, sides_make, NULL);
}
