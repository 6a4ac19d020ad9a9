/* SPDX-License-Identifier: GPL-2.0-only */
/* What is made often leaves nothing: no memory, handle, byte, mapping or content. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define MIB (1UL << 20)
#define CYCLES 70000

static char *memory;

static int group_setup(void **state)
{
	memory = pages(PAGE);
	pattern(memory, PAGE, 3);
	return bench_setup(state);
}

/* More cycles than 16 bits count: each maps and unmaps for the engine, and most handles recur. */
static void map_cycles(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	long before = pins();
	int i;

	for (i = 0; i < CYCLES; i++) {
		assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, PAGE, &buffer), 0);
		assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	}
	assert_int_equal(pins(), before);
	assert_int_equal(locked_kib(), 0);
}

static void mmap_cycles(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	int i;

	assert_int_equal(create(bench, DMABENCH_BUF_COHERENT, NULL, PAGE, &buffer), 0);
	for (i = 0; i < CYCLES; i++) {
		void *mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, bench->fd,
				    (off_t)buffer.mmap_offset);

		assert_ptr_not_equal(mapped, MAP_FAILED);
		munmap(mapped, PAGE);
	}
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
}

/* A request whose answer can't be delivered gives back its handle, its bytes and its engine. */
static void failed_answers_use_nothing_up(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_engine_open *open_arg;
	char *unwritable = pages(PAGE);
	struct dmabench_buffer *arg = (void *)unwritable, buffer;
	int i, fd = open(DMABENCH_DEVICE, O_RDWR);
	uint32_t engine;

	arg->engine = bench->engine;
	arg->kind = DMABENCH_BUF_KERNEL;
	arg->flags = BOTH;
	arg->node = -1;
	arg->size = MIB;
	open_arg = (void *)(arg + 1);
	memcpy(open_arg->name, bench->info.name, sizeof(open_arg->name));
	assert_int_equal(mprotect(unwritable, PAGE, PROT_READ), 0);
	for (i = 0; i < 1100; i++) {
		assert_int_equal(request(fd, DMABENCH_IOC_ENGINE_OPEN, open_arg), EFAULT);
		assert_int_equal(request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, arg), EFAULT);
	}
	assert_int_equal(open_engine(fd, bench->info.name, &engine), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, MIB, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	close(fd);
	assert_int_equal(mprotect(unwritable, PAGE, PROT_READ | PROT_WRITE), 0);
	pages_free(unwritable, PAGE);
}

static long free_kib(void)
{
	return file_field("/proc/meminfo", "MemFree:");
}

/* Buffers that were left when their session ended go with it. */
static void end_of_session_gives_everything_back(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	long before = pins(), kib = 0;
	int i;

	for (i = 0; i < 9; i++) {
		struct bench other = *bench;

		other.fd = open(DMABENCH_DEVICE, O_RDWR);
		assert_int_equal(open_engine(other.fd, bench->info.name, &other.engine), 0);
		assert_int_equal(create(&other, DMABENCH_BUF_REGISTERED, memory, PAGE, &buffer), 0);
		assert_int_equal(create(&other, DMABENCH_BUF_KERNEL, NULL, 8 * MIB, &buffer), 0);
		assert_int_equal(create(&other, DMABENCH_BUF_COHERENT, NULL, 2 * MIB, &buffer), 0);
		assert_int_equal(pins(), before + 1);
		close(other.fd);
		assert_int_equal(pins(), before);
		assert_int_equal(locked_kib(), 0);
		/* The first round warms up. */
		if (!i)
			kib = free_kib();
	}
	assert_true(kib - free_kib() < 40 * 1024);
}

static bool only_zeroes(const char *bytes, size_t size)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, size - 1);
}

/* A new buffer is zeroed, whatever was in the pages that it was made of. */
static void new_buffers_show_nothing_old(void **state)
{
	const struct bench *bench = *state;
	size_t size = 2 * MIB;
	char *content = pages(size);
	unsigned int kind, i;

	for (i = 0; i < 8; i++) {
		for (kind = DMABENCH_BUF_COHERENT; kind <= DMABENCH_BUF_KERNEL; kind++) {
			struct end end;

			end_make(bench, &end, kind, size);
			end_look(bench, &end, content);
			assert_true(only_zeroes(content, size));
			memset(content, 0x5a, size);
			end_fill(bench, &end, content);
			end_drop(bench, &end);
		}
	}
	pages_free(content, size);
}

/* Bounce buffers, counted in slots of 2 KiB; -1: there is no way to tell. */
static long slots(const char *which)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/kernel/debug/swiotlb/%s", which);
	return access(path, R_OK) ? -1 : file_field(path, "");
}

/*
 * Where each mapping takes bounce buffers, one that is larger than all of them fails after
 * many of its segments were mapped; those are given back.
 */
static void mapping_that_fails_halfway_leaves_nothing(void **state)
{
	const struct bench *bench = *state;
	long before = pins(), used = slots("io_tlb_used"), all = slots("io_tlb_nslabs");
	struct dmabench_buffer buffer;
	size_t size;
	char *large;
	int i;

	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, MIB, &buffer), 0);
	size = (size_t)all * 2048 + 4 * MIB;
	i = slots("io_tlb_used") > used;
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	if (!i)
		skip();
	large = pages(size);
	memset(large, 1, size);
	for (i = 0; i < 3; i++) {
		assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, large, size, &buffer),
				 ENOMEM);
		assert_int_equal(slots("io_tlb_used"), used);
		assert_int_equal(pins(), before);
		assert_int_equal(locked_kib(), 0);
	}
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, large, MIB, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	pages_free(large, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_cycles),
		cmocka_unit_test(mmap_cycles),
		cmocka_unit_test(failed_answers_use_nothing_up),
		cmocka_unit_test(end_of_session_gives_everything_back),
		cmocka_unit_test(new_buffers_show_nothing_old),
		cmocka_unit_test(mapping_that_fails_halfway_leaves_nothing),
	};

	return cmocka_run_group_tests_name("cycles", tests, group_setup, bench_teardown);
}
