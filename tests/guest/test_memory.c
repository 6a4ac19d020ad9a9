/* SPDX-License-Identifier: GPL-2.0-only */
/* Which memory may be a side of a copy: any that the caller may read or write, no other. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

/* Not every C library has it, nor every architecture. */
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

#define LEN (2 * PAGE)

#include "sides.h"

#define HUGE_PAGE (2UL << 20)
#define HUGE_POOL "/proc/sys/vm/nr_hugepages"

static void copy_refused(const struct bench *bench, void *to, const void *from, int err)
{
	struct dmabench_copy arg = user_copy(to, from, LEN);
	long before = pins();

	assert_int_equal(copy(bench, &arg), err);
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

static void memory_that_may_not_be_touched_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	char *other = pages(LEN);

	copy_refused(bench, (void *)0xffff888000000000, src, EFAULT);
	copy_refused(bench, dst, (void *)0xffff888000000000, EFAULT);
	copy_refused(bench, dst + PAGE, src, EFAULT); /* its second half isn't there */
	copy_refused(bench, dst, src + PAGE, EFAULT);
	assert_int_equal(mprotect(other, LEN, PROT_READ), 0);
	copy_refused(bench, other, src, EFAULT);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, other, LEN, &buffer), EFAULT);
	assert_int_equal(mprotect(other, LEN, PROT_NONE), 0);
	copy_refused(bench, dst, other, EFAULT);
	assert_int_equal(mprotect(other, LEN, PROT_READ | PROT_WRITE), 0);
	pages_free(other, LEN);
}

static void read_only_source_works(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(dst, src, LEN);

	assert_int_equal(mprotect(src, LEN, PROT_READ), 0);
	memset(dst, 0, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(src, dst, LEN);
	assert_int_equal(mprotect(src, LEN, PROT_READ | PROT_WRITE), 0);
}

static void memfd_works_both_ways(void **state)
{
	const struct bench *bench = *state;
	int fd = memfd_create("test", 0);
	struct dmabench_buffer buffer;
	struct dmabench_copy arg;
	char *shared;

	assert_int_equal(ftruncate(fd, LEN), 0);
	shared = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(shared, MAP_FAILED);
	arg = user_copy(shared, src, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	memset(dst, 0, LEN);
	arg = user_copy(dst, shared, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(src, dst, LEN);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, shared, LEN, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	munmap(shared, LEN);
	close(fd);
}

#define MOUNT "/tmp/written-back"

/*
 * A page that a file system writes back may be the destination of one copy, and the
 * file gets the bytes; it can't stay pinned for an engine to write. Same on every kernel.
 */
static void file_as_destination(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	struct dmabench_copy arg;
	char *shared;
	int fd;

	assert_int_equal(
		system("build/tests/guest/mkfs.minix /dev/ram0 >/dev/null && mkdir -p " MOUNT
		       " && mount -t minix /dev/ram0 " MOUNT),
		0);
	fd = open(MOUNT "/file", O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, LEN), 0);
	shared = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(shared, MAP_FAILED);

	arg = user_copy(shared, src, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(fsync(fd), 0);
	assert_int_equal(system("echo 3 >/proc/sys/vm/drop_caches"), 0);
	assert_int_equal(pread(fd, dst, LEN, 0), LEN);
	assert_memory_equal(src, dst, LEN);

	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, shared, LEN, &buffer), EFAULT);
	assert_int_equal(pins(), 0);
	assert_int_equal(locked_kib(), 0);
	munmap(shared, LEN);
	close(fd);
	assert_int_equal(system("umount " MOUNT), 0);
}

/* Memory in large pages is memory like any other. */
static void copies_from_and_to(const struct bench *bench, char *memory, size_t size)
{
	/* Across the border between two large pages, at an odd offset. */
	char *middle = memory + size / 2 - PAGE + fit(bench, 1);
	struct dmabench_copy arg = user_copy(middle, src, LEN);

	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(middle, src, LEN);
	memset(dst, 0, LEN);
	arg = user_copy(dst, middle, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(dst, src, LEN);
}

static void transparent_huge_pages_work(void **state)
{
	char *all, *memory;

	skip_without("/sys/kernel/mm/transparent_hugepage");
	all = mmap(NULL, 3 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memory = (char *)(((uintptr_t)all + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1));
	assert_ptr_not_equal(all, MAP_FAILED);
	assert_int_equal(madvise(memory, 2 * HUGE_PAGE, MADV_HUGEPAGE), 0);
	memset(memory, 1, 2 * HUGE_PAGE);
	copies_from_and_to(*state, memory, 2 * HUGE_PAGE);
	munmap(all, 3 * HUGE_PAGE);
}

static void huge_page_pool(const char *pages_wanted)
{
	int fd = open(HUGE_POOL, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, pages_wanted, strlen(pages_wanted)), strlen(pages_wanted));
	close(fd);
}

static void hugetlb_works(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	char *memory;

	skip_without(HUGE_POOL);
	huge_page_pool("4");
	memory = mmap(NULL, 2 * HUGE_PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	copies_from_and_to(bench, memory, 2 * HUGE_PAGE);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, 2 * HUGE_PAGE, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	munmap(memory, 2 * HUGE_PAGE);
	huge_page_pool("0");
}

/* The engine's own registers: a platform device's name begins with their address. */
static char *map_registers(const struct bench *bench)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);
	off_t addr = (off_t)strtoul(bench->info.device, NULL, 16) & ~(off_t)(PAGE - 1);
	char *mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, addr);

	close(fd);
	return mapped;
}

/* The first memory of a PCI device that can be mapped, or else the engine's own. */
static char *map_device(const struct bench *bench)
{
	char *mapped = MAP_FAILED;
	glob_t found;
	size_t i;

	if (glob("/sys/bus/pci/devices/*/resource0", 0, NULL, &found))
		return map_registers(bench);
	for (i = 0; i < found.gl_pathc && mapped == MAP_FAILED; i++) {
		int fd = open(found.gl_pathv[i], O_RDWR);

		mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
	}
	globfree(&found);
	return mapped;
}

static void device_memory_is_efault(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	char *mapped = map_device(bench);
	struct dmabench_copy arg;
	long before = pins();

	assert_ptr_not_equal(mapped, MAP_FAILED);
	arg = user_copy(mapped, src, 64);
	assert_int_equal(copy(bench, &arg), EFAULT);
	arg = user_copy(dst, mapped, 64);
	assert_int_equal(copy(bench, &arg), EFAULT);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, mapped, 64, &buffer), EFAULT);
	assert_int_equal(pins(), before);
	munmap(mapped, PAGE);
}

/* Memory that not even the kernel may look at. */
static void secret_memory_is_efault(void **state)
{
	const struct bench *bench = *state;
	int fd = (int)syscall(SYS_memfd_secret, 0);
	struct dmabench_buffer buffer;
	char *secret;

	if (fd < 0 && errno == ENOSYS)
		skip(); /* the guest's command line hasn't allowed it */
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, LEN), 0);
	secret = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(secret, MAP_FAILED);
	memset(secret, 1, LEN);
	copy_refused(bench, secret, src, EFAULT);
	copy_refused(bench, dst, secret, EFAULT);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, secret, LEN, &buffer), EFAULT);
	munmap(secret, LEN);
	close(fd);
}

static void overlap_is_einval(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_copy arg = user_copy(src + fit(bench, 1), src, PAGE);
	struct dmabench_buffer buffer;
	struct dmabench_side side;

	assert_int_equal(copy(bench, &arg), EINVAL);
	arg = user_copy(src, src + PAGE - fit(bench, 1), PAGE);
	assert_int_equal(copy(bench, &arg), EINVAL);
	arg = user_copy(src, src + PAGE, PAGE); /* neighbours are fine */
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, src, LEN, &buffer), 0);
	side = (struct dmabench_side){ .kind = buffer.kind, .handle = buffer.handle, .addr = 8 };
	arg.dst = side;
	assert_int_equal(copy(bench, &arg), EINVAL); /* by address: user against registered */
	arg.src = side;
	arg.src.addr = fit(bench, 8) - fit(bench, 1);
	assert_int_equal(copy(bench, &arg), EINVAL); /* by offset */
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	pattern(src, LEN, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_that_may_not_be_touched_is_efault),
		cmocka_unit_test(read_only_source_works),
		cmocka_unit_test(memfd_works_both_ways),
		cmocka_unit_test(file_as_destination),
		cmocka_unit_test(transparent_huge_pages_work),
		cmocka_unit_test(hugetlb_works),
		cmocka_unit_test(device_memory_is_efault),
		cmocka_unit_test(secret_memory_is_efault),
		cmocka_unit_test(overlap_is_einval),
	};

	return cmocka_run_group_tests_name("memory", tests, sides_setup, bench_teardown);
}
