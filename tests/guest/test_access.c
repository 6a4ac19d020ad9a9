/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may do what: the node, the open file's mode, a file that was passed on; no addresses. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define LEN (2 * PAGE)
#define NOBODY 12345

/* What a child of another user returns; it may assert nothing. */
static int as_nobody(const struct bench *bench, int (*check)(const struct bench *bench))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY)
			      ? 100
			      : check(bench));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int cant_open(const struct bench *bench)
{
	(void)bench;
	return open(DMABENCH_DEVICE, O_RDONLY) != -1 || errno != EACCES;
}

static void node_is_roots_alone(void **state)
{
	struct stat st;

	assert_int_equal(stat(DMABENCH_DEVICE, &st), 0);
	assert_int_equal(st.st_mode, S_IFCHR | 0600);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_gid, 0);
	assert_int_equal(as_nobody(*state, cant_open), 0);
}

/* With a file that was passed on: its own memory within its own limit, and no more. */
static int uses_passed_file(const struct bench *bench)
{
	struct rlimit limit = { .rlim_cur = 2 * LEN, .rlim_max = 2 * LEN };
	char *src = pages(LEN), *dst = pages(LEN), *more = pages(2 * LEN + 1);
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	struct dmabench_buffer buffer;

	pattern(src, LEN, 1);
	if (setrlimit(RLIMIT_MEMLOCK, &limit))
		return 1;
	if (copy(bench, &arg) || memcmp(dst, src, LEN))
		return 2;
	if (create(bench, DMABENCH_BUF_REGISTERED, more, 2 * LEN, &buffer) ||
	    destroy(bench->fd, buffer.handle))
		return 3;
	if (create(bench, DMABENCH_BUF_REGISTERED, more, 2 * LEN + 1, &buffer) != ENOMEM)
		return 4;
	if (mprotect(dst, LEN, PROT_READ) || copy(bench, &arg) != EFAULT)
		return 5;
	return 0;
}

static void file_can_be_passed_on(void **state)
{
	assert_int_equal(as_nobody(*state, uses_passed_file), 0);
}

static int mapping(int fd, uint64_t offset, int prot)
{
	void *memory = mmap(NULL, PAGE, prot, MAP_SHARED, fd, (off_t)offset);

	if (memory == MAP_FAILED)
		return errno;
	munmap(memory, PAGE);
	return 0;
}

static int reading(int fd, uint64_t offset)
{
	char byte;

	return pread(fd, &byte, 1, (off_t)offset) == 1 ? 0 : errno;
}

static int writing(int fd, uint64_t offset)
{
	return pwrite(fd, "", 1, (off_t)offset) == 1 ? 0 : errno;
}

/* Every request may be made; what the caller sees of a buffer goes by the mode. */
static void mode_counts_for_what_is_seen(void **state)
{
	static const struct {
		int mode, map_read, map_write, map_both, read, write;
	} rights[] = {
		{ O_RDONLY, 0, EACCES, EACCES, 0, EBADF },
		{ O_WRONLY, EACCES, EACCES, EACCES, EBADF, 0 },
		{ O_RDWR, 0, 0, 0, 0, 0 },
	};
	const struct bench *bench = *state;
	char *src = pages(LEN), *dst = pages(LEN);
	unsigned int i;

	pattern(src, LEN, 2);
	for (i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		struct dmabench_buffer coherent, kernel;
		struct bench other = *bench;

		other.fd = open(DMABENCH_DEVICE, rights[i].mode | O_CLOEXEC);
		assert_int_equal(open_engine(other.fd, bench->info.name, &other.engine), 0);
		copies_right(&other, dst, src, PAGE);
		assert_int_equal(create(&other, DMABENCH_BUF_COHERENT, NULL, PAGE, &coherent), 0);
		assert_int_equal(create(&other, DMABENCH_BUF_KERNEL, NULL, PAGE, &kernel), 0);
		assert_int_equal(mapping(other.fd, coherent.mmap_offset, PROT_READ),
				 rights[i].map_read);
		assert_int_equal(mapping(other.fd, coherent.mmap_offset, PROT_WRITE),
				 rights[i].map_write);
		assert_int_equal(mapping(other.fd, coherent.mmap_offset, PROT_READ | PROT_WRITE),
				 rights[i].map_both);
		assert_int_equal(reading(other.fd, kernel.mmap_offset), rights[i].read);
		assert_int_equal(writing(other.fd, kernel.mmap_offset), rights[i].write);
		close(other.fd);
	}
	pages_free(src, LEN);
	pages_free(dst, LEN);
}

static void no_address_in(const void *reply, size_t size)
{
	const uint64_t *words = reply;
	size_t i;

	/* All ones is the mask of an engine that reaches everything. */
	for (i = 0; i < size / sizeof(*words); i++)
		assert_true(words[i] < 0xffff000000000000ULL || words[i] == UINT64_MAX);
}

static void no_address_in_text(const char *path, const char *only)
{
	FILE *f = fopen(path, "r");
	char line[1024];
	regex_t address;

	assert_non_null(f);
	assert_int_equal(
		regcomp(&address, "ffff[0-9a-f]{12}", REG_EXTENDED | REG_ICASE | REG_NOSUB), 0);
	while (fgets(line, sizeof(line), f)) {
		if (strstr(line, only))
			assert_int_equal(regexec(&address, line, 0, NULL, 0), REG_NOMATCH);
	}
	regfree(&address);
	fclose(f);
}

static void no_kernel_address_is_shown(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(LEN), *dst = pages(LEN);
	struct dmabench_copy arg = user_copy(dst, src, LEN);
	struct dmabench_engine_info engine = { .index = 0 };
	struct dmabench_info info;
	uint32_t kind;
	glob_t found;
	size_t i;

	assert_int_equal(request(bench->fd, DMABENCH_IOC_INFO, &info), 0);
	no_address_in(&info, sizeof(info));
	assert_int_equal(request(bench->fd, DMABENCH_IOC_ENGINE_INFO, &engine), 0);
	no_address_in(&engine, sizeof(engine));
	for (kind = DMABENCH_BUF_REGISTERED; kind <= DMABENCH_BUF_KERNEL; kind++) {
		struct dmabench_buffer buffer;

		assert_int_equal(create(bench, kind, kind == DMABENCH_BUF_REGISTERED ? src : NULL,
					LEN, &buffer),
				 0);
		buffer.node = 0; /* -1 with what is before it would look like one */
		no_address_in(&buffer, sizeof(buffer));
		assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	}
	assert_int_equal(copy(bench, &arg), 0);
	no_address_in(&arg, sizeof(arg));
	assert_int_equal(glob("/sys/module/dmabench*/parameters/*", 0, NULL, &found), 0);
	for (i = 0; i < found.gl_pathc; i++)
		no_address_in_text(found.gl_pathv[i], "");
	globfree(&found);
	assert_int_equal(system("dmesg >/tmp/dmesg"), 0);
	no_address_in_text("/tmp/dmesg", "dmabench");
	pages_free(src, LEN);
	pages_free(dst, LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(node_is_roots_alone),
		cmocka_unit_test(file_can_be_passed_on),
		cmocka_unit_test(mode_counts_for_what_is_seen),
		cmocka_unit_test(no_kernel_address_is_shown),
	};

	return cmocka_run_group_tests_name("access", tests, bench_setup, bench_teardown);
}
