// SPDX-License-Identifier: GPL-2.0-only
/* Why no ring can be had: the call and the kernel's answer. */
#include "unit.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paths/async_path.h"

#define NO_FILTERS 77

/* As the filters of containers do. */
static int refuse(unsigned int call, unsigned int err)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = 4, .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* In a process of its own, as a filter stays. */
static void says(unsigned int call, unsigned int err, const char *text)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		char why[256] = "";

		if (refuse(call, err))
			_exit(NO_FILTERS);
		_exit(!async_path_ring(why, sizeof(why)) || !strstr(why, text));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_FILTERS)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_refused_ring_is_named_with_the_answer(void **state)
{
	char why[256] = "";

	(void)state;
	if (async_path_ring(why, sizeof(why)) && strstr(why, "built without"))
		skip();
	says(SYS_io_uring_setup, EPERM, "io_uring_setup: Operation not permitted");
	says(SYS_io_uring_setup, EPERM, "kernel.io_uring_disabled");
	says(SYS_io_uring_setup, ENOSYS, "io_uring_setup: Function not implemented");
}

static void a_ring_without_commands_of_devices_is_called_that(void **state)
{
	char why[256] = "";

	(void)state;
	if (async_path_ring(why, sizeof(why)))
		skip();
	says(SYS_io_uring_register, EPERM, "no commands of devices");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_ring_is_named_with_the_answer),
		cmocka_unit_test(a_ring_without_commands_of_devices_is_called_that),
	};

	return cmocka_run_group_tests_name("async_ring", tests, NULL, NULL);
}
