// SPDX-License-Identifier: GPL-2.0-only
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/cgroup.h"
#include "machine/clock.h"
#include "machine/ulimits.h"
#include "paths/calls/calls.h"
#include "paths/checks/checks.h"
#include "events.h"
#include "measure.h"
#include "reaper.h"

#define LAUNCH_FD 3
/* Status of one that never became a launch. */
#define NOT_STARTED 126
/* One that was killed is given this long to go: only a kernel that is stuck keeps it. */
#define KILLED_NS (30ull * 1000000000ull)

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

/* Should memory run out in spite of capacity_check: this process, not whoever waits for it. */
static void be_first_to_go(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	write_all(fd, "1000", 4);
	close(fd);
}

/* Nothing after it: not even what exit() would have libraries do. */
static void answer_and_end(const struct launch_result *result)
{
	_exit(write_all(LAUNCH_FD, result, sizeof(*result)) ? 1 : 0);
}

int launch_main(void)
{
	static struct launch_result result;
	struct request request;
	struct bench_case c;

	be_first_to_go();
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
	measure_ends_by(answer_and_end);
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
	if (getppid() != parent)
		_exit(NOT_STARTED);
	if (dup2(in, STDIN_FILENO) >= 0 && (out == LAUNCH_FD || dup2(out, LAUNCH_FD) >= 0)) {
		fcntl(LAUNCH_FD, F_SETFD, 0);
		execv("/proc/self/exe", argv);
	}
	/* In place of an answer: why there is none. */
	write_all(out, &errno, sizeof(errno));
	_exit(NOT_STARTED);
}

static void end(struct launch_result *r, enum launch_status status, const char *reason)
{
	memset(r, 0, sizeof(*r));
	r->status = status;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

/* What this machine doesn't allow is no fault of the case. */
static void not_started(struct launch_result *r, const char *call, int err)
{
	char reason[160];

	snprintf(reason, sizeof(reason), "launch could not be started: %s: %s%s%s", call,
		 strerror(err), limits_hint(-err),
		 err == ENOENT && access("/proc/self/exe", F_OK) ? " (there is no /proc)" : "");
	end(r, LAUNCH_SKIPPED, reason);
}

/* Read the answer until it is whole, the launch ends, time is up or *stop is set. */
static int receive(int fd, uint64_t deadline, volatile int *stop, struct launch_result *result,
		   size_t *got)
{
	*got = 0;
	while (*got < sizeof(*result)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (*stop)
			return -EINTR;
		if (now_ns() > deadline)
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

/* Has it used up what CPU time a process may have? */
static bool out_of_cpu_time(const struct rusage *used)
{
	struct rlimit limit;

	return !getrlimit(RLIMIT_CPU, &limit) && limit.rlim_cur != RLIM_INFINITY &&
	       (rlim_t)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) + 1 >= limit.rlim_cur;
}

static void killed(struct launch_result *result)
{
	char reason[160], group[96] = "";
	struct cgroup_memory m;

	if (!cgroup_memory_left(&m))
		snprintf(group, sizeof(group), ": its control group may have %llu bytes", m.limit);
	snprintf(reason, sizeof(reason),
		 "launch was killed, perhaps by the kernel for want of memory%s", group);
	end(result, LAUNCH_SKIPPED, reason);
}

/* A signal that a limit sends is the machine's answer; any other is a failure. */
static void judge_signal(int sig, const struct rusage *used, struct launch_result *result)
{
	char reason[192];

	if (sig == SIGXCPU || (sig == SIGKILL && out_of_cpu_time(used))) {
		end(result, LAUNCH_SKIPPED,
		    "launch was ended by the limit of CPU time (ulimit -t)");
	} else if (sig == SIGKILL) {
		killed(result);
	} else {
		snprintf(reason, sizeof(reason), "launch ended by signal %d (%s)", sig,
			 strsignal(sig));
		end(result, LAUNCH_FAILED, reason);
	}
}

/* How it ended: ret of receive() and see_out(), what came in and what the kernel says of it. */
struct ending {
	int ret, status;
	bool stays; /* though killed */
	size_t got;
	struct rusage used;
};

/* Wait until it has ended, time is up or *stop is set, which may be NULL. */
static int see_out(pid_t pid, uint64_t deadline, const volatile int *stop, struct ending *e)
{
	/* Where there is none, -1, which poll() takes for nothing to look at. */
	struct pollfd p = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int ret = 0;

	while (!ret) {
		pid_t gone = wait4(pid, &e->status, WNOHANG, &e->used);

		if (gone == pid || (gone < 0 && errno != EINTR))
			break;
		if (stop && *stop)
			ret = -EINTR;
		else if (now_ns() > deadline)
			ret = -ETIMEDOUT;
		else
			poll(&p, 1, p.fd < 0 ? 5 : 100);
	}
	if (p.fd >= 0)
		close(p.fd);
	return ret;
}

static void judge(const struct ending *e, uint64_t limit_ns, struct launch_result *result)
{
	char reason[128];
	int err;

	if (e->ret == -ETIMEDOUT) {
		snprintf(reason, sizeof(reason), "launch took longer than %.0f s and was ended%s",
			 (double)limit_ns / 1e9,
			 e->stays ? ", which the kernel hasn't done yet" : "");
		end(result, LAUNCH_FAILED, reason);
		result->late = true;
	} else if (WIFSIGNALED(e->status)) {
		judge_signal(WTERMSIG(e->status), &e->used, result);
	} else if (e->got == sizeof(err) && WEXITSTATUS(e->status) == NOT_STARTED) {
		memcpy(&err, result, sizeof(err));
		not_started(result, "exec", err);
	} else if (WEXITSTATUS(e->status) || e->got < sizeof(*result)) {
		snprintf(reason, sizeof(reason), "launch ended with status %d and no answer",
			 WEXITSTATUS(e->status));
		end(result, LAUNCH_FAILED, reason);
	}
}

/* In the parent: hand the request over, take the answer, and see it out. */
static int attend(pid_t pid, int in, int out, const struct request *request, uint64_t limit_ns,
		  volatile int *stop, struct launch_result *result)
{
	uint64_t deadline = now_ns() + limit_ns;
	struct ending e = { 0 };

	setpgid(pid, pid);
	write_all(in, request, sizeof(*request)); /* a dead launch shows below */
	close(in);
	e.ret = receive(out, deadline, stop, result, &e.got);
	close(out);
	/* Memory and buffers are given back after the answer. */
	if (!e.ret)
		e.ret = see_out(pid, deadline, stop, &e);
	kill(-pid, SIGKILL); /* it, or whatever it left behind */
	if (e.ret)
		e.stays = see_out(pid, now_ns() + KILLED_NS, NULL, &e) != 0;
	reaper_reap();
	judge(&e, limit_ns, result);
	return e.ret == -EINTR ? -EINTR : 0;
}

int launch(const struct bench_case *c, const struct measure_config *config, uint64_t limit_ns,
	   volatile int *stop, struct launch_result *result)
{
	struct request request = { .params = c->params, .config = *config };
	pid_t parent = getpid(), pid;
	int in[2], out[2];

	snprintf(request.path, sizeof(request.path), "%s", c->path->name);
	reaper_become();
	if (config->event_ns)
		events_hold();
	if (pipe2(in, O_CLOEXEC)) {
		not_started(result, "pipe", errno);
		return 0;
	}
	if (pipe2(out, O_CLOEXEC)) {
		not_started(result, "pipe", errno);
		close(in[0]);
		close(in[1]);
		return 0;
	}
	pid = fork();
	if (pid == 0)
		child_side(in[0], out[1], parent);
	if (pid < 0)
		not_started(result, "fork", errno);
	close(in[0]);
	close(out[1]);
	if (pid > 0)
		return attend(pid, in[1], out[0], &request, limit_ns, stop, result);
	close(in[1]);
	close(out[0]);
	return 0;
}
