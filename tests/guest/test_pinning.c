/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages are pinned for what the engine does with them, and marked as what it did. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "page.h"
#include "stuck.h"

#define LEN (2 * PAGE)

#include "sides.h"

/* A page of a file in memory, mapped for this process alone. */
static char *private_page(int fd)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static int file_with(const char *content)
{
	int fd = memfd_create("test", 0);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, content, PAGE, 0), PAGE);
	return fd;
}

/* As long as nobody writes to a private mapping it shows the file, and what is written to it. */
static void reading_makes_no_copy_of_a_private_page(void **state)
{
	const struct bench *bench = *state;
	int fd = file_with(src);
	char *memory = private_page(fd);
	struct dmabench_copy arg = user_copy(dst, memory, PAGE);

	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(dst, src, PAGE);
	assert_int_equal(pwrite(fd, src + PAGE, PAGE, 0), PAGE);
	assert_memory_equal(memory, src + PAGE, PAGE);
	munmap(memory, PAGE);
	close(fd);
}

/* Memory that was never written is one page of zeroes for all: reading it takes no page. */
static void reading_untouched_memory_takes_no_page(void **state)
{
	const struct bench *bench = *state;
	char *untouched = pages(2 * PAGE);
	struct dmabench_copy arg = user_copy(dst, untouched, 2 * PAGE);
	static const char zeroes[2 * PAGE];

	memset(dst, 1, LEN);
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(dst, zeroes, 2 * PAGE);
	assert_true(page_frame(untouched) > 0);
	assert_int_equal(page_frame(untouched), page_frame(untouched + PAGE));
	pages_free(untouched, 2 * PAGE);
}

/* What the engine writes to a private mapping is this process's, not the file's. */
static void writing_makes_a_copy_of_a_private_page(void **state)
{
	const struct bench *bench = *state;
	int fd = file_with(src);
	char *memory = private_page(fd);
	struct dmabench_copy arg = user_copy(memory, src + PAGE, PAGE);
	static volatile char touched;

	touched = *memory;
	(void)touched;
	assert_int_equal(copy(bench, &arg), 0);
	assert_memory_equal(memory, src + PAGE, PAGE);
	assert_int_equal(pread(fd, dst, PAGE, 0), PAGE);
	assert_memory_equal(dst, src, PAGE);
	munmap(memory, PAGE);
	close(fd);
}

/* What the engine writes for one process isn't seen by the one it was forked from. */
static void writing_after_fork_is_the_childs_alone(void **state)
{
	const struct bench *bench = *state;
	int status;
	pid_t pid;

	memset(dst, 1, LEN);
	pid = fork();
	if (!pid) {
		struct dmabench_copy arg = user_copy(dst, src, PAGE);

		_exit(copy(bench, &arg) || memcmp(dst, src, PAGE) || dst[PAGE] != 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(dst[0], 1);
	assert_int_equal(memcmp(dst, dst + 1, PAGE), 0);
}

static void copy_dirties_its_destination_alone(void **state)
{
	const struct bench *bench = *state;
	char *from = pages(LEN), *to = pages(LEN);
	struct dmabench_copy arg = user_copy(to, from, PAGE);

	memset(from, 1, LEN);
	memset(to, 2, LEN);
	assert_false(page_is_dirty(from) || page_is_dirty(to));
	assert_int_equal(copy(bench, &arg), 0);
	assert_true(page_is_dirty(to));
	assert_false(page_is_dirty(from));
	assert_false(page_is_dirty(to + PAGE));
	pages_free(from, LEN);
	pages_free(to, LEN);
}

/*
 * A buffer that may be written is dirty when it goes if it was. The page comes with the
 * buffer: one that must be moved before it is pinned is marked as dirty for that.
 */
static void registered_memory_is_dirty_if_it_was_written(void **state)
{
	const struct bench *bench = *state;
	char *memory = pages(PAGE);
	struct dmabench_copy arg = user_copy(dst, NULL, PAGE);
	struct dmabench_buffer buffer;

	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, PAGE, &buffer), 0);
	arg.src.kind = DMABENCH_BUF_REGISTERED;
	arg.src.handle = buffer.handle;
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	assert_false(page_is_dirty(memory));

	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, PAGE, &buffer), 0);
	arg = user_copy(NULL, src, PAGE);
	arg.dst.kind = DMABENCH_BUF_REGISTERED;
	arg.dst.handle = buffer.handle;
	assert_int_equal(copy(bench, &arg), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	assert_memory_equal(memory, src, PAGE);
	assert_true(page_is_dirty(memory));
	pages_free(memory, PAGE);
}

/* What stays pinned may not stand in the way of memory that is to be taken away. */
static void registered_memory_leaves_the_movable_zone(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer buffer;
	size_t size = 64 * PAGE, i;
	char *memory = pages(size);

	if (!have_movable_zone())
		skip();
	memset(memory, 1, size);
	assert_true(page_in_movable_zone(memory));
	assert_int_equal(create(bench, DMABENCH_BUF_REGISTERED, memory, size, &buffer), 0);
	for (i = 0; i < size; i += PAGE)
		assert_false(page_in_movable_zone(memory + i));
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
	pages_free(memory, size);
}

/* A caller whose page takes for ever to come, by a session of its own. */
struct hung {
	struct bench bench;
	struct job job;
	struct stuck stuck;
	pthread_t thread;
	char *page;
};

static void hang(struct hung *hung, const struct bench *bench)
{
	hung->page = pages(PAGE);
	hung->bench = *bench;
	hung->bench.fd = open(DMABENCH_DEVICE, O_RDWR);
	assert_int_equal(open_engine(hung->bench.fd, bench->info.name, &hung->bench.engine), 0);
	hung->job.bench = &hung->bench;
	hung->job.arg = user_copy(dst + PAGE, hung->page, PAGE);
	stuck_make(&hung->stuck, hung->page, PAGE);
	assert_int_equal(pthread_create(&hung->thread, NULL, do_job, &hung->job), 0);
	assert_true(stuck_is_touched(&hung->stuck));
}

/* All that another session may want meanwhile, on the same engine. */
static void *all_else(void *param)
{
	const struct bench *bench = param;
	struct dmabench_copy arg = user_copy(dst, src, PAGE);
	struct dmabench_engine_info info;
	struct bench other = *bench;
	struct dmabench_buffer buffer;
	long bad = copy(bench, &arg);

	other.fd = open(DMABENCH_DEVICE, O_RDWR);
	bad += find_engine(other.fd, &info);
	bad += open_engine(other.fd, bench->info.name, &other.engine);
	bad += create(&other, DMABENCH_BUF_REGISTERED, src, PAGE, &buffer);
	bad += destroy(other.fd, buffer.handle);
	close(other.fd);
	return (void *)bad;
}

static void stuck_caller_stops_nobody(void **state)
{
	const struct bench *bench = *state;
	struct hung hung;
	pthread_t thread;
	void *bad;
	bool done;

	memset(dst, 0, LEN);
	hang(&hung, bench);
	assert_int_equal(pthread_create(&thread, NULL, all_else, *state), 0);
	done = ends_soon(thread, &bad);
	stuck_fill(&hung.stuck, src + PAGE);
	assert_true(ends_soon(hung.thread, NULL));
	if (!done)
		pthread_join(thread, NULL);
	assert_true(done);
	assert_null(bad);
	assert_int_equal(hung.job.err, 0);
	assert_memory_equal(dst, src, LEN);
	stuck_drop(&hung.stuck);
	close(hung.bench.fd);
	pages_free(hung.page, PAGE);
}

/* Not even a page that never comes keeps a caller from being killed. */
static void stuck_caller_can_be_killed(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	int ends[2], status;
	char ready = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		struct hung hung;

		hang(&hung, bench);
		if (write(ends[1], &ready, 1) != 1)
			_exit(1);
		pthread_join(hung.thread, NULL);
		_exit(1);
	}
	assert_int_equal(read(ends[0], &ready, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(pins(), before);
	copies_right(bench, dst, src, LEN);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_makes_no_copy_of_a_private_page),
		cmocka_unit_test(reading_untouched_memory_takes_no_page),
		cmocka_unit_test(writing_makes_a_copy_of_a_private_page),
		cmocka_unit_test(writing_after_fork_is_the_childs_alone),
		cmocka_unit_test(copy_dirties_its_destination_alone),
		cmocka_unit_test(registered_memory_is_dirty_if_it_was_written),
		cmocka_unit_test(registered_memory_leaves_the_movable_zone),
		cmocka_unit_test(stuck_caller_stops_nobody),
		cmocka_unit_test(stuck_caller_can_be_killed),
	};

	return cmocka_run_group_tests_name("pinning", tests, sides_setup, bench_teardown);
}
