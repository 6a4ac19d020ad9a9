/* SPDX-License-Identifier: GPL-2.0-only */
/* Sessions, requests and memory for them; see guest.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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

struct bench another_session(const struct bench *bench)
{
	struct bench other = *bench;

	other.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(open_engine(other.fd, bench->info.name, &other.engine), 0);
	return other;
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
	return !on_edu(bench) && strcmp(bench->info.driver, "dma-pl330");
}

void skip_without(const char *path)
{
	if (access(path, F_OK))
		skip();
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

void bench_open(struct bench *bench)
{
	bench->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	assert_int_equal(find_engine(bench->fd, &bench->info), 0);
	assert_int_equal(open_engine(bench->fd, bench->info.name, &bench->engine), 0);
}

uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void *do_job(void *param)
{
	struct job *job = param;

	job->err = copy(job->bench, &job->arg);
	return NULL;
}

pid_t copy_in_child(const struct bench *bench, void *dst, const void *src, uint64_t len)
{
	pid_t pid = fork();

	if (!pid) {
		struct dmabench_copy arg = user_copy(dst, src, len);

		copy(bench, &arg);
		_exit(0);
	}
	return pid;
}

pid_t child_that_did(void (*that)(void *arg), void *arg)
{
	int ends[2];
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		that(arg);
		if (write(ends[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

void copies_right(const struct bench *bench, void *dst, const void *src, uint64_t len)
{
	struct dmabench_copy arg = user_copy(dst, src, len);

	memset(dst, 0, len);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(dst, src, len);
}
