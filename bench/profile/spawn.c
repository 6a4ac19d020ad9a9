// SPDX-License-Identifier: GPL-2.0-only
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/self.h"
#include "machine/ulimits.h"

#define LIBRARY "libdmabench-profile.so"

/* Beside this program where it was built, or where make install puts it. */
int library_find(char *path, size_t len)
{
	static const char *const places[] = { LIBRARY, "../lib/dmabench/" LIBRARY };
	int fd, ret = self_near(places, sizeof(places) / sizeof(places[0]), path, len);

	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* LD_PRELOAD can't name it: by a descriptor, which stays open. */
	if (strpbrk(path, " :"))
		snprintf(path, len, "/proc/%ld/fd/%d", (long)getpid(), fd);
	else
		close(fd);
	return 0;
}

static int set_environment(const struct counters *c, const char *library)
{
	const char *others = getenv("LD_PRELOAD");
	char *all;
	int ret;

	if (asprintf(&all, "%s%s%s", library, others && *others ? ":" : "", others ? others : "") <
	    0)
		return -ENOMEM;
	ret = setenv("LD_PRELOAD", all, 1) || setenv(REGION_VARIABLE, c->path, 1) ? -ENOMEM : 0;
	free(all);
	return ret;
}

/* In the child; says on fd why it couldn't. */
static void become(const struct program *p, char **argv, const struct counters *c,
		   const char *library, const sigset_t *mask, int fd)
{
	int ret = set_environment(c, library);

	if (!ret) {
		limits_restore();
		sigprocmask(SIG_SETMASK, mask, NULL);
		execv(p->path, argv);
		ret = -errno;
	}
	/* What has no first line to say so is a shell's, as execvp() has it. */
	if (ret == -ENOEXEC) {
		size_t n = 0;
		const char **args;

		while (argv[n])
			n++;
		args = calloc(n + 2, sizeof(*args));
		if (args) {
			args[0] = "sh";
			args[1] = p->path;
			memcpy(args + 2, argv + 1, n * sizeof(*args));
			execv("/bin/sh", (char **)args);
			ret = -errno;
		}
	}
	if (write(fd, &ret, sizeof(ret)) < 0)
		_exit(126);
	_exit(127);
}

static uint64_t ns_of(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000000ull + (uint64_t)t->tv_usec * 1000u;
}

/*
 * Wait for its end. What a terminal sends reaches it anyway; what is sent to this process alone is
 * meant for it.
 */
static int wait_for(pid_t child, const sigset_t *signals, const struct ticker *ticker,
		    struct spawned *s)
{
	static const struct timespec second = { .tv_sec = 1 };
	uint64_t start = now_ns();
	struct rusage usage;

	for (;;) {
		siginfo_t info;
		int sig = sigtimedwait(signals, &info, &second);

		if (sig > 0 && sig != SIGCHLD) {
			if (info.si_code <= 0)
				kill(child, sig);
			continue;
		}
		if (wait4(child, &s->status, WNOHANG, &usage) == child)
			break;
		if (sig < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (sig < 0)
			ticker->tick(ticker->arg);
	}
	s->wall_ns = now_ns() - start;
	s->user_ns = ns_of(&usage.ru_utime);
	s->system_ns = ns_of(&usage.ru_stime);
	return 0;
}

int spawn(const struct program *p, char **argv, const struct counters *c, const char *library,
	  const struct ticker *ticker, struct spawned *s)
{
	static const int passed[] = { SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };
	sigset_t signals, before;
	int fds[2], ret = 0;
	pid_t child;

	*s = (struct spawned){ 0 };
	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		sigaddset(&signals, passed[i]);
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	sigprocmask(SIG_BLOCK, &signals, &before);
	child = fork();
	if (!child)
		become(p, argv, c, library, &before, fds[1]);
	if (child < 0)
		ret = -errno;
	close(fds[1]);
	if (child > 0)
		ret = wait_for(child, &signals, ticker, s);
	if (child > 0 && !ret && read(fds[0], &ret, sizeof(ret)) < 0)
		ret = -errno;
	close(fds[0]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}
