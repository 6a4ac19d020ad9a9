/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a member of the node's group may do, once the node has one: use the device within its own
 * RLIMIT_MEMLOCK and the caps, on its own memory. And that nobody else may.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define USER 12345
#define GROUP 990
#define KIB 1024UL

/* The node as the udev rule has it, or as the module makes it. */
static void node(gid_t group, mode_t mode)
{
	assert_int_equal(chown(DMABENCH_DEVICE, 0, group), 0);
	assert_int_equal(chmod(DMABENCH_DEVICE, mode), 0);
}

static int rights_setup(void **state)
{
	if (bench_setup(state))
		return -1;
	return chown(DMABENCH_DEVICE, 0, GROUP) || chmod(DMABENCH_DEVICE, 0660);
}

static int rights_teardown(void **state)
{
	node(0, 0600);
	return bench_teardown(state);
}

/* What a child returns, as a user with that limit, in the group or not; it may assert nothing. */
static int as_user(const struct bench *bench, gid_t group, rlim_t limit,
		   int (*check)(struct bench *mine))
{
	const struct rlimit memlock = { .rlim_cur = limit, .rlim_max = limit };
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct bench mine = *bench;

		mine.fd = -1;
		if (setrlimit(RLIMIT_MEMLOCK, &memlock) || setgroups(group ? 1 : 0, &group) ||
		    setresgid(USER, USER, USER) || setresuid(USER, USER, USER))
			_exit(100);
		_exit(check(&mine));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int begin(struct bench *mine)
{
	mine->fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	return mine->fd < 0 || open_engine(mine->fd, mine->info.name, &mine->engine);
}

static int cant_open(struct bench *mine)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	unsigned int i;

	(void)mine;
	for (i = 0; i < 3; i++) {
		if (open(DMABENCH_DEVICE, modes[i]) != -1 || errno != EACCES)
			return 1;
	}
	return 0;
}

static void others_cant_open_it(void **state)
{
	assert_int_equal(as_user(*state, 0, RLIM_INFINITY, cant_open), 0);
	assert_int_equal(as_user(*state, GROUP + 1, RLIM_INFINITY, cant_open), 0);
}

/* Without the rule it is root's, whoever is in which group. */
static void without_a_group_its_roots(void **state)
{
	node(0, 0600);
	assert_int_equal(as_user(*state, GROUP, RLIM_INFINITY, cant_open), 0);
	node(GROUP, 0660);
	assert_int_not_equal(as_user(*state, GROUP, RLIM_INFINITY, cant_open), 0);
}

/* A copy between user memory of so many bytes, whose bytes are looked at: 0 or the errno. */
static int copies(struct bench *mine, size_t len, uint64_t chunk)
{
	char *src = pages(len), *dst = pages(len);
	struct dmabench_copy arg = user_copy(dst, src, len);
	int err;

	pattern(src, len, 7);
	arg.chunk = chunk;
	err = copy(mine, &arg);
	if (!err && memcmp(src, dst, len))
		err = EBADMSG;
	pages_free(src, len);
	pages_free(dst, len);
	return err;
}

static int registers(struct bench *mine, size_t size)
{
	struct dmabench_buffer buffer;
	char *memory = pages(size);
	int err = create(mine, DMABENCH_BUF_REGISTERED, memory, size, &buffer);

	if (!err)
		err = destroy(mine->fd, buffer.handle);
	pages_free(memory, size);
	return err;
}

/* Memory that the driver brings is no matter of that limit. */
static int buffers_work(struct bench *mine)
{
	struct dmabench_buffer coherent, kernel;
	char *memory;

	if (create(mine, DMABENCH_BUF_COHERENT, NULL, PAGE, &coherent) ||
	    create(mine, DMABENCH_BUF_KERNEL, NULL, PAGE, &kernel))
		return 1;
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, mine->fd,
		      (off_t)coherent.mmap_offset);
	if (memory == MAP_FAILED)
		return 2;
	pattern(memory, PAGE, 3);
	return munmap(memory, PAGE) || destroy(mine->fd, coherent.handle) ||
	       destroy(mine->fd, kernel.handle);
}

static int with_nothing(struct bench *mine)
{
	if (begin(mine))
		return 1;
	if (copies(mine, fit(mine, 1), 0) != ENOMEM || registers(mine, 1) != ENOMEM)
		return 2;
	return buffers_work(mine) ? 3 : 0;
}

static void limit_of_0_pins_nothing(void **state)
{
	assert_int_equal(as_user(*state, GROUP, 0, with_nothing), 0);
	assert_int_equal(locked_kib(), 0);
}

static int with_64_kib(struct bench *mine)
{
	if (begin(mine))
		return 1;
	if (registers(mine, 64 * KIB) || registers(mine, 64 * KIB + 1) != ENOMEM)
		return 2;
	if (copies(mine, 32 * KIB, 0))
		return 3;
	if (copies(mine, 32 * KIB + fit(mine, 1), 0) != ENOMEM)
		return 4;
	/* In chunks any length fits. */
	if (copies(mine, 96 * KIB, 8 * KIB))
		return 5;
	return buffers_work(mine) ? 6 : 0;
}

static void limit_of_64_kib_holds_to_the_page(void **state)
{
	assert_int_equal(as_user(*state, GROUP, 64 * KIB, with_64_kib), 0);
	assert_int_equal(locked_kib(), 0);
}

/* Half of it held: the other half is left, and all of it once that is given back. */
static int holds_half(struct bench *mine)
{
	struct dmabench_buffer held;
	char *memory = pages(32 * KIB);

	if (begin(mine) || create(mine, DMABENCH_BUF_REGISTERED, memory, 32 * KIB, &held))
		return 1;
	if (registers(mine, 32 * KIB) || registers(mine, 32 * KIB + 1) != ENOMEM)
		return 2;
	return destroy(mine->fd, held.handle) || registers(mine, 64 * KIB) ? 3 : 0;
}

static void what_is_held_counts(void **state)
{
	assert_int_equal(as_user(*state, GROUP, 64 * KIB, holds_half), 0);
}

static int with_no_limit(struct bench *mine)
{
	struct dmabench_buffer buffer;

	if (begin(mine) || registers(mine, 4096 * KIB) || copies(mine, 64 * KIB, 0))
		return 1;
	/* The cap is the administrator's, as whoever set it here. */
	if (create(mine, DMABENCH_BUF_KERNEL, NULL, 4 * PAGE + 1, &buffer) != ENOMEM)
		return 2;
	if (create(mine, DMABENCH_BUF_KERNEL, NULL, 4 * PAGE, &buffer))
		return 3;
	return create(mine, DMABENCH_BUF_COHERENT, NULL, 1, &buffer) == ENOMEM ? 0 : 4;
}

static void without_a_limit_the_caps_hold(void **state)
{
	assert_int_equal(put_parameter("dmabench", "max_bytes", "16384"), 0);
	assert_int_equal(as_user(*state, GROUP, RLIM_INFINITY, with_no_limit), 0);
	assert_int_equal(put_parameter("dmabench", "max_bytes", "0"), 0);
}

/* What a member's own instructions can't reach, its copies can't either. */
static int cant_reach(struct bench *mine)
{
	char *src = pages(PAGE), *dst = pages(PAGE);
	struct dmabench_copy arg = user_copy(dst, src, PAGE);

	if (begin(mine) || copy(mine, &arg))
		return 1;
	if (mprotect(dst, PAGE, PROT_READ) || copy(mine, &arg) != EFAULT)
		return 2;
	if (mprotect(src, PAGE, PROT_NONE) || mprotect(dst, PAGE, PROT_READ | PROT_WRITE) ||
	    copy(mine, &arg) != EFAULT)
		return 3;
	arg.src.addr = (uintptr_t)0xffff888000000000ULL;
	if (copy(mine, &arg) != EFAULT)
		return 4;
	arg = user_copy((void *)(uintptr_t)0xffff888000000000ULL, dst, PAGE);
	if (copy(mine, &arg) != EFAULT)
		return 5;
	/* Nor does it set what holds for it. */
	return open("/sys/module/dmabench/parameters/max_bytes", O_WRONLY) == -1 && errno == EACCES
		       ? 0
		       : 6;
}

static void only_its_own_memory(void **state)
{
	assert_int_equal(as_user(*state, GROUP, RLIM_INFINITY, cant_reach), 0);
}

static char *both_have;
static uint32_t roots_handle;

/* At an address where root, too, has memory; and a handle of a session of root's. */
static int writes_its_own(struct bench *mine)
{
	struct dmabench_buffer buffer;
	struct dmabench_copy arg;
	char *src = pages(PAGE);

	pattern(src, PAGE, 9);
	arg = user_copy(both_have, src, PAGE);
	if (begin(mine) || copy(mine, &arg) || memcmp(both_have, src, PAGE))
		return 1;
	if (!destroy(mine->fd, roots_handle))
		return 2;
	if (create(mine, DMABENCH_BUF_KERNEL, NULL, PAGE, &buffer))
		return 3;
	arg = user_copy(src, NULL, PAGE);
	arg.src.kind = DMABENCH_BUF_KERNEL;
	arg.src.handle = roots_handle;
	arg.src.addr = 0;
	return copy(mine, &arg) ? 0 : 4;
}

static void others_memory_stays(void **state)
{
	const struct bench *bench = *state;
	struct dmabench_buffer before[8], roots;
	char *was = pages(PAGE);
	unsigned int i;

	/* Handles count upwards in each session: one that the member can't have by chance. */
	for (i = 0; i < 8; i++)
		assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, PAGE, &before[i]), 0);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, PAGE, &roots), 0);
	roots_handle = roots.handle;
	both_have = pages(PAGE);
	pattern(both_have, PAGE, 1);
	pattern(was, PAGE, 1);
	assert_int_equal(pwrite(bench->fd, was, PAGE, (off_t)roots.mmap_offset), PAGE);
	assert_int_equal(as_user(bench, GROUP, RLIM_INFINITY, writes_its_own), 0);
	assert_memory_equal(both_have, was, PAGE);
	memset(both_have, 0, PAGE);
	assert_int_equal(pread(bench->fd, both_have, PAGE, (off_t)roots.mmap_offset), PAGE);
	assert_memory_equal(both_have, was, PAGE);
	assert_int_equal(destroy(bench->fd, roots.handle), 0);
	for (i = 0; i < 8; i++)
		assert_int_equal(destroy(bench->fd, before[i].handle), 0);
	pages_free(both_have, PAGE);
	pages_free(was, PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_cant_open_it),
		cmocka_unit_test(without_a_group_its_roots),
		cmocka_unit_test(limit_of_0_pins_nothing),
		cmocka_unit_test(limit_of_64_kib_holds_to_the_page),
		cmocka_unit_test(what_is_held_counts),
		cmocka_unit_test(without_a_limit_the_caps_hold),
		cmocka_unit_test(only_its_own_memory),
		cmocka_unit_test(others_memory_stays),
	};

	return cmocka_run_group_tests_name("rights", tests, rights_setup, rights_teardown);
}
