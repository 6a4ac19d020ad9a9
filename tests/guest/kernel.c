/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says, and what it is told: counters, modules and their parameters; see guest.h. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

long file_field(const char *file, const char *name)
{
	FILE *f = fopen(file, "r");
	size_t len = strlen(name);
	char line[256];
	long value = -1;

	assert_non_null(f);
	while (value < 0 && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, len))
			value = strtol(line + len, NULL, 10);
	}
	fclose(f);
	return value;
}

/* The counters of each CPU must be gathered first. */
long pins_now(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "1", 1), 1);
	close(fd);
	return file_field("/proc/vmstat", "nr_foll_pin_acquired ") -
	       file_field("/proc/vmstat", "nr_foll_pin_released ");
}

/*
 * What a program says goes to the host by a file system that, in newer kernels, pins the page
 * it is in, and lets go a moment after the write: the least of several looks is the tests' own.
 */
long pins(void)
{
	long least = pins_now();
	int looks;

	for (looks = 0; least && looks < 5; looks++) {
		long count;

		usleep(2000);
		count = pins_now();
		if (count < least)
			least = count;
	}
	return least;
}

/* Not by what is charged, which is before a page is pinned. */
void wait_for_pins(long wanted)
{
	int tries;

	for (tries = 0; pins_now() < wanted && tries < 5000; tries++)
		usleep(1000);
}

long locked_kib(void)
{
	return file_field("/proc/self/status", "VmPin:");
}

long kernel_warnings(void)
{
	static const char count[] = "/sys/kernel/warn_count";

	return access(count, F_OK) ? 0 : file_field(count, "");
}

void put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Returns 0 or the errno. */
int put_parameter(const char *module, const char *name, const char *text)
{
	char path[128];
	ssize_t written;
	int fd, err;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module, name);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	written = write(fd, text, strlen(text));
	err = written < 0 ? errno : 0;
	close(fd);
	return err;
}

void sim_set(const char *parameter, unsigned long value)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), "/sys/module/dmabench_sim/parameters/%s", parameter);
	snprintf(text, sizeof(text), "%lu", value);
	put_file(path, text);
}

void sim_fault(const char *what, unsigned long nth, unsigned long count, int channel)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", channel);
	put_file("/sys/module/dmabench_sim/parameters/fault_chan", text);
	sim_set("fault_nth", nth);
	sim_set("fault_count", count);
	put_file("/sys/module/dmabench_sim/parameters/fault", what);
}

void sim_fault_off(void)
{
	sim_fault("none", 1, 1, -1);
}

/* Whatever the bus of its provider is. */
void bind_device(const struct dmabench_engine_info *info, const char *what)
{
	char path[128];
	glob_t found;

	snprintf(path, sizeof(path), "/sys/bus/*/drivers/%s/%s", info->driver, what);
	assert_int_equal(glob(path, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	put_file(found.gl_pathv[0], info->device);
	globfree(&found);
}

int load_driver(const char *params)
{
	int fd = open("/lib/modules/dmabench.ko", O_RDONLY);
	int err;

	assert_true(fd >= 0);
	err = syscall(SYS_finit_module, fd, params, 0) ? errno : 0;
	close(fd);
	return err;
}

void unload_driver(void)
{
	assert_int_equal(syscall(SYS_delete_module, "dmabench", O_NONBLOCK), 0);
}
