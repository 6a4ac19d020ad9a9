/* SPDX-License-Identifier: GPL-2.0-only */
/* Run a command, wait for it within a limit, and keep what it said. */
#ifndef DMABENCH_PAIR_CHILD_H
#define DMABENCH_PAIR_CHILD_H

#include <stddef.h>
#include <stdint.h>

/* Where a command is to write what it answers, besides its standard output. */
#define CHILD_FD 3
#define CHILD_ANSWER "/dev/fd/3"

struct child {
	int fd;	      /* what to keep: 1 or CHILD_FD */
	char *answer; /* in the end: that, NUL-terminated, to be freed; never NULL on success */
	size_t len;
	char said[256]; /* its last line on standard error */
	int status;	/* as a shell says it: exit status, or 128 + signal */
};

/*
 * Run argv[] (looked up in PATH) in a process group of its own with standard input empty. Its
 * standard output is dropped unless fd is 1. 0, -EINTR when *stop was set meanwhile,
 * -ETIMEDOUT, or -errno; in all of these cases the group was told to end, and has.
 */
int child_run(struct child *c, char *const argv[], uint64_t limit_ns, volatile int *stop);

#endif
