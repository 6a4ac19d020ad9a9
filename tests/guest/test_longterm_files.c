/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings of files that are registered for the engine to read: a private one is its owner's
 * from the first write on, a shared one is the file.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "longterm.h"
#include "page.h"

#define HUGE_PAGE (2UL << 20)
#define MOUNT "/tmp/longterm"

static char *map_file(int fd, int prot, int flags)
{
	char *memory = mmap(NULL, LEN, prot, flags, fd, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static void still_old(int fd)
{
	assert_int_equal(pread(fd, dst, LEN, 0), LEN);
	assert_memory_equal(dst, old, LEN);
}

/* A private mapping of a file, before anything was written to it; the file stays as it is. */
static void private_mapping(const struct bench *bench, int fd, const char *what)
{
	char *memory = map_file(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	written_later(bench, memory, what);
	munmap(memory, LEN);
	/* And one whose pages are in the page table already. */
	memory = map_file(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE);
	assert_memory_equal(memory, old, LEN);
	written_later(bench, memory, what);
	munmap(memory, LEN);
	still_old(fd);
}

/* The same, but registered while it may only be read. */
static void protected_mapping(const struct bench *bench, int fd, const char *what)
{
	char *memory = map_file(fd, PROT_READ, MAP_PRIVATE);
	uint32_t handle = register_source(bench, memory, LEN);

	engine_reads(bench, handle, 0, old, what);
	assert_int_equal(mprotect(memory, LEN, PROT_READ | PROT_WRITE), 0);
	memcpy(memory, new, LEN);
	engine_reads(bench, handle, 0, new, what);
	assert_int_equal(destroy(bench->fd, handle), 0);
	munmap(memory, LEN);
	still_old(fd);
}

/* Every sort of file: in memory, of a file system there, of one that is written back. */
static void on_each_file(const struct bench *bench,
			 void (*test)(const struct bench *, int, const char *))
{
	int fd = file_with_old(memfd_create("longterm", 0));

	test(bench, fd, "memfd");
	close(fd);
	fd = file_with_old(open("/dev/shm", O_TMPFILE | O_RDWR, 0600));
	test(bench, fd, "tmpfs");
	close(fd);
	assert_int_equal(
		system("build/tests/guest/mkfs.minix /dev/ram0 >/dev/null && mkdir -p " MOUNT
		       " && mount -t minix /dev/ram0 " MOUNT),
		0);
	fd = file_with_old(open(MOUNT "/file", O_RDWR | O_CREAT, 0600));
	test(bench, fd, "minix");
	close(fd);
	assert_int_equal(system("umount " MOUNT), 0);
}

static int unmount(void **state)
{
	(void)state;
	return system("umount -l " MOUNT " 2>/dev/null; true");
}

/* Of a file's private mapping, what its owner writes later is read. */
static void private_mapping_written_later(void **state)
{
	on_each_file(*state, private_mapping);
}

/* The same where writing wasn't allowed yet when it was registered. */
static void protected_mapping_written_later(void **state)
{
	on_each_file(*state, protected_mapping);
}

/* Where nobody writes, a private mapping is registered too and shows the file. */
static void read_only_mapping_works(void **state)
{
	const struct bench *bench = *state;
	int fd = file_with_old(memfd_create("longterm", 0));
	char *memory = map_file(fd, PROT_READ, MAP_PRIVATE);
	uint32_t handle = register_source(bench, memory, LEN);

	engine_reads(bench, handle, 0, old, "read-only private mapping");
	assert_int_equal(destroy(bench->fd, handle), 0);
	munmap(memory, LEN);
	close(fd);
}

/* A file that may only be read can be mapped and registered. */
static void read_only_file_works(void **state)
{
	const struct bench *bench = *state;
	int fd = open("/proc/self/exe", O_RDONLY);
	char *memory = map_file(fd, PROT_READ, MAP_SHARED);
	uint32_t handle = register_source(bench, memory, LEN);

	engine_reads(bench, handle, 0, memory, "read-only file");
	assert_int_equal(destroy(bench->fd, handle), 0);
	munmap(memory, LEN);
	close(fd);
}

/* A shared mapping is the file: what is written by another one is read. */
static void shared_mapping_shows_the_file(const struct bench *bench, int fd, const char *what)
{
	char *memory = map_file(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
	char *other = map_file(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
	uint32_t handle = register_source(bench, memory, LEN);

	memcpy(other, new, LEN);
	engine_reads(bench, handle, 0, new, what);
	assert_memory_equal(memory, new, LEN);
	assert_int_equal(pwrite(fd, old, LEN, 0), LEN);
	engine_reads(bench, handle, 0, old, what);
	memcpy(memory, new, LEN);
	assert_memory_equal(other, new, LEN);
	engine_reads(bench, handle, 0, new, what);
	assert_int_equal(destroy(bench->fd, handle), 0);
	munmap(memory, LEN);
	munmap(other, LEN);
}

static void shared_mapping_written_later(void **state)
{
	on_each_file(*state, shared_mapping_shows_the_file);
}

/* Registering to be read writes nothing back, nor does a copy. */
static void clean_page_stays_clean(const struct bench *bench, int fd, const char *what)
{
	char *memory = map_file(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
	uint32_t handle;

	assert_int_equal(fsync(fd), 0);
	assert_memory_equal(memory, old, LEN);
	/* In memory there is nothing to write back to, and its pages are always dirty. */
	if (page_is_dirty(memory) || page_is_dirty(memory + PAGE)) {
		assert_string_not_equal(what, "minix");
		munmap(memory, LEN);
		return;
	}
	handle = register_source(bench, memory, LEN);
	engine_reads(bench, handle, 0, old, what);
	assert_false(page_is_dirty(memory) || page_is_dirty(memory + PAGE));
	assert_int_equal(destroy(bench->fd, handle), 0);
	assert_false(page_is_dirty(memory) || page_is_dirty(memory + PAGE));
	munmap(memory, LEN);
}

static void registering_writes_nothing_back(void **state)
{
	on_each_file(*state, clean_page_stays_clean);
}

/* A page of the pool that is shared as long as nobody writes to it. */
static void hugetlb_written_later(void **state)
{
	const struct bench *bench = *state;
	char *shared, *private;
	uint32_t handle;
	int fd;

	put_file("/proc/sys/vm/nr_hugepages", "4");
	if (file_field("/proc/meminfo", "HugePages_Free:") < 3) {
		put_file("/proc/sys/vm/nr_hugepages", "0");
		skip();
	}
	fd = memfd_create("longterm", MFD_HUGETLB);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, HUGE_PAGE), 0);
	shared = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	assert_true(shared != MAP_FAILED && private != MAP_FAILED);
	memcpy(shared + PAGE, old, LEN);
	handle = register_source(bench, private, HUGE_PAGE);
	engine_reads(bench, handle, PAGE, old, "hugetlb");
	memcpy(private + PAGE, new, LEN);
	engine_reads(bench, handle, PAGE, new, "hugetlb");
	assert_memory_equal(shared + PAGE, old, LEN);
	assert_int_equal(destroy(bench->fd, handle), 0);
	munmap(private, HUGE_PAGE);
	private = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	assert_ptr_not_equal(private, MAP_FAILED);
	written_later(bench, private, "hugetlb that nobody has touched");
	munmap(private, HUGE_PAGE);
	munmap(shared, HUGE_PAGE);
	close(fd);
	put_file("/proc/sys/vm/nr_hugepages", "0");
}

#define TEST(name) cmocka_unit_test_teardown(name, unmount)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(private_mapping_written_later), TEST(protected_mapping_written_later),
		TEST(read_only_mapping_works),	     TEST(read_only_file_works),
		TEST(shared_mapping_written_later),  TEST(registering_writes_nothing_back),
		TEST(hugetlb_written_later),
	};

	return cmocka_run_group_tests_name("longterm files", tests, longterm_setup, bench_teardown);
}
