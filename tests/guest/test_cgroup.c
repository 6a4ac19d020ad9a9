/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the driver takes for a caller is that of the caller's control group: it counts
 * there, it ends at the group's limit, and nobody is killed for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define ROOT "/tmp/cgroup"
#define GROUP ROOT "/dmabench"
#define KIB 1024L
#define MIB (1024 * KIB)
/* What a CPU may have charged in advance, and what the process itself takes meanwhile. */
#define SLACK (512 * KIB)

/* What a child in the group has found, for its parent to judge. */
static struct found {
	int err, destroy_err;
	long before, made, gone, peak;
} * found;

/* What the child is to do there. */
struct task {
	uint32_t kind;
	size_t size;
	int count; /* buffers */
	char *memory;
	bool unprivileged;
};

static int setup(void **state)
{
	found = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (found == MAP_FAILED || bench_setup(state))
		return -1;
	mkdir(ROOT, 0700);
	if (mount("none", ROOT, "cgroup2", 0, NULL))
		return 0; /* each test is skipped */
	put_file(ROOT "/cgroup.subtree_control", "+memory");
	return mkdir(GROUP, 0700);
}

static int teardown(void **state)
{
	rmdir(GROUP);
	umount2(ROOT, MNT_DETACH);
	return bench_teardown(state);
}

static void skip_without_group(void)
{
	if (access(GROUP "/memory.max", F_OK))
		skip();
}

static long value(const char *file)
{
	return file_field(file, "");
}

/* What is freed goes back in a moment, perhaps by a worker. */
static long settled(long wanted)
{
	int tries;

	for (tries = 0; tries < 100 && value(GROUP "/memory.current") > wanted; tries++)
		usleep(20000);
	return value(GROUP "/memory.current");
}

static void be_unprivileged(void)
{
	struct rlimit limit = { .rlim_cur = 64 * KIB, .rlim_max = RLIM_INFINITY };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (setrlimit(RLIMIT_MEMLOCK, &limit) || syscall(SYS_capget, &header, data))
		_exit(3);
	data[0].effective &= ~(1U << CAP_IPC_LOCK);
	if (syscall(SYS_capset, &header, data))
		_exit(4);
}

/* To be read only: a page that is mapped many times to be written would be a mistake. */
static int make_one(const struct bench *bench, const struct task *task,
		    struct dmabench_buffer *buffer)
{
	*buffer = (struct dmabench_buffer){
		.engine = bench->engine,
		.kind = task->kind,
		.flags = DMABENCH_BUF_SOURCE,
		.node = -1,
		.addr = (uintptr_t)task->memory,
		.size = task->size,
	};
	return request(bench->fd, DMABENCH_IOC_BUFFER_CREATE, buffer);
}

static void make_buffers(const struct bench *bench, const struct task *task)
{
	struct dmabench_buffer buffers[8];
	int made;

	/* Else the page tables would be made on the way. */
	if (task->memory && !task->unprivileged)
		madvise(task->memory, task->size, MADV_POPULATE_READ);
	found->before = value(GROUP "/memory.current");
	for (made = 0; made < task->count; made++) {
		found->err = make_one(bench, task, &buffers[made]);
		if (found->err)
			break;
	}
	found->made = value(GROUP "/memory.current");
	while (made)
		found->destroy_err |= destroy(bench->fd, buffers[--made].handle);
	found->gone = settled(found->before + SLACK);
	found->peak = access(GROUP "/memory.peak", F_OK) ? -1 : value(GROUP "/memory.peak");
}

/* By a child in the group, on one CPU; nobody there is killed. */
static void in_group(const struct bench *bench, const struct task *task)
{
	long before = pins();
	cpu_set_t first;
	int status;
	pid_t pid;

	memset(found, 0, sizeof(*found));
	pid = fork();
	if (!pid) {
		CPU_ZERO(&first);
		CPU_SET(0, &first);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (sched_setaffinity(0, sizeof(first), &first))
			_exit(1);
		put_file(GROUP "/cgroup.procs", "0");
		if (task->unprivileged)
			be_unprivileged();
		make_buffers(bench, task);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		fail_msg("the caller was killed, by signal %d", WTERMSIG(status));
	assert_int_equal(status, 0);
	assert_int_equal(file_field(GROUP "/memory.events", "oom_kill "), 0);
	assert_int_equal(found->destroy_err, 0);
	assert_int_equal(pins(), before);
}

/* Made, counted to the byte but for some slack, and given back. */
static void counted(const struct bench *bench, const struct task *task, long bytes)
{
	skip_without_group();
	in_group(bench, task);
	assert_int_equal(found->err, 0);
	if (found->made - found->before < bytes)
		fail_msg("the group has grown by %ld KiB, not by %ld",
			 (found->made - found->before) / KIB, bytes / KIB);
	if (found->gone > found->before + SLACK)
		fail_msg("%ld KiB have stayed behind", (found->gone - found->before) / KIB);
}

/* A kernel buffer's pages are the group's. */
static void kernel_buffer_counts(void **state)
{
	const struct task task = { DMABENCH_BUF_KERNEL, 32 * MIB, 1, NULL, false };

	counted(*state, &task, 30 * MIB);
}

/*
 * Where the kernel has set memory aside for devices, it takes coherent buffers from that, and
 * charges nobody: as arm64 kernels do, for whatever isn't behind an IOMMU.
 */
static void skip_if_set_aside(const struct bench *bench)
{
	skip_unless_sim(bench);
	if (file_field("/proc/meminfo", "CmaTotal:") > 0)
		skip();
}

/* So are coherent buffers, where they come from the kernel's allocator of pages. */
static void coherent_buffer_counts(void **state)
{
	const struct task task = { DMABENCH_BUF_COHERENT, 4 * MIB, 2, NULL, false };

	skip_if_set_aside(*state);
	counted(*state, &task, 7 * MIB);
}

/* Refused for the group's limit, without a victim; less than that still can be had. */
static void refused_at_the_limit(const struct bench *bench, struct task task, const char *limit)
{
	skip_without_group();
	put_file(GROUP "/memory.max", limit);
	in_group(bench, &task);
	assert_int_equal(found->err, ENOMEM);
	assert_true(found->gone <= found->before + SLACK);
	task.size = MIB;
	task.count = 1;
	in_group(bench, &task);
	put_file(GROUP "/memory.max", "max");
	assert_int_equal(found->err, 0);
}

/* A kernel buffer that is larger than the group may be. */
static void kernel_buffer_ends_at_the_limit(void **state)
{
	const struct task task = { DMABENCH_BUF_KERNEL, 32 * MIB, 1, NULL, false };

	refused_at_the_limit(*state, task, "16M");
}

/* And coherent ones, the last of which doesn't fit. */
static void coherent_buffer_ends_at_the_limit(void **state)
{
	const struct task task = { DMABENCH_BUF_COHERENT, 4 * MIB, 3, NULL, false };

	skip_if_set_aside(*state);
	refused_at_the_limit(*state, task, "11M");
}

static int limit_off(void **state)
{
	(void)state;
	if (!access(GROUP "/memory.max", F_OK))
		put_file(GROUP "/memory.max", "max");
	return 0;
}

#define FILE_SIZE (32 * MIB)
#define RANGE (512 * MIB)

/* A range whose pages belong to the parent's group, again and again the same. */
static char *range_of_a_file(void)
{
	char *all = mmap(NULL, RANGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("file", 0);
	long at;

	assert_ptr_not_equal(all, MAP_FAILED);
	assert_true(fd >= 0);
	assert_int_equal(posix_fallocate(fd, 0, FILE_SIZE), 0);
	for (at = 0; at < RANGE; at += FILE_SIZE)
		assert_ptr_not_equal(mmap(all + at, FILE_SIZE, PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_FIXED, fd, 0),
				     MAP_FAILED);
	close(fd);
	return all;
}

/* Lists of pages are memory too, though the pages are another group's: 8 bytes for each. */
static void lists_of_pages_count(void **state)
{
	struct task task = { DMABENCH_BUF_REGISTERED, RANGE, 1, NULL, false };

	skip_unless_sim(*state);
	skip_without_group();
	task.memory = range_of_a_file();
	counted(*state, &task, RANGE / (long)PAGE * 8 - 300 * KIB);
	munmap(task.memory, RANGE);
}

/* What may not be pinned is refused before there is a list of its pages. */
static void refused_before_anything_is_allocated(void **state)
{
	struct task task = { DMABENCH_BUF_REGISTERED, RANGE, 1, NULL, true };

	skip_unless_sim(*state);
	skip_without_group();
	if (access(GROUP "/memory.peak", F_OK))
		skip(); /* nothing tells */
	/* A group whose peak is its own. */
	assert_int_equal(rmdir(GROUP), 0);
	assert_int_equal(mkdir(GROUP, 0700), 0);
	task.memory = range_of_a_file();
	in_group(*state, &task);
	assert_int_equal(found->err, ENOMEM);
	if (found->peak - found->before > SLACK)
		fail_msg("%ld KiB were taken on the way", (found->peak - found->before) / KIB);
	munmap(task.memory, RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_buffer_counts),
		cmocka_unit_test(coherent_buffer_counts),
		cmocka_unit_test_teardown(kernel_buffer_ends_at_the_limit, limit_off),
		cmocka_unit_test_teardown(coherent_buffer_ends_at_the_limit, limit_off),
		cmocka_unit_test(lists_of_pages_count),
		cmocka_unit_test(refused_before_anything_is_allocated),
	};

	return cmocka_run_group_tests_name("cgroup", tests, setup, teardown);
}
