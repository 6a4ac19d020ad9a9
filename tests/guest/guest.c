/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests that run inside the guest share; see guest.h. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

/* For those who want one test of a program: its name, with * for any letters. */
__attribute__((constructor)) static void choose_tests(void)
{
	const char *only = getenv("DMABENCH_TEST_ONLY");

	if (only)
		cmocka_set_test_filter(only);
}

int request(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

int find_engine(int fd, struct dmabench_engine_info *info)
{
	const char *driver = getenv("DMABENCH_TEST_ENGINE_DRIVER");
	uint32_t index;

	for (index = 0;; index++) {
		int err;

		memset(info, 0, sizeof(*info));
		info->index = index;
		err = request(fd, DMABENCH_IOC_ENGINE_INFO, info);
		if (err || !driver || !strcmp(info->driver, driver))
			return err;
	}
}

int open_engine(int fd, const char *name, uint32_t *handle)
{
	struct dmabench_engine_open arg = { .flags = 0 };
	int err;

	snprintf(arg.name, sizeof(arg.name), "%s", name);
	err = request(fd, DMABENCH_IOC_ENGINE_OPEN, &arg);
	*handle = arg.engine;
	return err;
}

int bench_setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		return -1;
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (bench->fd < 0 || find_engine(bench->fd, &bench->info) ||
	    open_engine(bench->fd, bench->info.name, &bench->engine)) {
		perror("no session with the engine");
		free(bench);
		return -1;
	}
	*state = bench;
	return 0;
}

int bench_teardown(void **state)
{
	struct bench *bench = *state;

	close(bench->fd);
	free(bench);
	return 0;
}

bool on_sim(const struct bench *bench)
{
	/* By its device: its driver may go by another name. */
	return !strcmp(bench->info.device, "dmabench_sim");
}

void skip_unless_sim(const struct bench *bench)
{
	if (!on_sim(bench))
		skip();
}

static bool on_edu(const struct bench *bench)
{
	return !strcmp(bench->info.driver, "dmabench_edu");
}

bool fast(const struct bench *bench)
{
	return !on_edu(bench);
}

void skip_if_instant(const struct bench *bench)
{
	if (!on_sim(bench) && !on_edu(bench))
		skip();
}

size_t fit(const struct bench *bench, size_t n)
{
	size_t align = bench->info.align;

	return (n + align - 1) / align * align;
}

int create(const struct bench *bench, uint32_t kind, void *addr, uint64_t size,
	   struct dmabench_buffer *buffer)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->engine = bench->engine;
	buffer->kind = kind;
	buffer->flags = BOTH;
	buffer->node = -1;
	buffer->addr = (uintptr_t)addr;
	buffer->size = size;
	return request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, buffer);
}

int destroy(int fd, uint32_t handle)
{
	struct dmabench_destroy arg = { .handle = handle };

	return request(fd, DMABENCH_IOC_BUFFER_DESTROY, &arg);
}

int copy(const struct bench *bench, struct dmabench_copy *arg)
{
	arg->engine = bench->engine;
	return request(bench->fd, DMABENCH_IOC_COPY, arg);
}

struct dmabench_copy user_copy(void *dst, const void *src, uint64_t len)
{
	struct dmabench_copy arg = { .len = len };

	arg.src.kind = DMABENCH_BUF_USER;
	arg.src.addr = (uintptr_t)src;
	arg.dst.kind = DMABENCH_BUF_USER;
	arg.dst.addr = (uintptr_t)dst;
	return arg;
}

static size_t round_up(size_t size)
{
	return (size + PAGE - 1) & ~(PAGE - 1);
}

char *pages(size_t size)
{
	char *all = mmap(NULL, round_up(size) + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);

	assert_ptr_not_equal(all, MAP_FAILED);
	assert_int_equal(mprotect(all + PAGE, round_up(size), PROT_READ | PROT_WRITE), 0);
	return all + PAGE;
}

void pages_free(char *memory, size_t size)
{
	assert_int_equal(munmap(memory - PAGE, round_up(size) + 2 * PAGE), 0);
}

/* No two places within 64 KiB look alike over four bytes, so a shift shows. */
void pattern(char *to, size_t size, unsigned int seed)
{
	uint32_t x = seed * 2654435761u + 12345;
	size_t i;

	for (i = 0; i < size; i++) {
		x = x * 1664525u + 1013904223u;
		to[i] = (char)(x >> 24);
	}
}

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
static long pins_now(void)
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

long locked_kib(void)
{
	return file_field("/proc/self/status", "VmPin:");
}

long kernel_warnings(void)
{
	static const char count[] = "/sys/kernel/warn_count";

	return access(count, F_OK) ? 0 : file_field(count, "");
}

void end_make(const struct bench *bench, struct end *end, uint32_t kind, size_t span)
{
	struct dmabench_buffer buffer;

	memset(end, 0, sizeof(*end));
	end->kind = kind;
	end->span = span;
	if (kind == DMABENCH_BUF_USER || kind == DMABENCH_BUF_REGISTERED)
		end->memory = pages(span);
	if (kind == DMABENCH_BUF_USER)
		return;
	assert_int_equal(create(bench, kind, end->memory, span, &buffer), 0);
	end->handle = buffer.handle;
	end->offset = buffer.mmap_offset;
	if (kind == DMABENCH_BUF_COHERENT) {
		end->memory = mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_SHARED, bench->fd,
				   (off_t)end->offset);
		assert_ptr_not_equal(end->memory, MAP_FAILED);
	}
}

void end_drop(const struct bench *bench, struct end *end)
{
	if (end->kind == DMABENCH_BUF_COHERENT)
		assert_int_equal(munmap(end->memory, end->span), 0);
	if (end->kind != DMABENCH_BUF_USER)
		assert_int_equal(destroy(bench->fd, end->handle), 0);
	if (end->kind == DMABENCH_BUF_USER || end->kind == DMABENCH_BUF_REGISTERED)
		pages_free(end->memory, end->span);
}

void end_fill(const struct bench *bench, struct end *end, const char *from)
{
	if (end->memory)
		memcpy(end->memory, from, end->span);
	else
		assert_int_equal(pwrite(bench->fd, from, end->span, (off_t)end->offset), end->span);
}

void end_look(const struct bench *bench, const struct end *end, char *to)
{
	if (end->memory)
		memcpy(to, end->memory, end->span);
	else
		assert_int_equal(pread(bench->fd, to, end->span, (off_t)end->offset), end->span);
}

struct dmabench_side end_side(const struct end *end, uint64_t offset)
{
	struct dmabench_side side = { .kind = end->kind, .handle = end->handle, .addr = offset };

	if (end->kind == DMABENCH_BUF_USER)
		side.addr += (uintptr_t)end->memory;
	return side;
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

void bench_open(struct bench *bench)
{
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
}

unsigned long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long)ts.tv_sec * 1000000000UL + (unsigned long)ts.tv_nsec;
}

void *do_job(void *param)
{
	struct job *job = param;

	job->err = copy(job->bench, &job->arg);
	return NULL;
}

void copies_right(const struct bench *bench, void *dst, const void *src, uint64_t len)
{
	struct dmabench_copy arg = user_copy(dst, src, len);

	memset(dst, 0, len);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(dst, src, len);
}
