// SPDX-License-Identifier: GPL-2.0-only
/* How a launch may end. This program is its own launch, which behaves as the path's name says. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "machine/clock.h"
#include "measure/launch.h"
#include "paths/path.h"

#define ANSWER_FD 3
#define SECOND 1000000000ull

static int answer(void)
{
	static const struct launch_result result = { .status = LAUNCH_OK };

	return write(ANSWER_FD, &result, sizeof(result)) == sizeof(result) ? 0 : 1;
}

/* The request begins with the name. */
static int behave(void)
{
	char name[32] = "";

	if (read(STDIN_FILENO, name, sizeof(name)) != sizeof(name))
		return 2;
	if (!strcmp(name, "hangs"))
		pause();
	if (!strcmp(name, "half") && write(ANSWER_FD, "x", 1) == 1)
		return 0;
	if (!strcmp(name, "status"))
		return 9;
	if (!strcmp(name, "crashes"))
		raise(SIGSEGV);
	if (answer())
		return 1;
	if (!strcmp(name, "stays"))
		pause();
	if (!strcmp(name, "leaves") && !fork())
		pause();
	return 0;
}

static struct launch_result launched(const char *name, uint64_t limit_ns, int *stop, int *ret)
{
	struct copy_path path = { .name = name };
	struct bench_case c = { .path = &path };
	struct measure_config config = { 0 };
	struct launch_result result;

	*ret = launch(&c, &config, limit_ns, stop, &result);
	return result;
}

/* With time enough for a machine that is busy. */
static void ends_as(const char *name, enum launch_status status, const char *reason)
{
	int stop = 0, ret;
	struct launch_result r = launched(name, 100 * SECOND, &stop, &ret);

	assert_int_equal(ret, 0);
	assert_int_equal(r.status, status);
	assert_string_equal(r.reason, reason);
	/* What it left behind is this process's to see out. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(errno, ECHILD);
}

/* Before it ends, whoever launched: not all first processes, as in containers, do it for others. */
static void nothing_is_left_to_others(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	/* QEMU's user mode knows of none. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		skip();
	fflush(NULL);
	pid = fork();
	if (!pid) {
		int stop = 0, ret;

		for (int i = 0; i < 5; i++)
			launched("leaves", 100 * SECOND, &stop, &ret);
		exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void an_answer_is_the_result(void **state)
{
	(void)state;
	ends_as("answers", LAUNCH_OK, "");
	ends_as("leaves", LAUNCH_OK, "");
}

static void without_a_whole_answer_it_failed(void **state)
{
	(void)state;
	ends_as("half", LAUNCH_FAILED, "launch ended with status 0 and no answer");
	ends_as("status", LAUNCH_FAILED, "launch ended with status 9 and no answer");
	ends_as("crashes", LAUNCH_FAILED, "launch ended by signal 11 (Segmentation fault)");
}

static void is_late(const char *name)
{
	int stop = 0, ret;
	struct launch_result r = launched(name, SECOND, &stop, &ret);

	assert_int_equal(ret, 0);
	assert_int_equal(r.status, LAUNCH_FAILED);
	assert_true(r.late);
	assert_string_equal(r.reason, "launch took longer than 1 s and was ended");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void one_that_hangs_is_ended(void **state)
{
	(void)state;
	is_late("hangs");
}

/* As one whose exit the kernel can't finish: the answer is there, the process, too. */
static void one_that_hangs_after_its_answer_is_ended(void **state)
{
	(void)state;
	is_late("stays");
}

static void who_stops_it_waits_for_nothing(void **state)
{
	int stop = 1, ret;

	(void)state;
	launched("hangs", 1000 * SECOND, &stop, &ret);
	assert_int_equal(ret, -EINTR);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_the_result),
		cmocka_unit_test(nothing_is_left_to_others),
		cmocka_unit_test(without_a_whole_answer_it_failed),
		cmocka_unit_test(one_that_hangs_is_ended),
		cmocka_unit_test(one_that_hangs_after_its_answer_is_ended),
		cmocka_unit_test(who_stops_it_waits_for_nothing),
	};

	if (argc == 2 && !strcmp(argv[1], LAUNCH_COMMAND))
		return behave();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
