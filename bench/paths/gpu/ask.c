// SPDX-License-Identifier: GPL-2.0-only
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"

#define MS 1000000ull

static void child(void (*find)(void *answer), void *answer, size_t size, int fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGPIPE, SIG_IGN);
	find(answer);
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, (const char *)answer + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		done += (size_t)n;
	}
	/* Not by exit: what this process has inherited is its parent's to end. */
	_exit(0);
}

/* All of it, or why not. */
static int receive(int fd, void *answer, size_t size, int seconds)
{
	uint64_t end = now_ns() + (uint64_t)seconds * 1000 * MS;
	size_t done = 0;

	while (done < size) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		uint64_t now = now_ns();
		ssize_t n;

		if (now >= end)
			return -ETIMEDOUT;
		if (poll(&p, 1, (int)((end - now) / MS) + 1) <= 0)
			continue;
		n = read(fd, (char *)answer + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EPIPE;
		done += (size_t)n;
	}
	return 0;
}

/* A process that waits in a driver may not go even when killed: it isn't waited for long. */
static int see_out(pid_t pid, bool killed)
{
	int status = 0;

	for (int i = 0; i < (killed ? 100 : 1000); i++) {
		pid_t gone = waitpid(pid, &status, WNOHANG);

		if (gone == pid || (gone < 0 && errno != EINTR))
			return status;
		sleep_ns(MS);
	}
	kill(pid, SIGKILL);
	return killed ? 0 : see_out(pid, true);
}

int ask(void (*find)(void *answer), void *answer, size_t size, int seconds, char *why, size_t len)
{
	pid_t parent = getpid(), pid;
	int fds[2], ret, status;

	if (pipe2(fds, O_CLOEXEC)) {
		snprintf(why, len, "pipe: %s", strerror(errno));
		return -errno;
	}
	pid = fork();
	if (pid == 0)
		child(find, answer, size, fds[1], parent);
	ret = pid < 0 ? -errno : 0;
	close(fds[1]);
	if (!ret)
		ret = receive(fds[0], answer, size, seconds);
	close(fds[0]);
	if (pid < 0) {
		snprintf(why, len, "fork: %s", strerror(-ret));
		return ret;
	}
	if (ret == -ETIMEDOUT)
		kill(pid, SIGKILL);
	status = see_out(pid, ret == -ETIMEDOUT);
	if (ret == -ETIMEDOUT)
		snprintf(why, len, "no answer for %d s", seconds);
	else if (ret && WIFSIGNALED(status))
		snprintf(why, len, "it died of signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (ret)
		snprintf(why, len, "it ended with status %d and no answer", WEXITSTATUS(status));
	return ret;
}
