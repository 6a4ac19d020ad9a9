// SPDX-License-Identifier: GPL-2.0-only
#include "ulimits.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Lists of CPUs and of nodes lie on the stack; a run has about 300 KiB there. */
#define LEAST_STACK (512u << 10)
#define LEAST_FILES 32

static const struct {
	int resource;
	rlim_t least;
	const char *what;
} needed[] = {
	{ RLIMIT_STACK, LEAST_STACK, "bytes of stack (ulimit -s)" },
	{ RLIMIT_NOFILE, LEAST_FILES, "open files (ulimit -n)" },
};

/* What was there before, for programs that are started. */
static struct {
	bool closed[STDERR_FILENO + 1];
	bool raised[sizeof(needed) / sizeof(needed[0])];
	struct rlimit limit[sizeof(needed) / sizeof(needed[0])];
	struct sigaction file_size, pipe;
} found;

/*
 * What is opened there can neither be read nor written: whoever tries gets the error that he
 * would get from a closed one.
 */
static int fill_descriptors(void)
{
	int fd;

	for (;;) {
		fd = open("/", O_PATH | O_DIRECTORY);
		if (fd < 0)
			return -errno;
		if (fd > STDERR_FILENO)
			break;
		found.closed[fd] = true;
	}
	close(fd);
	return 0;
}

static int raise_limits(char *why, size_t len)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)needed[i].resource, &limit) ||
		    limit.rlim_cur >= needed[i].least)
			continue;
		found.limit[i] = limit;
		found.raised[i] = true;
		limit.rlim_cur = needed[i].least;
		if (limit.rlim_max >= needed[i].least &&
		    !setrlimit((__rlimit_resource_t)needed[i].resource, &limit))
			continue;
		snprintf(why, len, "%llu %s are allowed, %llu are needed",
			 (unsigned long long)limit.rlim_max, needed[i].what,
			 (unsigned long long)needed[i].least);
		return -EPERM;
	}
	return 0;
}

/* The C library has made its mind up by the limit that was there before. */
static void give_threads_stack(void)
{
	pthread_attr_t attr;
	size_t size;

	if (pthread_getattr_default_np(&attr))
		return;
	if (!pthread_attr_getstacksize(&attr, &size) && size < LEAST_STACK &&
	    !pthread_attr_setstacksize(&attr, LEAST_STACK))
		pthread_setattr_default_np(&attr);
	pthread_attr_destroy(&attr);
}

int limits_prepare(char *why, size_t len)
{
	static const struct sigaction ignored = { .sa_handler = SIG_IGN };
	int ret = raise_limits(why, len);

	if (ret)
		return ret;
	give_threads_stack();
	sigaction(SIGXFSZ, &ignored, &found.file_size);
	sigaction(SIGPIPE, &ignored, &found.pipe);
	ret = fill_descriptors();
	if (ret)
		snprintf(why, len, "standing in for closed descriptors: %s", strerror(-ret));
	return ret;
}

void limits_restore(void)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (found.raised[i])
			setrlimit((__rlimit_resource_t)needed[i].resource, &found.limit[i]);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (found.closed[fd])
			close(fd);
	sigaction(SIGXFSZ, &found.file_size, NULL);
	sigaction(SIGPIPE, &found.pipe, NULL);
}

static const char *memory_hint(void)
{
	struct rlimit space, data;

	if (!getrlimit(RLIMIT_AS, &space) && space.rlim_cur != RLIM_INFINITY)
		return " (limit of address space, ulimit -v)";
	if (!getrlimit(RLIMIT_DATA, &data) && data.rlim_cur != RLIM_INFINITY)
		return " (limit of data, ulimit -d)";
	return "";
}

static bool can_map_stack(void)
{
	struct rlimit stack;
	size_t size = 8u << 20; /* glibc's own, where there is no limit */
	void *map;

	if (!getrlimit(RLIMIT_STACK, &stack) && stack.rlim_cur != RLIM_INFINITY)
		size = stack.rlim_cur;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1,
		   0);
	if (map == MAP_FAILED)
		return false;
	munmap(map, size);
	return true;
}

const char *limits_hint(int err)
{
	switch (-err) {
	case EMFILE:
		return " (limit of open files, ulimit -n)";
	case EAGAIN:
		/* So says pthread_create of a stack that it can't map, too. */
		if (!can_map_stack())
			return memory_hint();
		return " (limit of processes: ulimit -u, or pids of a control group)";
	case EFBIG:
		return " (limit of file size, ulimit -f)";
	case ENOMEM:
		return memory_hint();
	default:
		return "";
	}
}
