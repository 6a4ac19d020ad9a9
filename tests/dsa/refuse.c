// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel may answer about a work queue, to be preloaded: DSA_REFUSE is a list of CALL=ERRNO
 * or CALL=ERRNO*TIMES with CALL among open, mmap, write, and "short" for a write of which half a
 * descriptor is taken, "one" for writes of which one descriptor is. "dedicated" lets a queue be
 * open but once at a time, as one that isn't shared.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* Is a call among what is asked? 0, or the errno that it is to fail with. */
static int asked(const char *call)
{
	static int left = -1;
	const char *list = getenv("DSA_REFUSE");
	const char *at = list ? strstr(list, call) : NULL;
	char *end;
	int err;

	if (!at)
		return 0;
	at += strlen(call);
	if (*at != '=')
		return 1;
	err = (int)strtol(at + 1, &end, 10);
	if (*end == '*' && left < 0)
		left = atoi(end + 1);
	if (*end == '*' && left-- <= 0) {
		left = 0;
		return 0;
	}
	return err;
}

static bool is_queue(const char *path)
{
	const char *folder = getenv("DMABENCH_DSA_DEVICES");

	return folder && !strncmp(path, folder, strlen(folder));
}

static bool is_queue_fd(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return is_queue(path);
}

static int next_open(const char *path, int flags, mode_t mode)
{
	int (*open_)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");

	return open_(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list list;
	int fd;

	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	if (is_queue(path) && asked("open")) {
		errno = asked("open");
		return -1;
	}
	fd = next_open(path, flags, mode);
	if (fd >= 0 && is_queue(path) && asked("dedicated") && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		errno = EBUSY;
		return -1;
	}
	return fd;
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t from)
{
	void *(*mmap_)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");

	if (fd >= 0 && is_queue_fd(fd) && asked("mmap")) {
		errno = asked("mmap");
		return MAP_FAILED;
	}
	return mmap_(at, len, prot, flags, fd, from);
}

/* The same to programs whose offsets have 64 bits, as all of dmabench's. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
void *mmap64(void *at, size_t len, int prot, int flags, int fd, off64_t from)
	__attribute__((alias("mmap")));

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t (*write_)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
	int err;

	if (!getenv("DSA_REFUSE") || !is_queue_fd(fd))
		return write_(fd, bytes, len);
	if (len && asked("short"))
		return write_(fd, bytes, len) < 0 ? -1 : 32;
	if (len > 64 && asked("one"))
		len = 64;
	err = len || asked("empty") ? asked("write") : 0;
	if (err) {
		errno = err;
		return -1;
	}
	return write_(fd, bytes, len);
}
