// SPDX-License-Identifier: GPL-2.0-only
#include "counters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* Not among the first: those may be closed, and the program's own. */
#define LEAST_FD 10

static int make_fd(void)
{
	int fd = memfd_create("dmabench-profile", MFD_CLOEXEC), high;

	if (fd < 0)
		return -errno;
	high = fcntl(fd, F_DUPFD_CLOEXEC, LEAST_FD);
	if (high < 0)
		high = -errno;
	close(fd);
	return high;
}

int counters_open(struct counters *c)
{
	int ret = 0;

	*c = (struct counters){ .fd = make_fd() };
	if (c->fd < 0)
		return c->fd;
	snprintf(c->path, sizeof(c->path), "/proc/%ld/fd/%d", (long)getpid(), c->fd);
	if (ftruncate(c->fd, (off_t)REGION_SIZE))
		ret = -errno;
	if (!ret) {
		c->region = mmap(NULL, HEADER_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);
		if (c->region == MAP_FAILED)
			ret = -errno;
	}
	if (ret) {
		c->region = NULL;
		counters_close(c);
		return ret;
	}
	c->region->magic = REGION_MAGIC;
	c->region->version = REGION_VERSION;
	c->region->header_size = HEADER_SIZE;
	c->region->block_size = BLOCK_SIZE;
	c->region->modules = 1;
	return 0;
}

void counters_close(struct counters *c)
{
	if (c->region)
		munmap(c->region, HEADER_SIZE);
	if (c->fd >= 0)
		close(c->fd);
	c->region = NULL;
	c->fd = -1;
}

/* Each of them holds a lock; see the library's map_part(). */
bool counters_in_use(const struct counters *c)
{
	if (flock(c->fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK;
	flock(c->fd, LOCK_UN);
	return false;
}

const struct block *counters_map(const struct counters *c, size_t chunk)
{
	void *map = mmap(NULL, CHUNK_SIZE, PROT_READ, MAP_SHARED, c->fd,
			 (off_t)(HEADER_SIZE + chunk * CHUNK_SIZE));

	return map == MAP_FAILED ? NULL : map;
}

void counters_unmap(const struct block *first)
{
	munmap((void *)first, CHUNK_SIZE);
}

int counters_empty(const struct counters *c, size_t chunk)
{
	int ret = fallocate(c->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			    (off_t)(HEADER_SIZE + chunk * CHUNK_SIZE), (off_t)CHUNK_SIZE);

	return ret ? -errno : 0;
}
