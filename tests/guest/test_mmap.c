/* SPDX-License-Identifier: GPL-2.0-only */
/* mmap shows one coherent buffer and nothing else; pread and pwrite one kernel buffer. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define LEN (3 * PAGE)

/* The mapping, or MAP_FAILED with errno. */
static char *map(int fd, uint64_t offset, size_t len, int prot, int flags)
{
	return mmap(NULL, len, prot, flags, fd, (off_t)offset);
}

static void refused(int fd, uint64_t offset, size_t len, int prot, int flags, int err)
{
	errno = 0;
	assert_ptr_equal(map(fd, offset, len, prot, flags), MAP_FAILED);
	assert_int_equal(errno, err);
}

static uint64_t coherent(const struct bench *bench, size_t size, uint32_t *handle)
{
	struct dmabench_buffer buffer;

	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, size, &buffer), 0);
	*handle = buffer.handle;
	return buffer.mmap_offset;
}

static void shows_zeroes_up_to_the_page(void **state)
{
	static const char zeroes[2 * PAGE];
	const struct bench *bench = *state;
	uint32_t handle;
	uint64_t offset = coherent(bench, 5000, &handle);
	char *memory = map(bench->fd, offset, 5000, PROT_READ | PROT_WRITE, MAP_SHARED);

	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_memory_equal(memory, zeroes, 2 * PAGE);
	munmap(memory, 5000);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

static void beyond_the_buffer_is_einval(void **state)
{
	const struct bench *bench = *state;
	const int rw = PROT_READ | PROT_WRITE;
	uint32_t handle;
	uint64_t offset = coherent(bench, LEN, &handle);

	refused(bench->fd, offset, LEN + PAGE, rw, MAP_SHARED, EINVAL);
	refused(bench->fd, offset + PAGE, LEN, rw, MAP_SHARED, EINVAL);
	refused(bench->fd, offset + LEN, PAGE, rw, MAP_SHARED, EINVAL);
	refused(bench->fd, 0, PAGE, rw, MAP_SHARED, EINVAL);
	refused(bench->fd, offset + (1ULL << 32), PAGE, rw, MAP_SHARED, EINVAL);
	refused(bench->fd, INT64_MAX & ~(PAGE - 1), PAGE, rw, MAP_SHARED, EINVAL);
	assert_int_equal(destroy(bench->fd, handle), 0);
	refused(bench->fd, offset, LEN, rw, MAP_SHARED, EINVAL);
}

static void offset_of_a_page_shows_page_one(void **state)
{
	const struct bench *bench = *state;
	uint32_t handle;
	uint64_t offset = coherent(bench, LEN, &handle);
	char *all = map(bench->fd, offset, LEN, PROT_READ | PROT_WRITE, MAP_SHARED);
	char *one = map(bench->fd, offset + PAGE, PAGE, PROT_READ, MAP_SHARED);

	assert_ptr_not_equal(all, MAP_FAILED);
	assert_ptr_not_equal(one, MAP_FAILED);
	pattern(all, LEN, 4);
	assert_memory_equal(one, all + PAGE, PAGE);
	munmap(one, PAGE);
	munmap(all, LEN);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

static void private_mapping_is_einval(void **state)
{
	const struct bench *bench = *state;
	uint32_t handle;
	uint64_t offset = coherent(bench, LEN, &handle);

	refused(bench->fd, offset, LEN, PROT_READ | PROT_WRITE, MAP_PRIVATE, EINVAL);
	refused(bench->fd, offset, LEN, PROT_READ, MAP_PRIVATE, EINVAL);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

static void read_only_file_cant_be_mapped_for_writing(void **state)
{
	const struct bench *bench = *state;
	struct bench reader = *bench;
	uint64_t offset;
	uint32_t handle;
	char *memory;

	reader.fd = open(DMABENCH_DEVICE, O_RDONLY);
	assert_true(reader.fd >= 0);
	assert_int_equal(open_engine(reader.fd, bench->info.name, &reader.engine), 0);
	offset = coherent(&reader, LEN, &handle);
	refused(reader.fd, offset, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, EACCES);
	memory = map(reader.fd, offset, LEN, PROT_READ, MAP_SHARED);
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(mprotect(memory, LEN, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(errno, EACCES);
	munmap(memory, LEN);
	close(reader.fd);
}

static void mapping_cant_grow(void **state)
{
	const struct bench *bench = *state;
	uint32_t handle;
	uint64_t offset = coherent(bench, LEN, &handle);
	char *memory = map(bench->fd, offset, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);

	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_ptr_equal(mremap(memory, PAGE, LEN, MREMAP_MAYMOVE), MAP_FAILED);
	assert_int_equal(errno, EFAULT);
	munmap(memory, PAGE);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

static void mapped_buffer_is_busy_until_the_last_part_goes(void **state)
{
	const struct bench *bench = *state;
	uint32_t handle;
	uint64_t offset = coherent(bench, LEN, &handle);
	char *memory = map(bench->fd, offset, LEN, PROT_READ | PROT_WRITE, MAP_SHARED);

	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(destroy(bench->fd, handle), EBUSY);
	assert_int_equal(munmap(memory + PAGE, PAGE), 0);
	assert_int_equal(destroy(bench->fd, handle), EBUSY);
	memory[0] = 1;
	memory[2 * PAGE] = 1;
	assert_int_equal(munmap(memory, PAGE), 0);
	assert_int_equal(destroy(bench->fd, handle), EBUSY);
	assert_int_equal(munmap(memory + 2 * PAGE, PAGE), 0);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

/* The mapping keeps session and buffer alive when the file is closed. */
static void mapping_outlives_the_file(void **state)
{
	const struct bench *bench = *state;
	struct bench other = *bench;
	uint32_t handle;
	char *memory;

	other = another_session(bench);
	memory = map(other.fd, coherent(&other, LEN, &handle), LEN, PROT_READ | PROT_WRITE,
		     MAP_SHARED);
	assert_ptr_not_equal(memory, MAP_FAILED);
	close(other.fd);
	pattern(memory, LEN, 5);
	munmap(memory, LEN);
}

static void fork_doesnt_inherit_the_mapping(void **state)
{
	const struct bench *bench = *state;
	uint32_t handle;
	uint64_t offset = coherent(bench, LEN, &handle);
	char *memory = map(bench->fd, offset, LEN, PROT_READ | PROT_WRITE, MAP_SHARED);
	unsigned char there;
	int status;
	pid_t pid;

	assert_ptr_not_equal(memory, MAP_FAILED);
	pid = fork();
	if (!pid)
		_exit(mincore(memory, PAGE, &there) == -1 && errno == ENOMEM ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	munmap(memory, LEN);
	assert_int_equal(destroy(bench->fd, handle), 0);
}

static void kernel_buffer_isnt_mappable_but_readable(void **state)
{
	static char from[LEN], to[LEN];
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	char *hole = pages(PAGE);
	off_t base;

	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 5000, &buffer), 0);
	base = (off_t)buffer.mmap_offset;
	refused(bench->fd, base, PAGE, PROT_READ, MAP_SHARED, EINVAL);
	memset(to, 1, LEN);
	assert_int_equal(pread(bench->fd, to, LEN, base), 5000);
	assert_memory_equal(from, to, 5000); /* zeroes at first */
	pattern(from, LEN, 6);
	assert_int_equal(pwrite(bench->fd, from, LEN, base), 5000); /* cut short at its end */
	assert_int_equal(pwrite(bench->fd, from, 1, base + 5000), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(pread(bench->fd, to, 1, base + 5000), 0);
	assert_int_equal(pread(bench->fd, to, 4000, base + 999), 4000);
	assert_memory_equal(from + 999, to, 4000);
	assert_int_equal(pread(bench->fd, hole - PAGE, 10, base), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(pread(bench->fd, to, 10, 0), -1);
	assert_int_equal(errno, EINVAL);
	pages_free(hole, PAGE);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	assert_int_equal(pread(bench->fd, to, 10, base), -1);
	assert_int_equal(errno, EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_zeroes_up_to_the_page),
		cmocka_unit_test(beyond_the_buffer_is_einval),
		cmocka_unit_test(offset_of_a_page_shows_page_one),
		cmocka_unit_test(private_mapping_is_einval),
		cmocka_unit_test(read_only_file_cant_be_mapped_for_writing),
		cmocka_unit_test(mapping_cant_grow),
		cmocka_unit_test(mapped_buffer_is_busy_until_the_last_part_goes),
		cmocka_unit_test(mapping_outlives_the_file),
		cmocka_unit_test(fork_doesnt_inherit_the_mapping),
		cmocka_unit_test(kernel_buffer_isnt_mappable_but_readable),
	};

	return cmocka_run_group_tests_name("mmap", tests, bench_setup, bench_teardown);
}
