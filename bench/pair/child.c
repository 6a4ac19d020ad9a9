// SPDX-License-Identifier: GPL-2.0-only
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"

/* A result of one launch has some hundred KB at most. */
#define MOST_ANSWER (64u << 20)
/* To end in an orderly way what it has started. */
#define GRACE_NS 10000000000ull

static void child_side(const struct child *c, char *const argv[], int answer, int errors,
		       pid_t parent)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* Both pipes are close-on-exec; so is whichever of them already has its place. */
	if (getppid() != parent || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
		_exit(126);
	if (answer == c->fd)
		fcntl(answer, F_SETFD, 0);
	else if (dup2(answer, c->fd) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Keep the last line that isn't empty; text is what was read now. */
static void note_said(struct child *c, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t used = strlen(c->said);

		if (used && c->said[used - 1] == '\n') {
			if (text[i] == '\n' || text[i] == '\r')
				continue;
			c->said[0] = '\0';
			used = 0;
		}
		if (used < sizeof(c->said) - 2 && (used || text[i] != '\n')) {
			c->said[used] = text[i];
			c->said[used + 1] = '\0';
		} else if (text[i] == '\n' && used) {
			c->said[used - 1] = '\n';
		}
	}
}

/* False at its end. */
static bool read_some(struct child *c, int fd, bool answer, int *err)
{
	char buf[65536], *grown;
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (!n)
		return false;
	if (!answer) {
		note_said(c, buf, (size_t)n);
		return true;
	}
	grown = c->len + (size_t)n < MOST_ANSWER ? realloc(c->answer, c->len + (size_t)n + 1)
						 : NULL;
	if (!grown) {
		*err = -EFBIG;
		return false;
	}
	c->answer = grown;
	memcpy(c->answer + c->len, buf, (size_t)n);
	c->len += (size_t)n;
	c->answer[c->len] = '\0';
	return true;
}

/* Until both pipes end, or the child has: what it left behind may hold them open. */
static int listen_to(struct child *c, const int fd[2], pid_t pid, uint64_t limit_ns,
		     volatile int *stop)
{
	struct pollfd p[2] = { { .fd = fd[0], .events = POLLIN },
			       { .fd = fd[1], .events = POLLIN } };
	uint64_t start = now_ns();
	bool ended = false;
	int err = 0;

	while (!err && (p[0].fd >= 0 || p[1].fd >= 0)) {
		int ready = poll(p, 2, ended ? 0 : 100);

		if (*stop)
			return -EINTR;
		if (now_ns() - start > limit_ns)
			return -ETIMEDOUT;
		if (ready <= 0) {
			siginfo_t info = { 0 };

			if (ended)
				break;
			waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
			ended = info.si_pid == pid;
		}
		for (int i = 0; i < 2 && ready > 0; i++)
			if (p[i].fd >= 0 && p[i].revents && !read_some(c, fd[i], !i, &err))
				p[i].fd = -1;
	}
	return err;
}

/* Wait, at most for a grace time if it was told to end; the group is gone then. */
static void reap(struct child *c, pid_t pid, bool told)
{
	uint64_t start = now_ns();
	int status = 0;

	if (told)
		kill(-pid, SIGTERM);
	while (waitpid(pid, &status, told ? WNOHANG : 0) != pid) {
		if (told && now_ns() - start > GRACE_NS)
			kill(-pid, SIGKILL);
		if (told)
			usleep(10000);
	}
	if (told)
		kill(-pid, SIGKILL);
	c->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int child_run(struct child *c, char *const argv[], uint64_t limit_ns, volatile int *stop)
{
	int answer[2], errors[2], ret;
	pid_t parent = getpid(), pid;

	c->answer = calloc(1, 1);
	c->len = 0;
	c->said[0] = '\0';
	if (!c->answer)
		return -ENOMEM;
	ret = pipe2(answer, O_CLOEXEC) ? -errno : 0;
	if (ret)
		goto free;
	ret = pipe2(errors, O_CLOEXEC) ? -errno : 0;
	if (ret) {
		close(answer[0]);
		close(answer[1]);
		goto free;
	}
	pid = fork();
	if (pid == 0)
		child_side(c, argv, answer[1], errors[1], parent);
	ret = pid < 0 ? -errno : 0;
	close(answer[1]);
	close(errors[1]);
	if (!ret) {
		const int fd[2] = { answer[0], errors[0] };

		setpgid(pid, pid);
		ret = listen_to(c, fd, pid, limit_ns, stop);
		reap(c, pid, ret);
		c->said[strcspn(c->said, "\n")] = '\0';
	}
	close(answer[0]);
	close(errors[0]);
	if (!ret)
		return 0;
free:
	free(c->answer);
	c->answer = NULL;
	return ret;
}
