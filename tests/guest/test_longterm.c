/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is registered for the engine to read is the caller's memory, not what was there when it
 * was registered: what the caller writes there later is what a copy has.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "longterm.h"

/* Memory that nobody has touched is no page of zeroes for good. */
static void untouched_memory_written_later(void **state)
{
	char *memory = pages(LEN);
	long pinned = pins();

	written_later(*state, memory, "untouched memory");
	assert_int_equal(pins(), pinned);
	pages_free(memory, LEN);
}

/* Memory that was only read is the page of zeroes that all share, until it is written. */
static void memory_read_before_written_later(void **state)
{
	volatile char *memory = pages(LEN);
	char sum = (char)(memory[0] + memory[PAGE]);

	assert_int_equal(sum, 0);
	written_later(*state, (char *)(uintptr_t)memory, "memory that was read");
	pages_free((char *)(uintptr_t)memory, LEN);
}

/* A child that ends with its parent, if nobody has ended it before. */
static pid_t child(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static void write_to(void *memory)
{
	memset(memory, 9, LEN);
}

/* While a child has the same memory, each writes to a copy; the engine reads the parent's. */
static void forked_memory(const struct bench *bench, bool touched)
{
	char *memory = pages(LEN);
	uint32_t handle;
	int status;
	pid_t pid;

	if (touched)
		memcpy(memory, old, LEN);
	handle = register_source(bench, memory, LEN);
	memcpy(memory, old, LEN);
	pid = child_that_did(write_to, memory);
	engine_reads(bench, handle, 0, old, "after a child's write");
	memcpy(memory, new, LEN);
	engine_reads(bench, handle, 0, new, "after the parent's write");
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	engine_reads(bench, handle, 0, new, "after the child's end");
	assert_int_equal(destroy(bench->fd, handle), 0);
	pages_free(memory, LEN);
}

static void fork_leaves_the_engine_with_the_parent(void **state)
{
	forked_memory(*state, true);
	forked_memory(*state, false);
}

/* Shared with a child before it was registered: the parent's write is what counts, too. */
static void memory_shared_by_fork_written_later(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(LEN);
	uint32_t handle;
	int status;
	pid_t pid;

	memcpy(memory, old, LEN);
	pid = child();
	if (!pid) {
		for (;;)
			pause();
	}
	handle = register_source(bench, memory, LEN);
	engine_reads(bench, handle, 0, old, "shared with a child");
	memcpy(memory, new, LEN);
	engine_reads(bench, handle, 0, new, "written beside a child");
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(destroy(bench->fd, handle), 0);
	pages_free(memory, LEN);
}

#define PARTS 6

/* LEN bytes of memory of each sort, side by side. */
static void map_parts(char *all, int fd)
{
	const int prot = PROT_READ | PROT_WRITE, fixed = MAP_FIXED | MAP_PRIVATE;
	int i;

	memcpy(all, old, LEN); /* anonymous, and touched; the next isn't */
	for (i = 2; i < PARTS; i++) {
		int flags = i == 4 ? MAP_FIXED | MAP_SHARED : fixed;

		/* The last one may only be read; the others are private, populated, shared. */
		assert_ptr_not_equal(mmap(all + i * LEN, LEN, i == 5 ? PROT_READ : prot,
					  flags | (i == 3 ? MAP_POPULATE : 0), fd,
					  i == 4 ? (off_t)LEN : 0),
				     MAP_FAILED);
	}
}

/* One registration over mappings of all sorts, from the middle of a page on. */
static void mixed_mappings_written_later(void **state)
{
	const struct bench *bench = *state;
	char *all = pages(PARTS * LEN);
	int fd = file_with_old(memfd_create("longterm", 0)), i;
	uint32_t handle;

	assert_int_equal(pwrite(fd, old, LEN, LEN), LEN);
	map_parts(all, fd);
	handle = register_source(bench, all + 64, PARTS * LEN - 64);
	for (i = 0; i < PARTS - 1; i++)
		memcpy(all + i * LEN, i & 1 ? old : new, LEN);
	for (i = 0; i < PARTS; i++) {
		struct dmabench_copy arg = user_copy(dst, NULL, LEN - 64);

		arg.src = (struct dmabench_side){ DMABENCH_BUF_REGISTERED, handle, i * LEN };
		assert_int_equal(copy(bench, &arg), 0);
		if (memcmp(dst, all + i * LEN + 64, LEN - 64))
			fail_msg("part %d isn't what was written there", i);
	}
	assert_int_equal(destroy(bench->fd, handle), 0);
	pages_free(all, PARTS * LEN);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untouched_memory_written_later),
		cmocka_unit_test(memory_read_before_written_later),
		cmocka_unit_test(fork_leaves_the_engine_with_the_parent),
		cmocka_unit_test(memory_shared_by_fork_written_later),
		cmocka_unit_test(mixed_mappings_written_later),
	};

	return cmocka_run_group_tests_name("longterm", tests, longterm_setup, bench_teardown);
}
