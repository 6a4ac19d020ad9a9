// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an operation over a DSA queue costs its caller, in instructions of the harness and of
 * handing work over alone: a child is stepped through them one by one, and the device's part is
 * done in between, so that each record is there at the first look.
 */
#include "dsa_stand_in.h"

#if defined(__x86_64__)

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "paths/path.h"

#define SIZE 65536

static _Alignas(4096) uint8_t source[SIZE], destination[SIZE];
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

int main(void)
{
	return run_without_dsa();
}

#endif
