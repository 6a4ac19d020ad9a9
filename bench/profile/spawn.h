/* SPDX-License-Identifier: GPL-2.0-only */
/* Run the program as its caller would have, but for the library in front of the C library. */
#ifndef DMABENCH_SPAWN_H
#define DMABENCH_SPAWN_H

#include <stddef.h>
#include <stdint.h>

#include "counters.h"
#include "program.h"

struct spawned {
	int status;			      /* as wait() has it */
	uint64_t wall_ns, user_ns, system_ns; /* of it and the children that it waited for */
};

/* The library's path, as LD_PRELOAD takes it: 0, or -ENOENT. */
int library_find(char *path, size_t len);

/* Called each second while it runs. */
struct ticker {
	void (*tick)(void *arg);
	void *arg;
};

/* 0, or -errno: it couldn't be run. */
int spawn(const struct program *p, char **argv, const struct counters *c, const char *library,
	  const struct ticker *ticker, struct spawned *s);

#endif
