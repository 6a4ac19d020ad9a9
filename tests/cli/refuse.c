// SPDX-License-Identifier: GPL-2.0-only
/*
 * refuse CALL... -- COMMAND...: run it where the kernel refuses these system calls with EPERM, as
 * the seccomp filters of containers do.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_CALLS 16

static const struct {
	const char *name;
	unsigned int number;
} calls[] = {
	{ "mbind", SYS_mbind },
	{ "get_mempolicy", SYS_get_mempolicy },
	{ "set_mempolicy", SYS_set_mempolicy },
	{ "move_pages", SYS_move_pages },
	{ "sched_getaffinity", SYS_sched_getaffinity },
	{ "sched_setaffinity", SYS_sched_setaffinity },
	{ "perf_event_open", SYS_perf_event_open },
	{ "memfd_create", SYS_memfd_create },
	{ "getrusage", SYS_getrusage },
	{ "mincore", SYS_mincore },
	{ "mremap", SYS_mremap },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "vmsplice", SYS_vmsplice },
	{ "userfaultfd", SYS_userfaultfd },
};

static int number_of(const char *name, unsigned int *number)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, name)) {
			*number = calls[i].number;
			return 0;
		}
	return -1;
}

static int install(const unsigned int *numbers, unsigned short n)
{
	struct sock_filter code[MOST_CALLS + 3] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							     offsetof(struct seccomp_data, nr)) };
	struct sock_fprog program = { .len = (unsigned short)(n + 3), .filter = code };

	for (unsigned short i = 0; i < n; i++)
		code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, numbers[i],
							   (unsigned char)(n - i), 0);
	code[n + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	unsigned int numbers[MOST_CALLS];
	unsigned short n = 0;
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--") && n < MOST_CALLS; i++)
		if (number_of(argv[i], &numbers[n++])) {
			fprintf(stderr, "refuse: %s isn't known\n", argv[i]);
			return 99;
		}
	if (i + 1 >= argc || install(numbers, n)) {
		perror("refuse");
		return 99;
	}
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 99;
}
