// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an operation over a DSA queue costs its caller, in instructions of the harness and of
 * handing work over alone: a child is stepped through them one by one, and the device's part is
 * done in between, so that each record is there at the first look.
 */
#include "fake_machine.h"

#if defined(__x86_64__)

#include <fcntl.h>
#include <linux/idxd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paths/dsa/dsa_place.h"
#include "paths/path.h"

#define SIZE 65536
#define SLOTS 64

static _Alignas(4096) uint8_t source[SIZE], destination[SIZE];
static struct dsa_hw_desc *slots;

static int make_queue(void **state)
{
	char path[96];
	int fd;

	if (fresh_folder(state))
		return -1;
	machine("dsa");
	put("/sys/bus/dsa/devices/dsa0/op_cap", "0000000a\n");
	put("/sys/bus/dsa/devices/wq0.0/type", "user\n");
	put("/sys/bus/dsa/devices/wq0.0/state", "enabled\n");
	put("/sys/bus/dsa/devices/wq0.0/mode", "dedicated\n");
	put("/sys/bus/dsa/devices/wq0.0/size", "64\n");
	put("/sys/bus/dsa/devices/wq0.0/max_transfer_size", "2097152\n");
	put("/sys/bus/dsa/devices/wq0.0/max_batch_size", "32\n");
	setenv(DSA_DEVICES_VARIABLE, root, 1);
	setenv(DSA_STORE_VARIABLE, "1", 1);
	snprintf(path, sizeof(path), "%s/wq0.0", root);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		return -1;
	slots = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return slots == MAP_FAILED;
}

static int drop_queue(void **state)
{
	munmap(slots, 4096);
	unsetenv(DSA_DEVICES_VARIABLE);
	unsetenv(DSA_STORE_VARIABLE);
	return drop_folder(state);
}

static void copy(const struct dsa_hw_desc *d)
{
	memcpy((void *)(uintptr_t)d->dst_addr, (void *)(uintptr_t)d->src_addr, d->xfer_size);
}

/* All that was handed over. How many copies. */
static unsigned int be_the_device(void)
{
	unsigned int copies = 0;

	for (int i = 0; i < SLOTS; i++) {
		struct dsa_hw_desc d = slots[i];
		const struct dsa_hw_desc *list = (void *)(uintptr_t)d.desc_list_addr;
		uint32_t n = d.opcode == DSA_OPCODE_BATCH ? d.desc_count : 1;

		if (!d.opcode)
			continue;
		memset(&slots[i], 0, sizeof(slots[i]));
		for (uint32_t k = 0; k < n; k++)
			copy(n > 1 ? &list[k] : &d);
		((struct dsa_completion_record *)(uintptr_t)d.completion_addr)->status = 1;
		copies += n;
	}
	return copies;
}

/* One that nothing else is told by. */
static inline void mark(void)
{
	__asm__ volatile("int3" : : : "memory");
}

static void child(const struct copy_path *path, struct copy_ctx *ctx, unsigned int copies)
{
	int ret = 0;

	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	/* The first has each page, each line and each function looked up. */
	for (int i = 0; i < 2 && !ret; i++) {
		memset(destination, 0, SIZE);
		mark();
		ret = path->submit(ctx);
		mark();
		if (be_the_device() != copies)
			_exit(2);
		mark();
		ret = ret ? ret : path->wait(ctx);
		mark();
	}
	_exit(ret || memcmp(source, destination, ctx->params.size) ? 1 : 0);
}

static bool at_mark(pid_t pid)
{
	struct user_regs_struct regs;

	assert_int_equal(ptrace(PTRACE_GETREGS, pid, NULL, &regs), 0);
	return (ptrace(PTRACE_PEEKTEXT, pid, (void *)(uintptr_t)regs.rip, NULL) & 0xff) == 0xcc;
}

static void go(pid_t pid, enum __ptrace_request how, int *status)
{
	assert_int_equal(ptrace(how, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, status, 0), pid);
}

/* From a mark, which has just been met, to the next. */
static unsigned long count_to_mark(pid_t pid)
{
	unsigned long n = 0;
	int status;

	for (; !at_mark(pid); n++) {
		go(pid, PTRACE_SINGLESTEP, &status);
		assert_true(WIFSTOPPED(status));
	}
	go(pid, PTRACE_CONT, &status); /* over it */
	return n;
}

/* Instructions of the second operation. */
static unsigned long count(const struct copy_path *path, struct copy_ctx *ctx, unsigned int copies)
{
	unsigned long n = 0;
	int status;
	pid_t pid;

	assert_int_equal(path->setup(ctx), 0);
	pid = fork();
	if (!pid)
		child(path, ctx, copies);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	for (int i = 0; i < 2; i++) {
		n = 0;
		for (int part = 0; part < 2; part++) {
			go(pid, PTRACE_CONT, &status);
			assert_true(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP);
			n += count_to_mark(pid);
		}
	}
	go(pid, PTRACE_CONT, &status);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	path->teardown(ctx);
	return n;
}

static unsigned long cost(const char *name, struct case_params p, unsigned int copies)
{
	struct copy_ctx ctx = { .params = p, .src = source, .dst = destination };
	unsigned long n;

	ctx.params.size = SIZE;
	for (size_t i = 0; i < SIZE; i++)
		source[i] = (uint8_t)(i * 7 + 1);
	n = count(path_find(name), &ctx, copies);
	print_message("%s, %u copies an operation: %lu instructions, %.1f a copy\n", name, copies,
		      n, (double)n / copies);
	return n;
}

/* Of an optimised build; without that the figures are shown alone. */
static void an_operation_is_few_instructions(void **state)
{
	unsigned long one, sixteen, list;

	(void)state;
	one = cost("dsa", (struct case_params){ 0 }, 1);
	sixteen = cost("dsa-async", (struct case_params){ .depth = 16 }, 16);
	list = cost("dsa-batch", (struct case_params){ .batch = 32 }, 32);
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
	assert_in_range(one, 1, 300);
	assert_in_range(sixteen, 16, 16 * 60);
	assert_in_range(list, 1, 300);
#else
	(void)one;
	(void)sixteen;
	(void)list;
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_operation_is_few_instructions, make_queue,
						drop_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void dsa_is_a_device_of_x86(void **state)
{
	(void)state;
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(dsa_is_a_device_of_x86) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
