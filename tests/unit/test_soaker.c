// SPDX-License-Identifier: GPL-2.0-only
/* The process that counts idle time: what it holds up, and what it doesn't. */
#include "unit.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure/soaker.h"

static pid_t spared;

/* In place of libc's: a process that was killed but has no turn, as on a machine that others fill. */
int kill(pid_t pid, int sig)
{
	if (sig == SIGKILL)
		spared = pid;
	return 0;
}

static struct soaker *started(void)
{
	static char why[160];
	struct soaker *s = soaker_start(why, sizeof(why));

	if (!s) {
		print_message("%s\n", why);
		skip();
	}
	return s;
}

static void end_spared(void)
{
	assert_true(spared > 0);
	assert_int_equal(syscall(SYS_kill, spared, SIGKILL), 0);
	assert_int_equal(waitpid(spared, NULL, 0), spared);
}

static void one_that_has_no_turn_to_end_is_left(void **state)
{
	(void)state;
	alarm(60);
	soaker_stop(started());
	alarm(0);
	end_spared();
}

/* Else the launch's parent would wait for it, too. */
static void what_the_launch_says_ends_without_it(void **state)
{
	struct soaker *s;
	int answer[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(answer), 0);
	s = started();
	close(answer[1]);
	alarm(60);
	assert_int_equal(read(answer[0], &byte, 1), 0);
	alarm(0);
	close(answer[0]);
	soaker_stop(s);
	end_spared();
}

static double used_meanwhile(struct soaker *s, double at_least, double *left)
{
	soaker_on(s);
	soaker_mark(s);
	usleep(2000);
	return soaker_off(s, at_least, left);
}

/* What a clock has seen was used, however little of it shows in the counts. */
static void what_is_known_is_in_what_was_used(void **state)
{
	struct soaker *s = started();
	double left, used, all;

	(void)state;
	soaker_calibrate(s, 1000000);
	used = used_meanwhile(s, 0, &left);
	assert_true(used >= 0 && left >= 0 && left <= 1);
	all = used_meanwhile(s, 1e18, &left);
	assert_true(all >= 2000000 && all < 1e18);
	assert_true(left == 0);
	used = used_meanwhile(s, 1000, &left);
	assert_true(used >= 1000 && left < 1);
	soaker_stop(s);
	end_spared();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_has_no_turn_to_end_is_left),
		cmocka_unit_test(what_the_launch_says_ends_without_it),
		cmocka_unit_test(what_is_known_is_in_what_was_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
