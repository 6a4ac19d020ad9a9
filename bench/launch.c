// SPDX-License-Identifier: GPL-2.0-only
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls/calls.h"
#include "checks/checks.h"
#include "clock.h"
#include "events.h"

#define LAUNCH_FD 3

/*
 * Both sides are the same binary, so the request and the answer are plain
 * structures; the path goes by name, since addresses differ between processes.
 */
struct request {
	char path[32];
	struct case_params params;
	struct measure_config config;
};

static int read_all(int fd, void *buf, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, (char *)buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EIO;
		done += (size_t)n;
	}
	return 0;
}

static int write_all(int fd, const void *buf, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, (const char *)buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EIO;
		done += (size_t)n;
	}
	return 0;
}

int launch_main(void)
{
	static struct launch_result result;
	struct request request;
	struct bench_case c;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN); /* the parent decides what a Ctrl-C means */
	if (read_all(STDIN_FILENO, &request, sizeof(request)))
		return 2;
	c.path = path_find(request.path);
	if (!c.path)
		c.path = check_find(request.path);
	if (!c.path)
		c.path = call_find(request.path);
	c.params = request.params;
	if (!c.path)
		return 2;
	measure(&c, &request.config, &result);
	return write_all(LAUNCH_FD, &result, sizeof(result)) ? 1 : 0;
}

static void child_side(int in, int out, pid_t parent)
{
	char *const argv[] = { (char *)"dmabench", (char *)LAUNCH_COMMAND, NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A group of its own, so that its children (soaker, forks) go with it. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(in, STDIN_FILENO) < 0)
		_exit(126);
	if (out != LAUNCH_FD && dup2(out, LAUNCH_FD) < 0)
		_exit(126);
	if (out == LAUNCH_FD)
		fcntl(LAUNCH_FD, F_SETFD, 0);
	execv("/proc/self/exe", argv);
	_exit(126);
}

static void fail(struct launch_result *r, const char *reason)
{
	memset(r, 0, sizeof(*r));
	r->status = LAUNCH_FAILED;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

/* Read the answer until it is whole, the launch ends, time is up or *stop is set. */
static int receive(int fd, uint64_t limit_ns, volatile int *stop, struct launch_result *result,
		   size_t *got)
{
	uint64_t start = now_ns();

	*got = 0;
	while (*got < sizeof(*result)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (*stop)
			return -EINTR;
		if (now_ns() - start > limit_ns)
			return -ETIMEDOUT;
		if (poll(&p, 1, 100) <= 0)
			continue;
		n = read(fd, (char *)result + *got, sizeof(*result) - *got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		*got += (size_t)n;
	}
	return 0;
}

static void judge(int ret, size_t got, int status, uint64_t limit_ns, struct launch_result *result)
{
	char reason[128];

	if (ret == -ETIMEDOUT)
		snprintf(reason, sizeof(reason), "launch took longer than %.0f s and was ended",
			 (double)limit_ns / 1e9);
	else if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "launch ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) || got < sizeof(*result))
		snprintf(reason, sizeof(reason), "launch ended with status %d and no answer",
			 WEXITSTATUS(status));
	else
		return;
	fail(result, reason);
}

int launch(const struct bench_case *c, const struct measure_config *config, uint64_t limit_ns,
	   volatile int *stop, struct launch_result *result)
{
	struct request request = { .params = c->params, .config = *config };
	pid_t parent = getpid(), pid;
	int in[2], out[2], status = 0, ret;
	size_t got = 0;

	snprintf(request.path, sizeof(request.path), "%s", c->path->name);
	fail(result, "launch could not be started");
	if (config->event_ns)
		events_hold();
	if (pipe2(in, O_CLOEXEC))
		return 0;
	if (pipe2(out, O_CLOEXEC))
		goto close_in;
	pid = fork();
	if (pid == 0)
		child_side(in[0], out[1], parent);
	close(in[0]);
	close(out[1]);
	if (pid < 0) {
		close(in[1]);
		close(out[0]);
		return 0;
	}
	setpgid(pid, pid);
	write_all(in[1], &request, sizeof(request)); /* a dead launch shows below */
	close(in[1]);
	ret = receive(out[0], limit_ns, stop, result, &got);
	close(out[0]);
	if (ret)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	kill(-pid, SIGKILL); /* whatever it left behind */
	judge(ret, got, status, limit_ns, result);
	return ret == -EINTR ? -EINTR : 0;
close_in:
	close(in[0]);
	close(in[1]);
	return 0;
}
