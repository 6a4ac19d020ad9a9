// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress --seconds N [--seed S] [--no-unbind]
 *
 * Says TAP. The engine is the one that DMABENCH_TEST_ENGINE_DRIVER asks for.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

struct control *control;

static void (*const roles[])(uint64_t seed) = {
	copier, copier, signalled, churner, killer, disturber,
};

#define ROLES (sizeof(roles) / sizeof(roles[0]))

bool hurry(void)
{
	return __atomic_load_n(&control->stop, __ATOMIC_SEQ_CST) ||
	       __atomic_load_n(&control->pause, __ATOMIC_SEQ_CST);
}

bool go_on(void)
{
	if (__atomic_load_n(&control->pause, __ATOMIC_SEQ_CST)) {
		COUNT(parked, 1);
		while (__atomic_load_n(&control->pause, __ATOMIC_SEQ_CST))
			usleep(1000);
		COUNT(parked, -1);
	}
	return !__atomic_load_n(&control->stop, __ATOMIC_SEQ_CST);
}

void bad(const char *format, ...)
{
	char text[sizeof(control->error)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "# %s\n", text);
	if (!__atomic_exchange_n(&control->stop, true, __ATOMIC_SEQ_CST))
		memcpy(control->error, text, sizeof(text));
}

bool expected(const char *what, int err, int allowed)
{
	if (err == ENODEV && control->unbinding)
		COUNT(gone, 1);
	else if (err && err == allowed && err == EINTR)
		COUNT(interrupted, 1);
	else if (err && err == allowed)
		COUNT(faulted, 1);
	/* A process that was killed doesn't wait for a busy channel, but stops it: EIO for others. */
	else if (err && err != EIO)
		bad("%s: %s", what, strerror(err));
	return !err || err == allowed || err == ENODEV || err == EIO;
}

static unsigned long seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long)ts.tv_sec;
}

static void start(pid_t *pid, uint64_t *rng)
{
	unsigned int i;

	for (i = 0; i < ROLES; i++) {
		uint64_t seed = rng_next(rng);

		pid[i] = fork();
		if (pid[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		roles[i](seed);
		_exit(0);
	}
}

/* All end by themselves, and soon. */
static void finish(const pid_t *pid)
{
	unsigned long end = seconds() + 90;
	unsigned int i;
	int status;

	__atomic_store_n(&control->stop, true, __ATOMIC_SEQ_CST);
	for (i = 0; i < ROLES; i++) {
		pid_t got = 0;

		while (!got && seconds() < end) {
			got = waitpid(pid[i], &status, WNOHANG);
			usleep(10000);
		}
		if (got == pid[i] && !status)
			continue;
		if (!control->error[0])
			snprintf(control->error, sizeof(control->error),
				 "worker %u didn't end well (status %#x)", i, got ? status : -1);
		kill(pid[i], SIGKILL);
	}
}

static unsigned int tests;

static bool tell(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool tell(bool ok, const char *format, ...)
{
	va_list args;

	printf("%sok %u - ", ok ? "" : "not ", ++tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	return ok;
}

static bool report(const struct dmabench_engine_info *info, const struct levels *before,
		   unsigned long ran, bool unbind)
{
	const struct control *c = control;
	bool enough, ok;

	ok = tell(!c->error[0] && c->copies,
		  "%s, %lu s: %lu copies with %lu bytes verified in %lu sessions%s%s", info->driver,
		  ran, c->copies, c->bytes, c->sessions, c->error[0] ? "; but: " : "", c->error);
	enough = c->kills && c->disturbed && c->interrupted && c->reloads &&
		 (!unbind || (c->unbinds && c->gone));
	ok &= tell(enough,
		   "%lu kills, %lu disturbances with %lu EFAULT, %lu EINTR, %lu unbinds with %lu "
		   "ENODEV, %lu reloads, %lu tries while in use",
		   c->kills, c->disturbed, c->faulted, c->interrupted, c->unbinds, c->gone,
		   c->reloads, c->refusals);
	ok &= tell(levels_back(before), "no pin, charge or mapping is left");
	ok &= tell(!module_users("dmabench") && !module_users(info->driver) && reload(info),
		   "nobody uses the modules, and they can go and come back");
	printf("1..%u\n", tests);
	return ok;
}

static bool engine_there(struct dmabench_engine_info *info)
{
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	bool there = fd >= 0 && !find_engine(fd, info);

	if (fd >= 0)
		close(fd);
	return there;
}

int main(int argc, char **argv)
{
	static const struct option list[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "no-unbind", no_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long wanted = 10, begun = seconds();
	struct dmabench_engine_info info;
	struct levels before;
	bool unbind = true;
	pid_t pid[ROLES];
	uint64_t rng = 1;
	int got;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((got = getopt_long(argc, argv, "", list, NULL)) >= 0) {
		if (got == 's')
			wanted = strtoul(optarg, NULL, 10);
		else if (got == 'r')
			rng = strtoul(optarg, NULL, 10);
		else if (got == 'n')
			unbind = false;
		else
			return 2;
	}
	if (!engine_there(&info)) {
		printf("not ok 1 - there is an engine\n1..1\n");
		return 1;
	}
	control = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	control->unbinding = unbind;
	before = levels_now();
	start(pid, &rng);
	while (seconds() - begun < wanted && !control->stop)
		provider_step(&info, &rng, ROLES, unbind);
	finish(pid);
	set_speed(&info, 0, 0);
	return !report(&info, &before, seconds() - begun, unbind);
}
